//! The command palette: people, projects, pages and actions by the beginnings of their words, and cases by what they say.
//! Without scripts a page.

mod cases;
mod ways;

use app::{App, Failure};
use axum::{
    extract::{Query, State},
    response::Response,
};
use db::Conn;
use domain::{
    access::{May, Membership, People},
    words::Words,
};
use serde::Deserialize;
use store::{
    members::Listed,
    projects::{Project, any},
    search,
};

use super::shell::Visit;
use crate::{
    extract::Can,
    failed::Failed,
    views::{
        frame::Place,
        parts::{Face, ProjectLink},
        search::{Found, Search},
    },
};

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    /// `cases`: nothing else, page by page.
    only: Option<String>,
    /// Cases of this project alone, by id or key.
    project: Option<String>,
    cursor: Option<String>,
}

/// Lists are for choosing, not for reading: who does not find among so many types another letter.
const MOST: i64 = 8;

/// What was found.
pub async fn show(
    Can(may): Can<Membership>,
    visit: Visit,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    visit.shows(&app, move |app, db, visit, _| gathered(app, db, visit, &may, asked)).await
}

fn gathered(app: &App, db: &mut Conn, visit: &Visit, may: &May<Membership>, asked: Asked) -> Result<Search, Failure> {
    let frame = visit.frame(app, db, may, Place::Search)?;
    let cases = cases::found(db, may, &frame.slug, &asked)?;
    if cases.alone {
        let (ways, projects, people) = (Vec::new(), Vec::new(), Vec::new());
        return Ok(Search { frame, q: asked.q, ways, projects, people, cases });
    }
    let words = Words::read(&asked.q);
    let addresses = may.member().people() == People::WithAddresses;
    let people = search::people(db, may, &words, MOST)?.into_iter().map(|row| person(row, addresses)).collect();
    let projects = search::projects(db, &may.member().visible(), &words, MOST)?;
    Ok(Search {
        ways: ways::of(may.member().rights(), any(db, may.member())?, frame.operator, &words),
        projects: projects.into_iter().map(project).collect(),
        people,
        cases,
        frame,
        q: asked.q,
    })
}

fn project(row: Project) -> ProjectLink {
    ProjectLink { key: row.key, name: row.name, private: row.private }
}

fn person(row: Listed, addresses: bool) -> Found {
    Found {
        face: Face::of(&row.name, &row.person.to_string()),
        deactivated: !row.is_active(),
        role: row.role.name().to_owned(),
        address: row.address.filter(|_| addresses).unwrap_or_default(),
        id: row.id.to_string(),
        name: row.name,
    }
}

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
    projects::{self, Project, any, marks},
    search,
};

use super::shell::{Visit, favourites_first};
use crate::{
    extract::Can,
    failed::Failed,
    views::{
        frame::Place,
        parts::Face,
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
    let projects =
        if words.is_empty() { recent(db, may)? } else { search::projects(db, &may.member().visible(), &words, MOST)? };
    Ok(Search {
        ways: ways::of(may.member().rights(), any(db, may.member())?, frame.operator, &words),
        projects: favourites_first(db, may, projects)?,
        people,
        cases,
        frame,
        q: asked.q,
    })
}

/// Without words: favourites and the projects somebody was in last.
fn recent(db: &mut Conn, may: &May<Membership>) -> Result<Vec<Project>, Failure> {
    let mut rows = marks::recent(db, may, MOST)?;
    let favourites = marks::favourites(db, may)?;
    let all = projects::visible(db, &may.member().visible())?.into_iter();
    let missing = all.filter(|row| favourites.contains(&row.id) && rows.iter().all(|found| found.id != row.id));
    let missing: Vec<Project> = missing.collect();
    rows.splice(0..0, missing);
    Ok(rows)
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

//! The first page inside a workspace.

use app::{App, Failure};
use axum::{extract::State, response::IntoResponse};
use db::Conn;
use domain::{
    access::{May, Membership, People, Right},
    now::Now,
};
use store::{
    cases::{self, Waiting},
    invitations, members, projects,
};

use super::{
    moment::moment,
    shell::{Visit, favourites_first, who_can},
};
use crate::{
    extract::Can,
    failed::Failed,
    views::{
        dashboard::{Dashboard, ProjectForm, WaitingCase},
        frame::Place,
        invitation::Inviting,
    },
};

/// So many projects somebody was in last are shown.
const RECENT: i64 = 5;

/// The dashboard.
pub async fn show(
    Can(may): Can<Membership>,
    visit: Visit,
    State(app): State<App>,
) -> Result<impl IntoResponse, Failed> {
    visit.shows(&app, move |app, db, visit, now| gathered(app, db, visit, &may, ProjectForm::default(), now)).await
}

/// The dashboard with the first project's form as it was typed.
pub fn gathered(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<Membership>,
    first_project: ProjectForm,
    now: &Now,
) -> Result<Dashboard, Failure> {
    let open = match may.member().people() {
        People::WithAddresses => Some(invitations::count_open(db, may, now.at)?),
        _ => None,
    };
    let recent = projects::marks::recent(db, may, RECENT)?;
    let mut recent = favourites_first(db, may, recent)?;
    recent.retain(|project| !project.favourite);
    Ok(Dashboard {
        recent,
        frame: visit.frame(app, db, may, Place::Dashboard)?,
        inviting: inviting(db, may)?,
        members: u32::try_from(members::count(db, may)?).unwrap_or(u32::MAX),
        open_invitations: open.map(|n| u32::try_from(n).unwrap_or(u32::MAX)),
        who_creates_projects: who_can(db, may, Right::CreateProjects)?,
        waiting: waiting(db, may, now)?,
        first_project,
    })
}

/// So many of each kind.
const WAITING: i64 = 20;

/// Cases to review, and those sent back.
fn waiting(db: &mut Conn, may: &May<Membership>, now: &Now) -> Result<Vec<WaitingCase>, Failure> {
    let back = cases::sent_back(db, may.member(), WAITING)?.into_iter().map(|row| {
        let why = row.note.clone().unwrap_or_default();
        (row, Some(why))
    });
    let asked = cases::to_review(db, may.member(), WAITING)?.into_iter().map(|row| (row, None));
    let case = |(row, rework): (Waiting, Option<String>)| WaitingCase {
        key: row.key,
        number: row.number,
        title: row.title,
        by: row.by,
        at: moment(row.at, now.at),
        rework,
    };
    Ok(back.chain(asked).map(case).collect())
}

/// Whether Invite Users works here and now, or what is missing (P1).
pub fn inviting(db: &mut Conn, may: &May<Membership>) -> Result<Inviting, Failure> {
    let rights = may.member().rights();
    if !rights.contains(Right::InviteMembers) {
        return Ok(Inviting::NoRight { who: who_can(db, may, Right::InviteMembers)? });
    }
    let may_create = rights.contains(Right::CreateProjects);
    Ok(if projects::any(db, may.member())? { Inviting::Ready } else { Inviting::NoProject { may_create } })
}

//! The page of one member.

use app::{App, Failure};
use axum::{extract::State, response::Response};
use db::Conn;
use domain::{
    access::{May, Membership, People, ProjectFacts, Right, Role},
    id::MemberId,
    now::Now,
};
use store::{
    members::{self, Listed},
    projects::{self, Held},
};

use super::{
    super::{invitations::sentence, moment::moment, shell::Visit},
    list::{grantable, member_row},
};
use crate::{
    extract::{Can, Id},
    failed::Failed,
    views::{
        frame::Place,
        member::{Deeds, HeldRow, Member},
        parts::Choice,
    },
};

/// The page.
pub async fn show(
    Can(may): Can<Membership>,
    visit: Visit,
    State(app): State<App>,
    Id(id): Id<MemberId>,
) -> Result<Response, Failed> {
    visit.shows(&app, move |app, db, visit, now| gathered(app, db, visit, &may, id, now)).await
}

fn gathered(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<Membership>,
    id: MemberId,
    now: &Now,
) -> Result<Member, Failure> {
    let member = members::find(db, may, id)?.ok_or(Failure::Unknown)?;
    let held = projects::held(db, &may.member().visible(), &[id])?;
    let reaches = may.member().may_act_on(member.role);
    let manages = may.member().rights().contains(Right::ManageMembers);
    Ok(Member {
        frame: visit.frame(app, db, may, Place::Users)?,
        details: may.member().people() == People::WithAddresses,
        verified: member.verified,
        joined: moment(member.joined_at, now.at),
        role: member.role.name().to_owned(),
        can: sentence(member.role.words()),
        roles: if manages && reaches { grantable(may, member.role) } else { Vec::new() },
        locked: (manages && !reaches).then(|| "Only owners change owners.".to_owned()),
        deeds: deeds(may, &member, manages && reaches),
        more_projects: if reaches { more(db, may, &held)? } else { Vec::new() },
        on_projects: roles_on_projects(None),
        held: held.iter().map(|one| held_row(may, &member, one, reaches)).collect(),
        row: member_row(member, &held, may, now),
    })
}

fn deeds(may: &May<Membership>, member: &Listed, may_act: bool) -> Deeds {
    let (own, active) = (member.person == may.person(), member.is_active());
    Deeds {
        deactivate: may_act && active && !own,
        reactivate: may_act && !active,
        remove: may_act && !own,
        shut_out: may_act && active && !own,
    }
}

/// Whether the reader may change who holds what on a project.
fn grants_on(may: &May<Membership>, project: ProjectFacts) -> bool {
    let by = may.member();
    by.rights().contains(Right::ManageMembers) || by.rights_in(project).contains(Right::ManageProject)
}

fn held_row(may: &May<Membership>, member: &Listed, one: &Held, reaches: bool) -> HeldRow {
    let changeable = reaches && grants_on(may, ProjectFacts::active(one.project, one.private));
    let none = Choice::new(one.key.clone(), "No role", false);
    let role = |choice: Choice| Choice { value: format!("{} {}", one.key, choice.value), ..choice };
    let choices = std::iter::once(none).chain(roles_on_projects(Some(one.role)).into_iter().map(role));
    HeldRow {
        key: one.key.clone(),
        name: one.name.clone(),
        private: one.private,
        role: one.role.name().to_owned(),
        adds_nothing: !member.role.is_widened_by(one.role, one.private),
        choices: if changeable { choices.collect() } else { Vec::new() },
    }
}

/// Any role but Owner, which is the workspace's, and but Guest, which allows nothing.
pub fn roles_on_projects(held: Option<Role>) -> Vec<Choice> {
    let on_projects =
        Role::ALL.iter().filter(|role| !matches!(role, Role::Owner | Role::Guest) || held == Some(**role));
    let chosen = held.unwrap_or(Role::Tester);
    on_projects.map(|role| Choice::new(role.slug(), role.name(), *role == chosen)).collect()
}

fn more(db: &mut Conn, may: &May<Membership>, held: &[Held]) -> Result<Vec<Choice>, Failure> {
    let others = projects::visible(db, &may.member().visible())?.into_iter();
    let others = others.filter(|project| held.iter().all(|one| one.project != project.id));
    let others = others.filter(|project| grants_on(may, project.facts()));
    Ok(others.map(|one| Choice::new(one.key.clone(), format!("{} {}", one.key, one.name), false)).collect())
}

//! Roles of a member on projects: which change, and whether somebody may change them.

use db::Conn;
use domain::{
    access::{Member, ProjectFacts, ProjectRole, Right, Role},
    id::{MemberId, ProjectId},
};
use store::{projects, projects::Held};

use crate::{
    Failure,
    invitations::wanted::{WantedRole, find, resolve},
};

/// A role on one project that is to become another, to begin or to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regrant {
    /// Where.
    pub project: ProjectFacts,
    /// What is held now.
    pub from: Option<Role>,
    /// What is to be held.
    pub to: Option<Role>,
}

/// A role wanted on a project by id or key; `None` takes the role held there back.
pub type Wish = (String, Option<Role>);

/// What changes if these roles take the place of all that the actor sees. Others stay.
pub(super) fn replaced(
    db: &mut Conn,
    by: &Member,
    id: MemberId,
    wanted: &[WantedRole],
) -> Result<Vec<Regrant>, Failure> {
    let (wanted, held) = (resolve(db, by, wanted)?, projects::held(db, &by.visible(), &[id])?);
    let gone = held.iter().filter(|held| !wanted.iter().any(|grant| grant.project.id == held.project));
    let gone: Vec<Regrant> =
        gone.map(|held| Regrant { project: facts(held), from: Some(held.role), to: None }).collect();
    Ok(wanted
        .into_iter()
        .map(|grant| regrant(&held, grant.project, Some(grant.role)))
        .chain(gone)
        .filter(changes)
        .collect())
}

/// What changes if these wishes are carried out and all else stays.
pub(super) fn wished(db: &mut Conn, by: &Member, id: MemberId, wishes: &[Wish]) -> Result<Vec<Regrant>, Failure> {
    let held = projects::held(db, &by.visible(), &[id])?;
    let found = wishes.iter().map(|(project, role)| Ok(regrant(&held, find(db, by, project)?, *role)));
    Ok(found.collect::<Result<Vec<_>, Failure>>()?.into_iter().filter(changes).collect())
}

fn regrant(held: &[Held], project: ProjectFacts, to: Option<Role>) -> Regrant {
    let from = held.iter().find(|held| held.project == project.id).map(|held| held.role);
    Regrant { project, from, to }
}

fn changes(regrant: &Regrant) -> bool {
    regrant.from != regrant.to
}

fn facts(held: &Held) -> ProjectFacts {
    ProjectFacts::active(held.project, held.private)
}

/// Takes `manage_members`, or `manage_project` there; and neither the old nor the new role may exceed the ceiling.
pub(super) fn permitted(by: &Member, regrant: &Regrant) -> Result<(), Failure> {
    let rights = by.rights_in(regrant.project);
    if !by.rights().contains(Right::ManageMembers) && !rights.contains(Right::ManageProject) {
        return Err(Failure::Lacks { right: Right::ManageProject, project: Some(regrant.project.id) });
    }
    let roles = regrant.from.into_iter().chain(regrant.to);
    roles.map(|role| ProjectRole { project: regrant.project, role }).try_for_each(|grant| by.may_grant_on(grant))?;
    Ok(())
}

/// For the audit log, before and after: `prj_… tester, prj_… manager`.
pub(super) fn words(regrants: &[Regrant], role: impl Fn(&Regrant) -> Option<Role>) -> String {
    let word = |regrant: &Regrant| role(regrant).map(|role| format!("{} {role}", regrant.project.id));
    regrants.iter().filter_map(word).collect::<Vec<_>>().join(", ")
}

/// The roles on projects as they will be.
pub(super) fn after(held: &[domain::access::Grant], regrants: &[Regrant]) -> Vec<domain::access::Grant> {
    let touched = |project: ProjectId| regrants.iter().any(|regrant| regrant.project.id == project);
    let kept = held.iter().copied().filter(|grant| !touched(grant.project));
    let new = |regrant: &Regrant| regrant.to.map(|role| domain::access::Grant { project: regrant.project.id, role });
    kept.chain(regrants.iter().filter_map(new)).collect()
}

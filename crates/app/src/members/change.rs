//! Changing role and project roles.

use db::Tx;
use domain::{
    access::{ManageMembers, May, Membership, ProjectRole, Role, Still},
    event::{Attempt, Event, What},
    id::MemberId,
    now::Now,
};
use store::{members, members::Listed, projects, workspaces};

use super::{keep_an_owner, note, reach};
use crate::{
    Failure,
    invitations::{
        hold,
        wanted::{WantedRole, resolve, words},
    },
};

/// What is to change; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The role in the workspace.
    pub role: Option<Role>,
    /// All roles on projects, in place of those held now.
    pub projects: Option<Vec<WantedRole>>,
}

/// Changes role and project roles within the ceiling. Invitations the member sent are judged again (T12).
pub fn change(
    tx: &mut Tx,
    may: &May<ManageMembers>,
    id: MemberId,
    change: &Change,
    now: &Now,
) -> Result<Listed, Failure> {
    now.tries(Attempt::new(What::MemberRefused, "member", id, "change").by(may));
    workspaces::lock(tx, may.workspace())?;
    let (still, target) = reach(tx, may, id, now)?;
    let mut event = Event::new(What::MemberChanged, "member", id, &target.name);
    if let Some(role) = change.role.filter(|role| *role != target.role) {
        still.member().may_grant_role(role)?;
        keep_an_owner(tx, &still, &target)?;
        members::set_role(tx, &still, id, role)?;
        event = event.change("role", target.role.slug(), role.slug());
    }
    if let Some(wanted) = &change.projects {
        let grants = resolve(tx, still.member(), wanted)?;
        grants.iter().try_for_each(|grant| still.member().may_grant_on(*grant))?;
        let former = projects::of_member(tx, &still, id)?;
        regrant(tx, &still, id, &grants, now)?;
        event = event.change("projects", words(&former), words(&grants));
    }
    if !event.changes.is_empty() {
        note(tx, &still, &event, now)?;
        hold::reconsider(tx, &still, target.person, now)?;
    }
    let belongs: May<Membership> = still.member().may()?;
    members::find(tx, &belongs, id)?.ok_or(Failure::Unknown)
}

fn regrant(
    tx: &mut Tx,
    still: &Still<ManageMembers>,
    id: MemberId,
    grants: &[ProjectRole],
    now: &Now,
) -> Result<(), Failure> {
    projects::ungrant_all(tx, id)?;
    for grant in grants {
        projects::grant(tx, id, *grant, still.person(), now)?;
    }
    Ok(())
}

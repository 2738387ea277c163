//! Changing role and project roles.

use db::Tx;
use domain::{
    access::{ManageMembers, May, Membership, Right, Role, Still, Wanted},
    event::{Attempt, Event, What},
    id::MemberId,
    now::Now,
};
use store::{Again, members, members::Listed, projects, workspaces};

use super::{
    above, grants,
    grants::{Regrant, Wish, permitted},
    keep_an_owner, note,
};
use crate::{
    Failure,
    invitations::{hold, wanted::WantedRole},
    service_accounts::NEVER_OWNER,
};

/// What is to change; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The role in the workspace.
    pub role: Option<Role>,
    /// All roles on projects, in place of those held now as far as the actor sees them.
    pub projects: Option<Vec<WantedRole>>,
}

/// Changes role and project roles within the ceiling. The role takes `manage_members`, roles on a project that or
/// `manage_project` there. Invitations the member sent are judged again (T12).
pub fn change<R: Wanted>(
    tx: &mut Tx,
    may: &May<R>,
    id: MemberId,
    change: &Change,
    now: &Now,
) -> Result<Listed, Failure> {
    now.tries(Attempt::new(What::MemberRefused, "member", id, "change").by(may));
    let (still, target) = reach(tx, may, id, change.role.is_some(), now)?;
    let regrants = match &change.projects {
        Some(wanted) => grants::replaced(tx, still.member(), id, wanted)?,
        None => Vec::new(),
    };
    carry_out(tx, &still, &target, change.role, &regrants, now)
}

/// Changes roles on some projects and leaves the others.
pub fn regrant<R: Wanted>(
    tx: &mut Tx,
    may: &May<R>,
    id: MemberId,
    wishes: &[Wish],
    now: &Now,
) -> Result<Listed, Failure> {
    now.tries(Attempt::new(What::MemberRefused, "member", id, "change project roles").by(may));
    let (still, target) = reach(tx, may, id, false, now)?;
    let regrants = grants::wished(tx, still.member(), id, wishes)?;
    carry_out(tx, &still, &target, None, &regrants, now)
}

/// The proof again and the member acted on, whom the actor has to know. Who lacks `manage_members` where it is needed
/// learns that first.
fn reach<R: Wanted>(
    tx: &mut Tx,
    may: &May<R>,
    id: MemberId,
    manages: bool,
    now: &Now,
) -> Result<(Still<R>, Listed), Failure> {
    workspaces::lock(tx, may.workspace())?;
    let still = tx.still(may, now.at)?;
    if manages {
        still.also::<ManageMembers>()?;
    }
    let belongs: Still<Membership> = still.also()?;
    members::find(tx, &belongs, id)?.ok_or(Failure::Unknown)?;
    let target = members::lock(tx, &still, id)?.ok_or(Failure::Unknown)?;
    above(still.member(), &target)?;
    Ok((still, target))
}

fn carry_out<R: Wanted>(
    tx: &mut Tx,
    still: &Still<R>,
    target: &Listed,
    role: Option<Role>,
    regrants: &[Regrant],
    now: &Now,
) -> Result<Listed, Failure> {
    let mut event = Event::new(What::MemberChanged, "member", target.id, &target.name);
    if let Some(role) = role.filter(|role| *role != target.role) {
        give(tx, still, target, role)?;
        event = event.change("role", target.role.slug(), role.slug());
    }
    if !regrants.is_empty() {
        regrants.iter().try_for_each(|regrant| permitted(still.member(), regrant))?;
        write(tx, still, target.id, regrants, now)?;
        let (from, to) = (grants::words(regrants, |one| one.from), grants::words(regrants, |one| one.to));
        event = event.change("projects", from, to);
    } else if role.is_none() && !still.member().rights().contains(Right::ManageMembers) {
        return Err(Failure::Lacks { right: Right::ManageMembers, project: None });
    }
    if !event.changes.is_empty() {
        note(tx, still, &event, now)?;
        hold::reconsider(tx, still, target.person, now)?;
    }
    // Not read again: whoever takes back the last role that two people share does not see the other any more.
    Ok(Listed { role: role.unwrap_or(target.role), ..target.clone() })
}

/// Every role is for persons; a service account is never an owner.
pub(super) fn may_be(target: &Listed, role: Role) -> Result<(), Failure> {
    if target.service && role == Role::Owner {
        return Err(Failure::invalid("role", "never_owner", NEVER_OWNER));
    }
    Ok(())
}

fn give<R: Wanted>(tx: &mut Tx, still: &Still<R>, target: &Listed, role: Role) -> Result<(), Failure> {
    let manages = still.also::<ManageMembers>()?;
    may_be(target, role)?;
    manages.member().may_grant_role(role)?;
    keep_an_owner(tx, &manages, target)?;
    Ok(members::set_role(tx, &manages, target.id, role)?)
}

fn write<R>(tx: &mut Tx, still: &Still<R>, id: MemberId, regrants: &[Regrant], now: &Now) -> Result<(), Failure> {
    for Regrant { project, to, .. } in regrants {
        match to {
            Some(role) => {
                let grant = domain::access::ProjectRole { project: *project, role: *role };
                projects::grant(tx, id, grant, still.person(), now)?;
            }
            None => projects::ungrant(tx, id, project.id)?,
        }
    }
    Ok(())
}

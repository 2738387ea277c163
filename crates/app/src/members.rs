//! Changing what members may do, and whether they may come in.

use std::sync::Arc;

use db::Tx;
use domain::{
    access::{Grants, ManageMembers, May, Member, Membership, ProjectRole, Role, Still},
    event::{Attempt, Event, What},
    id::MemberId,
    now::Now,
};
use store::{Again, events, members, members::Listed, projects, workspaces};

use crate::{
    App, Failure,
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
        events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
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

/// Shuts a member out of this workspace, with his keys, from the next request on. Doing it twice changes nothing.
pub fn deactivate(tx: &mut Tx, may: &May<ManageMembers>, id: MemberId, now: &Now) -> Result<(), Failure> {
    now.tries(Attempt::new(What::MemberRefused, "member", id, "deactivate").by(may));
    workspaces::lock(tx, may.workspace())?;
    let (still, target) = reach(tx, may, id, now)?;
    keep_an_owner(tx, &still, &target)?;
    if members::set_active(tx, &still, id, false)? {
        tell(tx, &still, What::MemberDeactivated, &target, now)?;
        hold::reconsider(tx, &still, target.person, now)?;
    }
    Ok(())
}

/// Lets a member in again with what he held. The ceiling applies: it is granting.
pub fn reactivate(tx: &mut Tx, may: &May<ManageMembers>, id: MemberId, now: &Now) -> Result<(), Failure> {
    now.tries(Attempt::new(What::MemberRefused, "member", id, "reactivate").by(may));
    workspaces::lock(tx, may.workspace())?;
    let (still, target) = reach(tx, may, id, now)?;
    let grants = Grants { role: target.role, projects: projects::of_member(tx, &still, id)? };
    still.member().may_grant(&grants)?;
    if members::set_active(tx, &still, id, true)? {
        tell(tx, &still, What::MemberReactivated, &target, now)?;
        hold::reconsider(tx, &still, target.person, now)?;
    }
    Ok(())
}

/// The proof again and the member acted on, who must not stand above the actor.
fn reach(
    tx: &mut Tx,
    may: &May<ManageMembers>,
    id: MemberId,
    now: &Now,
) -> Result<(Still<ManageMembers>, Listed), Failure> {
    let still = tx.still(may, now.at)?;
    let target = members::lock(tx, &still, id)?.ok_or(Failure::Unknown)?;
    if !still.member().may_act_on(target.role) {
        return Err(Failure::forbidden("target_above_you", "Only owners change owners."));
    }
    Ok((still, target))
}

/// I4: the workspace's row is held, so two owners cannot remove each other at once.
fn keep_an_owner(tx: &mut Tx, still: &Still<ManageMembers>, target: &Listed) -> Result<(), Failure> {
    if target.role == Role::Owner && target.is_active() && members::owners(tx, still)? <= 1 {
        let detail = format!("{} is the last owner. Make somebody else an owner first.", target.name);
        return Err(Failure::conflict("last_owner", detail));
    }
    Ok(())
}

fn tell(tx: &mut Tx, still: &Still<ManageMembers>, what: What, target: &Listed, now: &Now) -> Result<(), Failure> {
    let event = Event::new(what, "member", target.id, &target.name);
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?)
}

/// Notes beside the request that a member was here, at most once a minute.
pub async fn note_seen(app: &App, member: &Arc<Member>) -> Result<(), Failure> {
    let (id, workspace, person) = (member.id(), member.workspace(), member.person());
    let (seen_at, now) = app.point(move |db, now| Ok((members::last_seen(db, id)?, now.at))).await?;
    if seen_at.is_none_or(|seen_at| now.since(seen_at) >= crate::sessions::STALE) {
        crate::sessions::note(app, move |tx, at| members::seen(tx, workspace, person, at));
    }
    Ok(())
}

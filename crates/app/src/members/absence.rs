//! Shutting members out for a while, and letting them in again.

use db::Tx;
use domain::{
    access::{Grants, ManageMembers, May},
    event::{Attempt, What},
    id::MemberId,
    now::Now,
};
use store::{members, projects, workspaces};

use super::{keep_an_owner, reach, tell};
use crate::{
    Failure,
    invitations::{hold, policy},
};

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

/// Lets a member in again with what he held. The ceiling applies: it is granting. Doing it twice changes nothing.
pub fn reactivate(tx: &mut Tx, may: &May<ManageMembers>, id: MemberId, now: &Now) -> Result<(), Failure> {
    now.tries(Attempt::new(What::MemberRefused, "member", id, "reactivate").by(may));
    workspaces::lock(tx, may.workspace())?;
    let (still, target) = reach(tx, may, id, now)?;
    if target.is_active() {
        return Ok(());
    }
    let grants = Grants { role: target.role, projects: projects::of_member(tx, &still, id)? };
    still.member().may_grant(&grants)?;
    policy::room(tx, still.workspace())?;
    if members::set_active(tx, &still, id, true)? {
        tell(tx, &still, What::MemberReactivated, &target, now)?;
        hold::reconsider(tx, &still, target.person, now)?;
    }
    Ok(())
}

/// Ends what a member's sessions reach here: the next request asks him to sign in anew. Sessions are the person's, for
/// all his workspaces, so they live on elsewhere. His keys do, too.
pub fn shut_out(tx: &mut Tx, may: &May<ManageMembers>, id: MemberId, now: &Now) -> Result<(), Failure> {
    now.tries(Attempt::new(What::MemberRefused, "member", id, "shut out").by(may));
    let (still, target) = reach(tx, may, id, now)?;
    members::shut_out(tx, &still, id, now.at)?;
    tell(tx, &still, What::MemberShutOut, &target, now)
}

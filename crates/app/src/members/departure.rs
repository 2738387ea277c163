//! The end of a membership: somebody removes a member, or he leaves. What he did stays, with his name.

use db::Tx;
use domain::{
    access::{ManageMembers, May, Membership, Still},
    event::{Attempt, Event, What},
    id::MemberId,
    now::Now,
};
use store::{Again, keys, members, members::Listed, projects, workspaces};

use super::{keep_an_owner, note, reach};
use crate::{
    Failure,
    invitations::{hold, wanted::words},
};

/// Ends somebody's membership. His sessions find the workspace closed and his keys dead at the next request, his open
/// invitations go on hold (T12), and a return is a new membership without anything of this one (T11).
pub fn remove(tx: &mut Tx, may: &May<ManageMembers>, id: MemberId, now: &Now) -> Result<(), Failure> {
    now.tries(Attempt::new(What::MemberRefused, "member", id, "remove").by(may));
    workspaces::lock(tx, may.workspace())?;
    let (still, target) = reach(tx, may, id, now)?;
    keep_an_owner(tx, &still, &target)?;
    members::remove(tx, &still, id, now.at)?;
    depart(tx, &still, What::MemberRemoved, &target, now)
}

/// Ends one's own membership. Nobody needs a right to go, but a key limited to some rights does not go for its holder.
pub fn leave(tx: &mut Tx, may: &May<Membership>, now: &Now) -> Result<(), Failure> {
    now.tries(Attempt::new(What::MemberRefused, "member", may.member_id(), "leave").by(may));
    workspaces::lock(tx, may.workspace())?;
    let still = tx.still(may, now.at)?;
    if still.member().limit().is_some() {
        return Err(Failure::forbidden(
            "above_your_rights",
            "A limited key does not leave the workspace for its holder.",
        ));
    }
    let leaver = members::lock(tx, &still, still.member_id())?.ok_or(Failure::Unknown)?;
    keep_an_owner(tx, &still, &leaver)?;
    members::leave(tx, &still, now.at)?;
    depart(tx, &still, What::MemberLeft, &leaver, now)
}

/// What goes with a membership. Keys are of person and workspace, so they would wake up with a return.
fn depart<R>(tx: &mut Tx, still: &Still<R>, what: What, gone: &Listed, now: &Now) -> Result<(), Failure> {
    let event = Event::new(what, "member", gone.id, &gone.name).change("role", gone.role.slug(), ());
    let event = match projects::of_member(tx, still, gone.id)?.as_slice() {
        [] => event,
        held => event.change("projects", words(held), ()),
    };
    projects::ungrant_all(tx, gone.id)?;
    let event = match keys::revoke_all(tx, still, gone.person, now.at)? {
        0 => event,
        keys => event.change("keys", keys, 0),
    };
    note(tx, still, &event, now)?;
    hold::reconsider(tx, still, gone.person, now)
}

//! Members: what they may do, whether they may come in, and how they go.

mod absence;
mod change;
mod deed;
mod departure;
mod effects;
mod grants;

use std::sync::Arc;

use db::{Conn, Tx};
use domain::{
    access::{ManageMembers, May, Member, Role, Still},
    event::{Event, What},
    id::MemberId,
    now::Now,
};
use store::{Again, events, members, members::Listed};

pub use absence::{deactivate, reactivate, shut_out};
pub use change::{Change, change, regrant};
pub use deed::{Deed, Seen, act, standing, unchanged};
pub use departure::{leave, remove};
pub use effects::{Effects, effects};
pub use grants::{Regrant, Wish};

use crate::{App, Failure};

/// The proof again and the member acted on, who must not stand above the actor.
fn reach(
    tx: &mut Tx,
    may: &May<ManageMembers>,
    id: MemberId,
    now: &Now,
) -> Result<(Still<ManageMembers>, Listed), Failure> {
    let still = tx.still(may, now.at)?;
    let target = members::lock(tx, &still, id)?.ok_or(Failure::Unknown)?;
    above(still.member(), &target)?;
    Ok((still, target))
}

/// Whether the member acted on stands above the actor.
fn above(by: &Member, target: &Listed) -> Result<(), Failure> {
    let refusal = || Failure::forbidden("target_above_you", "Only owners change owners.");
    by.may_act_on(target.role).then_some(()).ok_or_else(refusal)
}

/// I4: the workspace's row is held, so two owners cannot remove each other at once.
fn keep_an_owner<R>(db: &mut Conn, may: &May<R>, target: &Listed) -> Result<(), Failure> {
    if target.role == Role::Owner && target.is_active() && members::owners(db, may)? <= 1 {
        let detail = format!("{} is the last owner. Make somebody else an owner first.", target.name);
        return Err(Failure::conflict("last_owner", detail));
    }
    Ok(())
}

fn tell<R>(tx: &mut Tx, still: &Still<R>, what: What, target: &Listed, now: &Now) -> Result<(), Failure> {
    note(tx, still, &Event::new(what, "member", target.id, &target.name), now)
}

fn note<R>(tx: &mut Tx, still: &Still<R>, event: &Event, now: &Now) -> Result<(), Failure> {
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), event, now)?)
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

//! The clock ends invitations (T7). Reading needs no row to say so; a write that meets one past its end marks it first.

use std::collections::HashSet;

use db::Tx;
use domain::{
    event::{Event, What},
    id::InvitationId,
    invitation::State,
    now::Now,
};
use store::{events, invitations, invitations::Invitation, messages};

use super::moved;
use crate::Failure;

/// Marks an open invitation expired if its end has passed, and says so.
pub(crate) fn expire_if_past(tx: &mut Tx, invitation: &Invitation, now: &Now) -> Result<bool, Failure> {
    let past = invitation.state.is_open() && invitation.state_at(now.at) == State::Expired;
    if past {
        expire(tx, invitation, now)?;
    }
    Ok(past)
}

/// Marks an invitation whose end has passed. False if it ended otherwise before.
pub(crate) fn expire(tx: &mut Tx, invitation: &Invitation, now: &Now) -> Result<bool, Failure> {
    Ok(!expire_all(tx, std::slice::from_ref(invitation), now)?.is_empty())
}

/// The same for many of one workspace, in few statements. Gives those that were marked.
pub(crate) fn expire_all(tx: &mut Tx, past: &[Invitation], now: &Now) -> Result<HashSet<InvitationId>, Failure> {
    let ids: Vec<InvitationId> = past.iter().map(|invitation| invitation.id).collect();
    let marked = invitations::close_all(tx, &ids, State::Expired, now.at)?;
    messages::withdraw_all(tx, &marked, now.at)?;
    let marked: HashSet<InvitationId> = marked.into_iter().collect();
    let ended: Vec<&Invitation> = past.iter().filter(|invitation| marked.contains(&invitation.id)).collect();
    let told: Vec<Event> = ended.iter().map(|one| moved(What::InvitationExpired, one, State::Expired)).collect();
    if let Some(one) = ended.first() {
        events::add_all(tx, Some(one.workspace), None, &told, now)?;
    }
    Ok(marked)
}

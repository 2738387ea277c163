//! The clock ends invitations (T7). Reading needs no row to say so; a write that meets one past its end marks it first.

use db::Tx;
use domain::{event::What, invitation::State, now::Now};
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
    let marked = invitations::close(tx, invitation.id, State::Expired, now.at)?;
    if marked {
        messages::withdraw(tx, invitation.id, now.at)?;
        let event = moved(What::InvitationExpired, invitation, State::Expired);
        events::add(tx, Some(invitation.workspace), None, &event, now)?;
    }
    Ok(marked)
}

//! T10: an open invitation is pointless once its address became a member another way.

use db::Tx;
use domain::{event::What, id::PersonId, invitation::State, now::Now};
use store::{events, invitations, messages};

use super::{expire::expire_if_past, moved};
use crate::Failure;

/// Ends the open invitations to this person's addresses in the workspaces whose member the person is. To be called
/// wherever a membership begins or an address comes to an account.
pub fn supersede(tx: &mut Tx, person: PersonId, now: &Now) -> Result<(), Failure> {
    for open in invitations::open_to_member(tx, person)? {
        if expire_if_past(tx, &open, now)? {
            continue;
        }
        if invitations::close(tx, open.id, State::Superseded, now.at)? {
            messages::withdraw(tx, open.id, now.at)?;
            let event = moved(What::InvitationSuperseded, &open, State::Superseded);
            events::add(tx, Some(open.workspace), Some(person), &event, now)?;
        }
    }
    Ok(())
}

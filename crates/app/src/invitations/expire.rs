//! The clock ends an invitation (T7). Whoever reads it sees that by himself; whoever writes puts it down.

use db::Tx;
use domain::{
    event::{Event, What},
    id::{InvitationId, WorkspaceId},
    invitation::State,
    now::Now,
};
use store::{events, invitations, messages};

use crate::Failure;

/// Marks an open row past its end as expired and withdraws its mail, in the transaction that met it.
pub(crate) fn expire(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: InvitationId,
    address: &str,
    now: &Now,
) -> Result<(), Failure> {
    if invitations::close(tx, id, State::Expired, now.at)? {
        messages::withdraw(tx, id, now.at)?;
        let event = Event::new(What::InvitationExpired, "invitation", id, address);
        events::add(tx, Some(workspace), None, &event, now)?;
    }
    Ok(())
}

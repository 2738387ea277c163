//! On hold: an invitation waits while its inviter could not grant all of it (T12).

use db::{Conn, Tx};
use domain::{
    access::{InviteMembers, Member},
    event::{Event, What},
    id::{PersonId, WorkspaceId},
    invitation::State,
    now::Now,
};
use store::{access, events, invitations, invitations::Invitation, messages};

use super::expire::expire_if_past;
use crate::Failure;

/// Judges a person's open invitations again, in the transaction that changed what he may grant.
pub fn reconsider(tx: &mut Tx, workspace: WorkspaceId, inviter: PersonId, now: &Now) -> Result<(), Failure> {
    let member = access::active_member(tx, inviter, workspace)?;
    for invitation in invitations::open_by(tx, workspace, inviter)? {
        if expire_if_past(tx, &invitation, now)? {
            continue;
        }
        let backed = backs(tx, member.as_ref(), &invitation)?;
        if invitations::hold(tx, invitation.id, !backed)? {
            if backed {
                messages::release(tx, invitation.id, now.at)?;
            }
            let (what, old, new) = if backed {
                (What::InvitationReleased, State::OnHold, State::Pending)
            } else {
                (What::InvitationHeld, State::Pending, State::OnHold)
            };
            let event = Event::new(what, "invitation", invitation.id, &invitation.address);
            events::add(tx, Some(workspace), None, &event.change("state", old.slug(), new.slug()), now)?;
        }
    }
    Ok(())
}

/// Whether the inviter, as he is now, could grant all that the invitation promises (I3).
pub fn backs(db: &mut Conn, inviter: Option<&Member>, invitation: &Invitation) -> Result<bool, Failure> {
    let Some(member) = inviter else { return Ok(false) };
    let grants = invitations::grants(db, invitation)?;
    let member = std::sync::Arc::new(member.clone());
    Ok(member.may::<InviteMembers>().is_ok() && member.may_grant(&grants).is_ok())
}

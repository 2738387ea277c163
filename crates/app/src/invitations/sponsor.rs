//! Sponsoring (T12): somebody whose ceiling covers it takes an invitation on hold over, and it is pending again.

use db::Tx;
use domain::{
    access::{InviteMembers, May},
    event::{Attempt, What},
    id::InvitationId,
    invitation::State,
    now::Now,
};
use store::{Again, events, invitations, messages};

use super::{locked, moved, not_pending, within_reach};
use crate::Failure;

/// Makes the caller the inviter of an invitation on hold. Its links work on, its end runs on, and a mail that was held
/// back goes.
pub fn sponsor(tx: &mut Tx, may: &May<InviteMembers>, id: InvitationId, now: &Now) -> Result<(), Failure> {
    now.tries(Attempt::new(What::InvitationRefused, "invitation", id, "sponsor").by(may));
    let still = tx.still(may, now.at)?;
    let invitation = locked(tx, &still, id, now)?;
    match invitation.state {
        State::OnHold => {}
        State::Pending => return Err(needless()),
        ended => return Err(not_pending(ended)),
    }
    within_reach(tx, &still, &invitation, "Only owners sponsor an invitation to Owner.")?;
    if !invitations::sponsor(tx, &still, id)? {
        return Err(needless());
    }
    messages::release(tx, id, now.at)?;
    let event = moved(What::InvitationSponsored, &invitation, State::Pending);
    let event = event.change("inviter", invitation.invited_by.to_string(), still.person().to_string());
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?)
}

fn needless() -> Failure {
    Failure::conflict("invitation_not_pending", "This invitation is not on hold: it needs no sponsor.")
}

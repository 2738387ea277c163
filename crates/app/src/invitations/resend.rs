//! Resending (T4): a new mail with a new link and a new code. The old ones die, and the end counts anew.

use db::Tx;
use domain::{
    access::{InviteMembers, May, Still, TokenKind},
    event::{Attempt, Event, What},
    id::InvitationId,
    invitation::State,
    now::Now,
};
use store::{
    Again, events,
    invitations::{self, Invitation},
    messages, tokens,
};

use super::{
    enqueue::{enqueue, in_turn},
    invite::With,
    locked,
    lookup::address,
    not_pending, policy,
    quota::spend,
    successor::succeed,
    within_reach,
};
use crate::Failure;

/// Sends an invitation once more. An expired one gets a successor with the same grants (T13). Gives the invitation
/// whose link works now. Without a mail server only the end counts anew, and no mailed link is left.
pub fn resend(
    tx: &mut Tx,
    with: With,
    may: &May<InviteMembers>,
    id: InvitationId,
    now: &Now,
) -> Result<InvitationId, Failure> {
    now.tries(Attempt::new(What::InvitationRefused, "invitation", id, "resend").by(may));
    policy::queue(tx, may.workspace())?;
    let still = tx.still(may, now.at)?;
    let invitation = locked(tx, &still, id, now)?;
    match invitation.state {
        State::Pending | State::Expired => {}
        State::OnHold => return Err(on_hold(&invitation)),
        ended => return Err(not_pending(ended)),
    }
    within_reach(tx, &still, &invitation, "Only owners resend an invitation to Owner.")?;
    let email = address(&invitation)?;
    policy::takes(tx, still.workspace(), &email)?;
    if invitation.state == State::Expired {
        return succeed(tx, with, &still, &invitation, &email, true, now);
    }
    again(tx, with, &still, &invitation, now)?;
    Ok(id)
}

fn on_hold(invitation: &Invitation) -> Failure {
    let inviter = &invitation.inviter;
    let detail = format!("{inviter} may not invite to this any more, so it is on hold. Sponsor it first.");
    Failure::conflict("invitation_on_hold", detail)
}

fn again(
    tx: &mut Tx,
    with: With,
    still: &Still<InviteMembers>,
    invitation: &Invitation,
    now: &Now,
) -> Result<(), Failure> {
    let (id, valid) = (invitation.id, invitation.valid());
    messages::withdraw(tx, id, now.at)?;
    for kind in [TokenKind::Mailed, TokenKind::Code] {
        tokens::end(tx, still, id, kind, now.at)?;
    }
    invitations::renew(tx, still, id, valid, now.at)?;
    let send = messages::next_send(tx, still, id)?;
    if with.mail {
        enqueue(tx, with, still, id, &address(invitation)?, send, now)?;
    }
    let event = Event::new(What::InvitationResent, "invitation", id, &invitation.address);
    let event = event.change("ends", invitation.ends_at.to_string(), valid.end_unless_out(now.at).to_string());
    let event = event.change("mailed", (), with.mail);
    events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
    if let Some(per_day) = with.per_day {
        spend(tx, still, per_day, 1, now)?;
        in_turn(tx, still, &[(id, &address(invitation)?)], now)?;
    }
    Ok(())
}

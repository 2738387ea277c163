//! Taking an invitation back (T6).

use db::Tx;
use domain::{
    access::{May, Member, Membership, Right},
    event::{Attempt, What},
    id::{InvitationId, PersonId},
    invitation::State,
    now::Now,
};
use store::{
    Again, events,
    invitations::{self, Invitation},
    messages,
};

use super::{moved, not_pending};
use crate::Failure;

/// Ends an open invitation and withdraws its queued mail. The inviter may, or who manages members; an invitation to
/// Owner takes an owner. A second revocation is an error, not silence.
pub fn revoke(tx: &mut Tx, may: &May<Membership>, id: InvitationId, now: &Now) -> Result<(), Failure> {
    now.tries(Attempt::new(What::InvitationRefused, "invitation", id, "revoke").by(may));
    let still = tx.still(may, now.at)?;
    let invitation = invitations::find(tx, &still, id)?.ok_or(Failure::Unknown)?;
    may_revoke(still.member(), &invitation)?;
    let state = invitations::lock(tx, id, now.at)?;
    end(tx, still.person(), &invitation, state, now)
}

/// T6: the inviter or who manages members; owner invitations only owners.
pub(super) fn may_revoke(member: &Member, invitation: &Invitation) -> Result<(), Failure> {
    let rights = member.rights();
    // A key that is limited to other rights does not reach its holder's own invitations either.
    let own =
        invitation.invited_by == member.person() && (member.limit().is_none() || rights.contains(Right::InviteMembers));
    if !own && !rights.contains(Right::ManageMembers) {
        return Err(Failure::Lacks { right: Right::ManageMembers, project: None });
    }
    if !member.may_act_on(invitation.role) {
        return Err(Failure::forbidden("target_above_you", "Only owners revoke an invitation to Owner."));
    }
    Ok(())
}

/// Ends an invitation that stands in this state, with its mail.
pub(super) fn end(tx: &mut Tx, by: PersonId, invitation: &Invitation, state: State, now: &Now) -> Result<(), Failure> {
    if !state.is_open() || !invitations::close(tx, invitation.id, State::Revoked, now.at)? {
        return Err(not_pending(state));
    }
    messages::withdraw(tx, invitation.id, now.at)?;
    let event = moved(What::InvitationRevoked, invitation, State::Revoked);
    Ok(events::add(tx, Some(invitation.workspace), Some(by), &event, now)?)
}

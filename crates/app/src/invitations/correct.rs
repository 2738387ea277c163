//! Correcting the address of an open invitation (T13): it is revoked (T6), and a successor goes to the right address.

use db::Tx;
use domain::{
    access::{InviteMembers, May, Membership},
    email::Email,
    event::{Attempt, What},
    id::InvitationId,
    now::Now,
};
use store::{Again, invitations};

use super::{
    invite::With,
    locked, not_pending, policy,
    revoke::{end, may_revoke},
    successor::succeed,
    within_reach,
};
use crate::Failure;

/// Revokes an open invitation and invites `email` to the same. The caller is the successor's inviter. A mail goes if
/// the invitation had one.
pub fn correct(
    tx: &mut Tx,
    with: With,
    may: &May<Membership>,
    id: InvitationId,
    email: &Email,
    now: &Now,
) -> Result<InvitationId, Failure> {
    now.tries(Attempt::new(What::InvitationRefused, "invitation", id, "correct the address").by(may));
    invitations::find(tx, may, id)?.ok_or(Failure::Unknown)?;
    let invites: May<InviteMembers> = may.member().may()?;
    policy::queue(tx, may.workspace())?;
    let still = tx.still(&invites, now.at)?;
    let invitation = locked(tx, &still, id, now)?;
    if !invitation.state.is_open() {
        return Err(not_pending(invitation.state));
    }
    may_revoke(still.member(), &invitation)?;
    within_reach(tx, &still, &invitation, "Only owners correct an invitation to Owner.")?;
    if super::lookup::address(&invitation)?.normalised() == email.normalised() {
        return Err(Failure::invalid("address", "same_address", "It is invited at this very address."));
    }
    end(tx, still.person(), &invitation, invitation.state, now)?;
    succeed(tx, with, &still, &invitation, email, invitation.delivery.is_some(), now)
}

//! Copying a link by hand. It rotates the copied token only: the mailed link lives on (T4).

use db::Tx;
use domain::{
    access::{InviteMembers, May, TokenKind},
    event::{Attempt, Event, What},
    id::InvitationId,
    now::Now,
    secret::Token,
};
use store::{Again, events, invitations, invitations::Invitation, tokens};

use super::{locked, not_pending, within_reach};
use crate::Failure;

/// A fresh link to an open invitation, shown in this one answer (I5). Audited with the copier.
pub fn copy_link(
    tx: &mut Tx,
    may: &May<InviteMembers>,
    id: InvitationId,
    now: &Now,
) -> Result<(Invitation, Token), Failure> {
    now.tries(Attempt::new(What::InvitationRefused, "invitation", id, "copy the link").by(may));
    let still = tx.still(may, now.at)?;
    let invitation = locked(tx, &still, id, now)?;
    if !invitation.state.is_open() {
        return Err(not_pending(invitation.state));
    }
    within_reach(tx, &still, &invitation, "Only owners copy the link of an invitation to Owner.")?;
    let token = now.token();
    tokens::replace(tx, &still, id, TokenKind::Copied, &token.hash(), now.at)?;
    invitations::out(tx, id, invitation.valid(), now.at)?;
    let event = Event::new(What::InvitationLinkCopied, "invitation", id, &invitation.address);
    events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
    let refreshed = invitations::find(tx, &still.member().may()?, id)?.ok_or(Failure::Unknown)?;
    Ok((refreshed, token))
}

/// The same for many, as far as each is open still: one that has ended meanwhile is left out.
pub fn copy_links(
    tx: &mut Tx,
    may: &May<InviteMembers>,
    ids: &[InvitationId],
    now: &Now,
) -> Result<Vec<(Invitation, Token)>, Failure> {
    let copied = ids.iter().map(|id| copy_link(tx, may, *id, now));
    copied.filter(|copied| !matches!(copied, Err(Failure::Conflict { .. }))).collect()
}

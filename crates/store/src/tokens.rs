//! Tokens of invitations. Tables hold hashes only (I5).

use db::{Error, Tx};
use domain::{
    access::{InviteMembers, Still, TokenKind},
    id::InvitationId,
    secret::TokenHash,
    time::Time,
};

use crate::sql::inserts;

const fn word(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Mailed => "mailed",
        TokenKind::Copied => "copied",
        TokenKind::Code => "code",
    }
}

/// Makes this the live token of its kind: an older one of the same kind dies, others live on (T4).
pub fn replace(
    tx: &mut Tx,
    still: &Still<InviteMembers>,
    invitation: InvitationId,
    kind: TokenKind,
    hash: &TokenHash,
    now: Time,
) -> Result<(), Error> {
    end(tx, still, invitation, kind, now)?;
    add(tx, still, invitation, kind, hash, now)
}

/// Ends the live token of this kind, if there is one.
pub fn end(
    tx: &mut Tx,
    _: &Still<InviteMembers>,
    invitation: InvitationId,
    kind: TokenKind,
    now: Time,
) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE invitation_token SET ended_at = ? WHERE invitation = ? AND kind = ? AND ended_at IS NULL",
        now,
        invitation,
        word(kind)
    ))?;
    Ok(())
}

/// Gives an invitation its first token of a kind.
pub fn add(
    tx: &mut Tx,
    still: &Still<InviteMembers>,
    invitation: InvitationId,
    kind: TokenKind,
    hash: &TokenHash,
    now: Time,
) -> Result<(), Error> {
    add_all(tx, still, &[(invitation, kind, *hash)], now)
}

/// The same for many, in few statements.
pub fn add_all(
    tx: &mut Tx,
    _: &Still<InviteMembers>,
    tokens: &[(InvitationId, TokenKind, TokenHash)],
    now: Time,
) -> Result<(), Error> {
    let rows = tokens.iter().map(|(invitation, kind, hash)| values![hash, invitation, word(*kind), now]).collect();
    for statement in inserts("INSERT INTO invitation_token (hash, invitation, kind, created_at)", rows, "") {
        tx.run(statement)?;
    }
    Ok(())
}

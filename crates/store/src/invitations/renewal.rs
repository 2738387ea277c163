//! What keeps an invitation alive: a new end, a new inviter, a successor (T4, T12, T13).

use db::{Error, Tx};
use domain::{
    access::{InviteMembers, Still},
    id::InvitationId,
    invitation::ValidDays,
    time::Time,
};

/// Counts the end anew, as if the invitation were sent for the first time, and makes wrong codes forgotten. False if it
/// is not pending.
pub fn renew(
    tx: &mut Tx,
    _: &Still<InviteMembers>,
    id: InvitationId,
    valid: ValidDays,
    now: Time,
) -> Result<bool, Error> {
    let renewed = tx.run(sql!(
        "UPDATE invitation SET first_out_at = NULL, ends_at = ?, code_tries = 0 WHERE id = ? AND state = 'pending'",
        valid.end_unless_out(now),
        id
    ))?;
    Ok(renewed == 1)
}

/// Takes an invitation off hold with the proof's person as inviter. False if it is not on hold (T12).
pub fn sponsor(tx: &mut Tx, still: &Still<InviteMembers>, id: InvitationId) -> Result<bool, Error> {
    let sponsored = tx.run(sql!(
        "UPDATE invitation SET state = 'pending', invited_by = ? WHERE id = ? AND state = 'on_hold'",
        still.person(),
        id
    ))?;
    Ok(sponsored == 1)
}

/// Makes the two rows name each other (T13). False if the first has a successor already.
pub fn follow(
    tx: &mut Tx,
    _: &Still<InviteMembers>,
    predecessor: InvitationId,
    successor: InvitationId,
) -> Result<bool, Error> {
    let named =
        tx.run(sql!("UPDATE invitation SET successor = ? WHERE id = ? AND successor IS NULL", successor, predecessor))?;
    if named == 1 {
        tx.run(sql!("UPDATE invitation SET predecessor = ? WHERE id = ?", predecessor, successor))?;
    }
    Ok(named == 1)
}

/// Notes that whoever bears the expired link asks for a new one. False if that was asked since `since`: its inviter is
/// told once a day.
pub fn want(tx: &mut Tx, id: InvitationId, since: Time, now: Time) -> Result<bool, Error> {
    let noted = tx.run(sql!(
        "UPDATE invitation SET wanted_at = ? WHERE id = ? AND (wanted_at IS NULL OR wanted_at <= ?)",
        now,
        id,
        since
    ))?;
    Ok(noted == 1)
}

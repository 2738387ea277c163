//! Tries at typed codes. A code is short, so each try is counted before it is judged.

use db::{Error, Tx};
use domain::{access::System, email::Email, id::InvitationId, time::Time};

use crate::sql::within;

record! {
    struct Tried {
        id: InvitationId,
    }
}

/// Counts a try against every open invitation of the address that was tried less than `most` times, and gives them.
/// Their rows stay locked: however many try at once, each invitation is tried `most` times at most.
pub fn count_try(tx: &mut Tx, _: &System, email: &Email, most: i64, now: Time) -> Result<Vec<InvitationId>, Error> {
    let tried: Vec<Tried> = tx.all(sql!(
        "UPDATE invitation SET code_tries = code_tries + 1
         WHERE normalised = ? AND state IN ('pending', 'on_hold') AND ends_at > ? AND code_tries < ? RETURNING id",
        email.normalised(),
        now,
        most
    ))?;
    Ok(tried.into_iter().map(|row| row.id).collect())
}

/// Takes the try back: it was the right code.
pub fn forgive(tx: &mut Tx, _: &System, tried: &[InvitationId]) -> Result<(), Error> {
    if !tried.is_empty() {
        let text = "UPDATE invitation SET code_tries = code_tries - 1 WHERE id IN ({})";
        tx.run(within(text, Vec::new(), tried))?;
    }
    Ok(())
}

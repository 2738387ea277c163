//! The mail channel: one row for the server, because its trouble is everybody's.

use db::{Conn, Error, Tx};
use domain::{
    access::{Operator, System},
    change::Changed,
    time::Time,
};

use crate::changes;

record! {
    /// Whether mail flows.
    pub struct Channel {
        /// Since when it is paused, if it is.
        pub paused_at: Option<Time>,
        /// Why: the server's words.
        pub reason: Option<String>,
        /// When one message is tried to see whether it flows again.
        pub probe_at: Option<Time>,
        /// How many probes failed in a row.
        pub probes: i64,
        /// How many equal refusals after DATA came in a row.
        pub refusals: i64,
        /// Their words.
        pub refusal: Option<String>,
    }
}

/// How the channel is.
pub fn get(db: &mut Conn) -> Result<Channel, Error> {
    db.one(sql!("SELECT paused_at, reason, probe_at, probes, refusals, refusal FROM mail_channel WHERE id = 1"))
}

/// The same, and nobody changes it until the transaction ends.
pub fn lock(tx: &mut Tx) -> Result<Channel, Error> {
    tx.one(sql!(
        "SELECT paused_at, reason, probe_at, probes, refusals, refusal FROM mail_channel WHERE id = 1 /*pg: FOR UPDATE */"
    ))
}

/// Pauses it until a probe at `probe_at` succeeds. False, and nothing changes, if it is paused already: one alarm, not
/// a thousand.
pub fn pause(tx: &mut Tx, _: &System, reason: &str, probe_at: Time, now: Time) -> Result<bool, Error> {
    let paused = tx.run(sql!(
        "UPDATE mail_channel SET paused_at = ?, reason = ?, probe_at = ?, probes = 0 WHERE id = 1 AND paused_at IS NULL",
        now,
        reason,
        probe_at
    ))?;
    if paused == 1 {
        turned(tx);
    }
    Ok(paused == 1)
}

/// What is said of a channel that an operator paused.
pub const BY_HAND: &str = "paused by an operator";

/// Pauses it until somebody resumes it: no probe ends this. False if it was paused so already.
pub fn pause_by_hand(tx: &mut Tx, _: &Operator, now: Time) -> Result<bool, Error> {
    let paused = tx.run(sql!(
        "UPDATE mail_channel SET paused_at = ?, reason = ?, probe_at = NULL, probes = 0
         WHERE id = 1 AND (paused_at IS NULL OR probe_at IS NOT NULL)",
        now,
        BY_HAND
    ))?;
    turned(tx);
    Ok(paused == 1)
}

/// Makes the probe of a channel that paused itself due. False if it did not.
pub fn probe_now(tx: &mut Tx, _: &Operator, now: Time) -> Result<bool, Error> {
    let due = tx.run(sql!("UPDATE mail_channel SET probe_at = ? WHERE id = 1 AND probe_at IS NOT NULL", now))?;
    tx.notify(crate::messages::TOPIC, String::new());
    Ok(due == 1)
}

/// Takes the probe of a paused channel: true for one caller, who has until `next` before another may try. A pause
/// without a probe, made by hand, has none to take.
pub fn take_probe(tx: &mut Tx, _: &System, next: Time, now: Time) -> Result<bool, Error> {
    let taken = tx.run(sql!(
        "UPDATE mail_channel SET probe_at = ? WHERE id = 1 AND paused_at IS NOT NULL AND probe_at <= ?",
        next,
        now
    ))?;
    Ok(taken == 1)
}

/// Sets when the next probe is due: later because this one goes on, at once because it told nothing.
pub fn probe_at(tx: &mut Tx, _: &System, at: Time) -> Result<(), Error> {
    tx.run(sql!("UPDATE mail_channel SET probe_at = ? WHERE id = 1 AND probe_at IS NOT NULL", at))?;
    Ok(())
}

/// A probe met trouble again.
pub fn probe_failed(tx: &mut Tx, _: &System, reason: &str, next: Time) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE mail_channel SET reason = ?, probe_at = ?, probes = probes + 1 WHERE id = 1 AND probe_at IS NOT NULL",
        reason,
        next
    ))?;
    turned(tx);
    Ok(())
}

/// A probe went through: mail flows again. False if somebody ended the pause or made it one by hand.
pub fn probe_succeeded(tx: &mut Tx, system: &System) -> Result<bool, Error> {
    let by_itself = get(tx)?.probe_at.is_some();
    if by_itself {
        resume(tx, system)?;
    }
    Ok(by_itself)
}

/// Lets mail flow again.
pub fn resume(tx: &mut Tx, _: &System) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE mail_channel SET paused_at = NULL, reason = NULL, probe_at = NULL, probes = 0, refusals = 0, refusal = NULL
         WHERE id = 1"
    ))?;
    turned(tx);
    Ok(())
}

/// Wakes the worker, and tells open pages that mail flows or does not.
fn turned(tx: &mut Tx) {
    tx.notify(crate::messages::TOPIC, String::new());
    changes::tell_everywhere(tx, Changed::MailChannel);
}

/// Counts refusals after DATA that say the same; other words begin anew. Gives the count.
pub fn refused(tx: &mut Tx, _: &System, words: &str) -> Result<i64, Error> {
    tx.run(sql!(
        "UPDATE mail_channel SET refusals = CASE WHEN refusal = ? THEN refusals + 1 ELSE 1 END, refusal = ? WHERE id = 1",
        words,
        words
    ))?;
    Ok(get(tx)?.refusals)
}

/// A message went through: refusals begin anew.
pub fn accepted(tx: &mut Tx, _: &System) -> Result<(), Error> {
    tx.run(sql!("UPDATE mail_channel SET refusals = 0, refusal = NULL WHERE id = 1 AND refusals > 0"))?;
    Ok(())
}

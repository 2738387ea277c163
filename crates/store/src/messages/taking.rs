//! What a worker does with a message: takes it under a lease, keeps it, and says what became of it.

use std::time::Duration;

use db::{Conn, Engine, Error, Tx};
use domain::{
    access::System,
    id::{InvitationId, MessageId, WorkspaceId},
    invitation::Delivery,
    message::Kind,
    time::Time,
};

use super::{Count, ON_HOLD, tell};
use crate::{Param, sql::within};

record! {
    /// A message a worker has taken. It holds it as long as nobody took it after its lease was over.
    pub struct Taken {
        /// Which.
        pub id: MessageId,
        /// Which letter it becomes.
        pub kind: Kind,
        /// Whose workspace it tells of; `None` for a letter of the server to a person.
        pub workspace: Option<WorkspaceId>,
        /// Which invitation it carries, if any.
        pub invitation: Option<InvitationId>,
        /// The how-manieth mail of the invitation, from 1.
        pub send: i64,
        /// To whom.
        pub address: String,
        /// What the letter needs, sealed: a token, or the words of a notice.
        pub secret: Option<Vec<u8>>,
        /// What was said last about it.
        pub detail: Option<String>,
        /// How often it was taken, this time included; tells this taking from a later one.
        pub attempts: i64,
        /// When it was queued.
        pub created_at: Time,
        /// When what it says is over, where it does not speak of an invitation.
        pub ends_at: Option<Time>,
    }
}

/// Takes the next due message and holds it for `lease`; one whose holder died comes back when its lease is over.
/// Never one of those `held`, which this worker has in hand, whatever became of their leases. From a paused channel
/// only a probe takes one: the same statement looks, so that none put back by the pause slips through. What a paused
/// workspace sends is passed over.
pub fn take(
    tx: &mut Tx,
    _: &System,
    is_probe: bool,
    held: &[MessageId],
    lease: Duration,
    now: Time,
) -> Result<Option<Taken>, Error> {
    let common = common_time(tx, now)?;
    let text = "UPDATE message SET state = 'sending', lease_until = ?, attempts = attempts + 1
         WHERE id = (SELECT id FROM message
            WHERE (state IN ('queued', 'deferred') AND next_try_at <= ? OR state = 'sending' AND lease_until <= ?)
                AND (? OR EXISTS (SELECT 1 FROM mail_channel WHERE paused_at IS NULL)) AND id NOT IN ({})
                AND NOT EXISTS (SELECT 1 FROM mail_pause WHERE mail_pause.workspace = message.workspace)
            ORDER BY next_try_at, id LIMIT 1 /*pg: FOR UPDATE SKIP LOCKED */)
         RETURNING id, kind, workspace, invitation, send, address, secret, detail, attempts, created_at, ends_at";
    let first = vec![(common + lease).value(), now.value(), common.value(), is_probe.value()];
    tx.first(within(text, first, &or_none(held)))
}

/// Holds a taken message for longer: the mail server is slow, the worker lives.
pub fn renew(tx: &mut Tx, _: &System, message: &Taken, lease: Duration, now: Time) -> Result<(), Error> {
    let until = common_time(tx, now)? + lease;
    tx.run(sql!(
        "UPDATE message SET lease_until = ? WHERE id = ? AND state = 'sending' AND attempts = ?",
        until,
        message.id,
        message.attempts
    ))?;
    Ok(())
}

/// Whether a taken message is still to be sent: not withdrawn, and nobody else took it.
pub fn is_held(db: &mut Conn, _: &System, message: &Taken) -> Result<bool, Error> {
    let held: Count = db.one(sql!(
        "SELECT COUNT(*) AS n FROM message WHERE id = ? AND state = 'sending' AND attempts = ?",
        message.id,
        message.attempts
    ))?;
    Ok(held.n == 1)
}

/// The mail server took it: that is a fact, even if it was withdrawn or taken by another in the meantime.
/// What was sealed goes. False if it was known already.
pub fn hand_over(tx: &mut Tx, _: &System, message: &Taken, words: &str, now: Time) -> Result<bool, Error> {
    let changed = tx.run(sql!(
        "UPDATE message SET state = 'sent', detail = ?, lease_until = NULL, handed_over_at = ?, secret = NULL
         WHERE id = ? AND state IN ('queued', 'sending', 'deferred', 'withdrawn')",
        words,
        now,
        message.id
    ))?;
    tell(tx, changed, message, Delivery::Sent, Some(words), now)
}

/// To be tried again. False if it was withdrawn or taken by another meanwhile, and stays so.
pub fn defer(
    tx: &mut Tx,
    _: &System,
    message: &Taken,
    words: &str,
    next_try_at: Time,
    now: Time,
) -> Result<bool, Error> {
    let changed = tx.run(sql!(
        "UPDATE message SET state = 'deferred', detail = ?, next_try_at = ?, lease_until = NULL
         WHERE id = ? AND state = 'sending' AND attempts = ?",
        words,
        next_try_at,
        message.id,
        message.attempts
    ))?;
    tell(tx, changed, message, Delivery::Deferred, Some(words), now)
}

/// It never arrives. What was sealed goes. False as for [`defer`].
pub fn fail(tx: &mut Tx, _: &System, message: &Taken, words: &str, now: Time) -> Result<bool, Error> {
    let changed = tx.run(sql!(
        "UPDATE message SET state = 'failed', detail = ?, lease_until = NULL, secret = NULL
         WHERE id = ? AND state = 'sending' AND attempts = ?",
        words,
        message.id,
        message.attempts
    ))?;
    tell(tx, changed, message, Delivery::Failed, Some(words), now)
}

/// What it says is over: it is not sent late. What was sealed goes. False as for [`defer`].
pub fn lapse(tx: &mut Tx, _: &System, message: &Taken, now: Time) -> Result<bool, Error> {
    let changed = tx.run(sql!(
        "UPDATE message SET state = 'withdrawn', lease_until = NULL, secret = NULL
         WHERE id = ? AND state = 'sending' AND attempts = ?",
        message.id,
        message.attempts
    ))?;
    tell(tx, changed, message, Delivery::Withdrawn, None, now)
}

/// Puts a taken message back untried, behind what is due now: it is not to blame for the channel's trouble, but
/// another one shall find out whether it lasts.
pub fn put_back(tx: &mut Tx, _: &System, message: &Taken, now: Time) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE message SET state = CASE WHEN attempts > 1 THEN 'deferred' ELSE 'queued' END, next_try_at = ?,
            lease_until = NULL, attempts = attempts - 1
         WHERE id = ? AND state = 'sending' AND attempts = ?",
        now,
        message.id,
        message.attempts
    ))?;
    Ok(())
}

/// Lets a taken message wait while its invitation is on hold, until [`super::release`] or `look_again_at`. It was not tried.
pub fn hold_back(tx: &mut Tx, _: &System, message: &Taken, look_again_at: Time, now: Time) -> Result<(), Error> {
    let changed = tx.run(sql!(
        "UPDATE message SET state = 'deferred', detail = ?, next_try_at = ?, lease_until = NULL, attempts = attempts - 1
         WHERE id = ? AND state = 'sending' AND attempts = ?",
        ON_HOLD,
        look_again_at,
        message.id,
        message.attempts
    ))?;
    if message.detail.as_deref() != Some(ON_HOLD) {
        tell(tx, changed, message, Delivery::Deferred, Some(ON_HOLD), now)?;
    }
    Ok(())
}

record! {
    /// When the next message is due, and the next lease over.
    struct Due {
        try_at: Option<Time>,
        lease_until: Option<Time>,
    }
}

/// How long until the worker has something to do, if anything waits. Not counting those it has `held` in hand.
pub fn next_due(db: &mut Conn, _: &System, held: &[MessageId], now: Time) -> Result<Option<Duration>, Error> {
    let text = "SELECT MIN(CASE WHEN state <> 'sending' THEN next_try_at END) AS try_at,
            MIN(CASE WHEN state = 'sending' THEN lease_until END) AS lease_until
         FROM message WHERE state IN ('queued', 'deferred', 'sending') AND id NOT IN ({})
            AND NOT EXISTS (SELECT 1 FROM mail_pause WHERE mail_pause.workspace = message.workspace)";
    let due: Due = db.one(within(text, Vec::new(), &or_none(held)))?;
    let common = common_time(db, now)?;
    let waits = [due.try_at.map(|at| at.since(now)), due.lease_until.map(|at| at.since(common))];
    Ok(waits.into_iter().flatten().min())
}

/// `NOT IN ()` is no SQL on PostgreSQL.
fn or_none(held: &[MessageId]) -> Vec<MessageId> {
    if held.is_empty() { vec![uuid::Uuid::nil().into()] } else { held.to_vec() }
}

record! {
    struct Moment {
        at: Time,
    }
}

/// The time that all nodes share, for leases between them: the server's. `SQLite` has one node, and its clock will do.
fn common_time(db: &mut Conn, now: Time) -> Result<Time, Error> {
    if db.engine() == Engine::Sqlite {
        return Ok(now);
    }
    let text = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS bigint) AS at";
    Ok(db.one::<Moment>(sql!(text))?.at)
}

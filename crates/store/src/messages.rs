//! The outbox: one message per recipient, written in the transaction of what it tells (I6).

use std::time::Duration;

use db::{Conn, Error, Tx};
use domain::{
    access::{InviteMembers, Still, System},
    id::{InvitationId, MessageId, WorkspaceId},
    invitation::Delivery,
    now::Now,
    time::Time,
};

record! {
    /// A message a worker has taken.
    pub struct Taken {
        /// Which.
        pub id: MessageId,
        /// Whose workspace it tells of.
        pub workspace: WorkspaceId,
        /// Which invitation it carries.
        pub invitation: InvitationId,
        /// The how-manieth mail of the invitation, from 1.
        pub send: i64,
        /// To whom.
        pub address: String,
        /// The token, sealed.
        pub secret: Option<Vec<u8>>,
        /// How often it was tried before.
        pub attempts: i64,
        /// When it was queued.
        pub created_at: Time,
    }
}

record! {
    /// One step of a message's way.
    pub struct Step {
        /// When.
        pub at: Time,
        /// What.
        pub state: Delivery,
        /// The mail server's words, or ours.
        pub detail: Option<String>,
    }
}

record! {
    struct Count {
        n: i64,
    }
}

/// A message to be sent.
pub struct NewMessage<'a> {
    /// Which invitation it carries.
    pub invitation: InvitationId,
    /// The how-manieth mail of the invitation, from 1.
    pub send: i64,
    /// To whom.
    pub address: &'a str,
    /// To whom, as compared.
    pub normalised: &'a str,
    /// The token, sealed.
    pub secret: &'a [u8],
    /// Not before.
    pub not_before: Time,
}

/// Queues a message; the worker is woken after the commit. One that must wait longer than now is shown as deferred.
pub fn enqueue(tx: &mut Tx, still: &Still<InviteMembers>, new: &NewMessage, now: &Now) -> Result<MessageId, Error> {
    let id: MessageId = now.id();
    let waits = new.not_before > now.at;
    let state = if waits { Delivery::Deferred } else { Delivery::Queued };
    let detail = waits.then_some("this address has had its mails for today");
    tx.run(sql!(
        "INSERT INTO message
            (id, workspace, invitation, send, address, normalised, secret, state, detail, created_at, next_try_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        still.workspace(),
        new.invitation,
        new.send,
        new.address,
        new.normalised,
        new.secret,
        state,
        detail,
        now.at,
        new.not_before
    ))?;
    step(tx, id, state, detail, now.at)?;
    tx.notify(TOPIC, still.workspace().to_string());
    Ok(id)
}

/// What the worker and open pages listen to; the payload is the workspace.
pub const TOPIC: &str = "mail";

/// How many mails went to an address since `since`, whatever the workspace.
pub fn count_to(db: &mut Conn, normalised: &str, since: Time) -> Result<i64, Error> {
    let count: Count = db.one(sql!(
        "SELECT COUNT(*) AS n FROM message WHERE normalised = ? AND created_at >= ?",
        normalised,
        since
    ))?;
    Ok(count.n)
}

/// Takes the next due message and holds it for `lease`; one whose holder died comes back when its lease is over.
pub fn take(tx: &mut Tx, _: &System, now: Time, lease: Duration) -> Result<Option<Taken>, Error> {
    let taken: Option<Taken> = tx.first(sql!(
        "UPDATE message SET state = 'sending', lease_until = ?
         WHERE id = (SELECT id FROM message
            WHERE state IN ('queued', 'deferred') AND next_try_at <= ? OR state = 'sending' AND lease_until <= ?
            ORDER BY next_try_at, id LIMIT 1 /*pg: FOR UPDATE SKIP LOCKED */)
         RETURNING id, workspace, invitation, send, address, secret, attempts, created_at",
        now + lease,
        now,
        now
    ))?;
    Ok(taken)
}

/// Holds a taken message for longer: the mail server is slow, the worker lives.
pub fn renew(tx: &mut Tx, _: &System, id: MessageId, until: Time) -> Result<(), Error> {
    tx.run(sql!("UPDATE message SET lease_until = ? WHERE id = ? AND state = 'sending'", until, id))?;
    Ok(())
}

/// Notes what became of a taken message. A final state erases the sealed token with it.
/// False if it was withdrawn meanwhile and stays so.
pub fn settle(
    tx: &mut Tx,
    _: &System,
    message: &Taken,
    state: Delivery,
    detail: Option<&str>,
    next_try_at: Time,
    now: Time,
) -> Result<bool, Error> {
    let sent = (state == Delivery::Sent).then_some(now);
    let changed = tx.run(sql!(
        "UPDATE message SET state = ?, detail = ?, next_try_at = ?, lease_until = NULL, attempts = attempts + 1,
            handed_over_at = ?, secret = CASE WHEN ? THEN secret ELSE NULL END
         WHERE id = ? AND state = 'sending'",
        state,
        detail,
        next_try_at,
        sent,
        state.is_waiting(),
        message.id
    ))?;
    if changed == 1 {
        step(tx, message.id, state, detail, now)?;
        tx.notify(TOPIC, message.workspace.to_string());
    }
    Ok(changed == 1)
}

/// Puts a taken message back as it was: the channel was in trouble, the message is not to blame.
pub fn put_back(tx: &mut Tx, _: &System, message: &Taken, now: Time) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE message SET state = 'queued', next_try_at = ?, lease_until = NULL WHERE id = ? AND state = 'sending'",
        now,
        message.id
    ))?;
    Ok(())
}

/// Withdraws what of an invitation's mails has not been handed over. One in a worker's hands may still go out.
pub fn withdraw(tx: &mut Tx, invitation: InvitationId, now: Time) -> Result<(), Error> {
    let waiting: Vec<Waiting> = tx.all(sql!(
        "UPDATE message SET state = 'withdrawn', secret = NULL, lease_until = NULL
         WHERE invitation = ? AND state IN ('queued', 'deferred', 'sending') RETURNING id",
        invitation
    ))?;
    waiting.iter().try_for_each(|message| step(tx, message.id, Delivery::Withdrawn, None, now))
}

record! {
    struct Waiting {
        id: MessageId,
    }
}

/// The way of an invitation's mails, oldest first.
pub fn timeline(db: &mut Conn, invitation: InvitationId) -> Result<Vec<Step>, Error> {
    db.all(sql!(
        "SELECT s.at, s.state, s.detail FROM message_step s JOIN message m ON m.id = s.message
         WHERE m.invitation = ? ORDER BY m.send, s.n",
        invitation
    ))
}

record! {
    /// When the next message is due.
    struct Due {
        at: Option<Time>,
    }
}

/// When the worker has to look again, if anything waits.
pub fn next_due(db: &mut Conn, _: &System) -> Result<Option<Time>, Error> {
    let due: Due = db.one(sql!(
        "SELECT MIN(CASE WHEN state = 'sending' THEN lease_until ELSE next_try_at END) AS at FROM message
         WHERE state IN ('queued', 'deferred', 'sending')"
    ))?;
    Ok(due.at)
}

fn step(tx: &mut Tx, message: MessageId, state: Delivery, detail: Option<&str>, at: Time) -> Result<(), Error> {
    tx.run(sql!(
        "INSERT INTO message_step (message, n, at, state, detail)
         SELECT ?, COALESCE(MAX(n), 0) + 1, ?, ?, ? FROM message_step WHERE message = ?",
        message,
        at,
        state,
        detail,
        message
    ))?;
    Ok(())
}

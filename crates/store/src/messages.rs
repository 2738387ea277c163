//! The outbox: one message per recipient, written in the transaction of what it tells (I6).

mod letters;
mod queue;
mod taking;

use db::{Conn, Error, Tx, Value};
use domain::{
    access::{InviteMembers, May, Membership, Still},
    change::Changed,
    id::{InvitationId, MessageId, WorkspaceId},
    invitation::Delivery,
    message::Kind,
    now::Now,
    time::Time,
};

pub use letters::{NewLetter, post, withdraw_letters};
pub use queue::{
    Counts, Pause, Queued, Trouble, counts, pause, pause_of, queue, troubles, try_now, unpause, waiting_anywhere,
};
pub use taking::{Taken, defer, fail, hand_over, hold_back, is_held, lapse, next_due, put_back, renew, take};

use crate::{
    Param, changes,
    sql::{inserts, within},
};

record! {
    /// One step of a message's way.
    pub struct Step {
        /// Of which invitation's mail.
        pub invitation: InvitationId,
        /// The how-manieth mail of the invitation, from 1.
        pub send: i64,
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

/// A message that carries an invitation.
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
    let mut ids = enqueue_all(tx, still, std::slice::from_ref(new), now)?;
    Ok(ids.pop().expect("one message has one id"))
}

/// The same for many, in few statements. Answers in their order.
pub fn enqueue_all(
    tx: &mut Tx,
    still: &Still<InviteMembers>,
    new: &[NewMessage],
    now: &Now,
) -> Result<Vec<MessageId>, Error> {
    let ids: Vec<MessageId> = new.iter().map(|_| now.id()).collect();
    let head = "INSERT INTO message (id, kind, workspace, invitation, send, address, normalised, secret, state, detail,
        created_at, not_before, next_try_at)";
    let rows = ids.iter().zip(new).map(|(id, new)| row(*id, still, new, now)).collect();
    let step = |(id, new): (&MessageId, &NewMessage)| {
        let (state, detail) = new.begins(now);
        values![id, 1_i64, now.at, state, detail]
    };
    let steps = ids.iter().zip(new).map(step).collect();
    let first = "INSERT INTO message_step (message, n, at, state, detail)";
    for statement in inserts(head, rows, "").into_iter().chain(inserts(first, steps, "")) {
        tx.run(statement)?;
    }
    if !ids.is_empty() {
        ring(tx, Some(still.workspace()), None);
    }
    Ok(ids)
}

fn row(id: MessageId, still: &Still<InviteMembers>, new: &NewMessage, now: &Now) -> Vec<Value> {
    let (state, detail) = new.begins(now);
    values![
        id,
        Kind::Invitation,
        still.workspace(),
        new.invitation,
        new.send,
        new.address,
        new.normalised,
        new.secret,
        state,
        detail,
        now.at,
        new.not_before,
        new.not_before
    ]
}

impl NewMessage<'_> {
    fn begins(&self, now: &Now) -> (Delivery, Option<&'static str>) {
        let waits = self.not_before > now.at;
        if waits { (Delivery::Deferred, Some(TURN)) } else { (Delivery::Queued, None) }
    }
}

record! {
    struct Last {
        send: i64,
    }
}

/// The number of an invitation's next mail, from 1. Its Message-ID is made of it.
pub fn next_send(tx: &mut Tx, _: &Still<InviteMembers>, invitation: InvitationId) -> Result<i64, Error> {
    let text = "SELECT COALESCE(MAX(send), 0) AS send FROM message WHERE invitation = ?";
    Ok(tx.one::<Last>(sql!(text, invitation))?.send + 1)
}

/// What the worker listens to; the payload is the workspace, or nothing for a letter of the server.
pub const TOPIC: &str = "mail";

/// Wakes the worker, and tells open pages what became of an invitation's mail.
fn ring(tx: &mut Tx, workspace: Option<WorkspaceId>, invitation: Option<InvitationId>) {
    tx.notify(TOPIC, workspace.map(|workspace| workspace.to_string()).unwrap_or_default());
    if let (Some(workspace), Some(invitation)) = (workspace, invitation) {
        changes::tell(tx, workspace, Changed::Delivery(invitation));
    }
}

record! {
    /// A mail to an address.
    pub struct Planned {
        /// Which invitation it carries.
        pub invitation: InvitationId,
        /// The address's normalised form.
        pub normalised: String,
        /// When it was or is to go.
        pub not_before: Time,
    }
}

/// The invitations that went or are to go to these addresses, from `since` on, whatever the workspace. Those withdrawn
/// take no place: else inviting and revoking would keep others' mails waiting. Nor do letters to a person: a mail that
/// waits for them would tell that the address has an account.
pub fn planned_for(db: &mut Conn, addresses: &[&str], since: Time) -> Result<Vec<Planned>, Error> {
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let text = "SELECT invitation, normalised, not_before FROM message
         WHERE not_before >= ? AND invitation IS NOT NULL AND state <> 'withdrawn' AND normalised IN ({})";
    db.all(within(text, vec![since.value()], addresses))
}

/// What is said of a message whose invitation is on hold.
const ON_HOLD: &str = "on hold: the inviter may not grant this at the moment";

/// Lets a message that was held back go: its invitation is off hold.
pub fn release(tx: &mut Tx, invitation: InvitationId, now: Time) -> Result<(), Error> {
    let waiting: Vec<Waiting> = tx.all(sql!(
        "UPDATE message SET state = 'queued', detail = NULL, next_try_at = ?
         WHERE invitation = ? AND state = 'deferred' AND detail = ? RETURNING id, workspace, invitation",
        now,
        invitation,
        ON_HOLD
    ))?;
    tell_all(tx, &waiting, Delivery::Queued, None, now)
}

/// Withdraws what of an invitation's mails has not been handed over. One in a worker's hands may still go out.
pub fn withdraw(tx: &mut Tx, invitation: InvitationId, now: Time) -> Result<(), Error> {
    withdraw_all(tx, &[invitation], now)
}

/// The same for many invitations, in few statements.
pub fn withdraw_all(tx: &mut Tx, invitations: &[InvitationId], now: Time) -> Result<(), Error> {
    if invitations.is_empty() {
        return Ok(());
    }
    let text = "UPDATE message SET state = 'withdrawn', secret = NULL, lease_until = NULL
         WHERE state IN ('queued', 'deferred', 'sending') AND invitation IN ({}) RETURNING id, workspace, invitation";
    let waiting: Vec<Waiting> = tx.all(within(text, Vec::new(), invitations))?;
    tell_all(tx, &waiting, Delivery::Withdrawn, None, now)
}

/// Makes an invitation's mail that waits for now wait until then: so many go to its address already.
pub fn postpone(
    tx: &mut Tx,
    _: &Still<InviteMembers>,
    invitation: InvitationId,
    not_before: Time,
    now: Time,
) -> Result<(), Error> {
    let postponed: Vec<Waiting> = tx.all(sql!(
        "UPDATE message SET state = 'deferred', detail = ?, not_before = ?, next_try_at = ?
         WHERE invitation = ? AND state IN ('queued', 'deferred') RETURNING id, workspace, invitation",
        TURN,
        not_before,
        not_before,
        invitation
    ))?;
    tell_all(tx, &postponed, Delivery::Deferred, Some(TURN), now)
}

/// What is said of a mail that waits because others go to its address today.
const TURN: &str = "waits its turn";

fn tell(
    tx: &mut Tx,
    changed: u64,
    message: &Taken,
    state: Delivery,
    words: Option<&str>,
    now: Time,
) -> Result<bool, Error> {
    if changed == 1 {
        step(tx, message.id, state, words, now)?;
        ring(tx, message.workspace, message.invitation);
    }
    Ok(changed == 1)
}

fn tell_all(tx: &mut Tx, changed: &[Waiting], state: Delivery, words: Option<&str>, now: Time) -> Result<(), Error> {
    if changed.is_empty() {
        return Ok(());
    }
    let text = "INSERT INTO message_step (message, n, at, state, detail)
         SELECT m.id, COALESCE((SELECT MAX(s.n) FROM message_step s WHERE s.message = m.id), 0) + 1, ?, ?, ?
         FROM message m WHERE m.id IN ({})";
    let ids: Vec<MessageId> = changed.iter().map(|message| message.id).collect();
    tx.run(within(text, vec![now.value(), state.value(), words.value()], &ids))?;
    for message in changed {
        ring(tx, message.workspace, message.invitation);
    }
    Ok(())
}

record! {
    struct Waiting {
        id: MessageId,
        workspace: Option<WorkspaceId>,
        invitation: Option<InvitationId>,
    }
}

/// The way of an invitation's mails, oldest first.
pub fn timeline(db: &mut Conn, invitation: InvitationId) -> Result<Vec<Step>, Error> {
    timelines(db, &[invitation])
}

/// The ways of the mails of several invitations, each oldest first.
pub fn timelines(db: &mut Conn, invitations: &[InvitationId]) -> Result<Vec<Step>, Error> {
    if invitations.is_empty() {
        return Ok(Vec::new());
    }
    let text =
        "SELECT m.invitation, m.send, s.at, s.state, s.detail FROM message_step s JOIN message m ON m.id = s.message
         WHERE m.invitation IN ({}) ORDER BY m.invitation, m.send, s.n";
    db.all(within(text, Vec::new(), invitations))
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

/// How many of a workspace's messages wait.
pub fn waiting(db: &mut Conn, may: &May<Membership>) -> Result<i64, Error> {
    let count: Count = db.one(sql!(
        "SELECT COUNT(*) AS n FROM message WHERE workspace = ? AND state IN ('queued', 'deferred', 'sending')",
        may.workspace()
    ))?;
    Ok(count.n)
}

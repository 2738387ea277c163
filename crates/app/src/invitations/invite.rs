//! Sending a batch: rows, tokens, audit events and outbox rows, all in one transaction.

use std::time::Duration;

use db::{Conn, Tx};
use domain::{
    access::{InviteMembers, May, Still, TokenKind},
    email::Email,
    event::{Attempt, Event, What},
    id::InvitationId,
    invitation::Outcome,
    now::Now,
    time::{Time, days},
};
use store::{
    Again, events,
    invitations::{self, NewInvitation},
    messages, quotas, tokens,
};

use super::{
    MAILED_TOKEN,
    batch::{Batch, Verdict},
    code::token_of,
    expire::expire,
    judge::{Judged, judge, overtaken},
    wanted,
};
use crate::{Failure, post::Post, settings::PerDay, vault::Vault};

/// What became of every row, in the order they came.
#[derive(Clone, Debug)]
pub struct Sent {
    /// One for each row.
    pub results: Vec<Verdict>,
}

impl Sent {
    /// How many were invited.
    pub fn invited(&self) -> usize {
        self.results.iter().filter(|verdict| verdict.outcome == Outcome::Invited).count()
    }
}

/// What would become of every row. Writes nothing.
pub fn preview(db: &mut Conn, may: &May<InviteMembers>, batch: &Batch, now: &Now) -> Result<Sent, Failure> {
    Ok(Sent { results: judge(db, may, batch, now)?.into_iter().map(|judged| judged.verdict).collect() })
}

/// What sending needs beside the transaction.
#[derive(Clone, Copy)]
pub struct With<'a> {
    /// Seals the tokens in the outbox.
    pub vault: &'a Vault,
    /// The day's limits; `None` lifts them.
    pub per_day: Option<&'a PerDay>,
    /// Whether there is a mail server to send by.
    pub mail: bool,
}

impl<'a> With<'a> {
    /// Where letters to a person are posted.
    pub const fn post(self) -> Post<'a> {
        Post { vault: self.vault, mail: self.mail }
    }
}

/// Invites the good rows and reports the others. Over a limit, nothing is written.
pub fn invite(tx: &mut Tx, with: With, may: &May<InviteMembers>, batch: &Batch, now: &Now) -> Result<Sent, Failure> {
    now.tries(Attempt::new(What::InvitationRefused, "workspace", may.workspace(), "invite").by(may));
    let still = tx.still(may, now.at)?;
    let judged = judge(tx, &still, batch, now)?;
    let results = judged.into_iter().map(|judged| write(tx, with, &still, batch, judged, now));
    let sent = Sent { results: results.collect::<Result<_, Failure>>()? };
    if let Some(per_day) = with.per_day {
        spend(tx, &still, per_day, sent.invited(), now)?;
    }
    Ok(sent)
}

/// Counts what was really written. Last of all, and the server's row last: it is everybody's, and held until the
/// commit. From the narrowest scope to the widest, so that two batches queue instead of blocking each other.
pub(super) fn spend(
    tx: &mut Tx,
    still: &Still<InviteMembers>,
    per_day: &PerDay,
    n: usize,
    now: &Now,
) -> Result<(), Failure> {
    if n == 0 {
        return Ok(());
    }
    let workspace = still.workspace().to_string();
    let inviter = format!("{workspace} {}", still.person());
    let scopes = [
        ("inviter", inviter.as_str(), per_day.inviter),
        ("workspace", workspace.as_str(), per_day.workspace),
        ("server", "", per_day.server),
    ];
    for (scope, subject, limit) in scopes {
        if let Err(left) = quotas::spend(tx, now.at.day(), scope, subject, count(n), limit)? {
            return Err(Failure::OverQuota { scope, limit, left, resets_at: now.at.next_day() });
        }
    }
    Ok(())
}

fn count(rows: usize) -> i64 {
    i64::try_from(rows).expect("a batch has at most a thousand rows")
}

fn write(
    tx: &mut Tx,
    with: With,
    still: &Still<InviteMembers>,
    batch: &Batch,
    judged: Judged,
    now: &Now,
) -> Result<Verdict, Failure> {
    let (Some(grants), Ok(email)) = (&judged.grants, &judged.row.email) else { return Ok(judged.verdict) };
    if let Some(stale) = judged.stale {
        let stale = invitations::of_token(tx, stale)?;
        if !expire(tx, &stale, now)? {
            return overtaken(tx, still, judged.row, email);
        }
    }
    let valid = judged.row.valid.unwrap_or(batch.valid);
    let new = NewInvitation { email, name: judged.row.name.as_ref(), grants, message: batch.message.as_deref(), valid };
    let Some(id) = invitations::insert(tx, still, &new, now)? else {
        return overtaken(tx, still, judged.row, email);
    };
    let mailed = batch.send_email && with.mail;
    if mailed {
        enqueue(tx, with, still, id, email, 1, now)?;
    }
    events::add(tx, Some(still.workspace()), Some(still.person()), &created(id, &new, mailed), now)?;
    Ok(Verdict { invitation: Some(id), ..judged.verdict })
}

/// Queues a mail with a token and a code of its own; `send` counts the invitation's mails from 1.
pub(super) fn enqueue(
    tx: &mut Tx,
    with: With,
    still: &Still<InviteMembers>,
    id: InvitationId,
    email: &Email,
    send: i64,
    now: &Now,
) -> Result<(), Failure> {
    let (token, code) = (now.token(), now.code());
    tokens::add(tx, still, id, TokenKind::Mailed, &token.hash(), now.at)?;
    tokens::add(tx, still, id, TokenKind::Code, &token_of(with.vault, id, &code).hash(), now.at)?;
    let secrets = format!("{} {}", token.reveal(), code.letters());
    let message = messages::NewMessage {
        invitation: id,
        send,
        address: email.as_str(),
        normalised: email.normalised(),
        secret: &with.vault.seal(MAILED_TOKEN, secrets.as_bytes(), now),
        not_before: if with.per_day.is_some() { turn(tx, email, now)? } else { now.at },
    };
    messages::enqueue(tx, still, &message, now)?;
    Ok(())
}

/// At most so many mails a day to one address, over all workspaces. The next one waits: refusing would tell of others.
const MAILS_A_DAY: usize = 5;

/// When a mail to this address may go: now, or at some moment of the first day that has room for it. Any moment, so
/// that neither the hour nor a burst at midnight tells how many wait.
fn turn(tx: &mut Tx, email: &Email, now: &Now) -> Result<Time, Failure> {
    let planned = messages::planned(tx, email.normalised(), now.at.day())?;
    let mut day = now.at.day();
    while planned.iter().filter(|at| at.day() == day).count() >= MAILS_A_DAY {
        day = day.next_day();
    }
    if day == now.at.day() {
        return Ok(now.at);
    }
    let whole = u64::try_from(DAY.as_micros()).expect("a day is few microseconds");
    Ok(day + Duration::from_micros(u64::from_be_bytes(now.bytes()) % whole))
}

const DAY: Duration = days(1);

/// What the audit log says of a new invitation.
pub(super) fn created(id: InvitationId, new: &NewInvitation, mailed: bool) -> Event {
    let event = Event::new(What::InvitationCreated, "invitation", id, new.email.as_str());
    let event = event.change("role", (), new.grants.role.slug());
    let event = event.change("days", (), new.valid.get()).change("mailed", (), mailed);
    match new.grants.projects.as_slice() {
        [] => event,
        projects => event.change("projects", (), wanted::words(projects)),
    }
}

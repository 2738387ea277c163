//! Sending a batch: rows, tokens, audit events and outbox rows, all in one transaction.

use db::{Conn, Tx};
use domain::{
    access::{Grants, InviteMembers, May, Still, TokenKind},
    email::Email,
    event::{Event, What},
    id::InvitationId,
    invitation::Outcome,
    now::Now,
};
use store::{Again, events, invitations, messages, quotas, tokens};

use super::{
    MAILED_TOKEN,
    batch::{Batch, Verdict},
    expire::expire,
    judge::{Judged, judge, overtaken},
    wanted,
};
use crate::{Failure, settings::PerDay, vault::Vault};

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

/// Invites the good rows and reports the others. Over a limit, nothing is written.
pub fn invite(tx: &mut Tx, with: With, may: &May<InviteMembers>, batch: &Batch, now: &Now) -> Result<Sent, Failure> {
    let still = tx.still(may)?;
    let judged = judge(tx, &still, batch, now)?;
    let good = judged.iter().filter(|judged| judged.grants.is_some()).count();
    if let Some(per_day) = with.per_day {
        spend(tx, &still, per_day, good, now)?;
    }
    let results = judged.into_iter().map(|judged| write(tx, with, &still, batch, judged, now));
    let sent = Sent { results: results.collect::<Result<_, Failure>>()? };
    if with.per_day.is_some() {
        give_back(tx, &still, good - sent.invited(), now)?;
    }
    Ok(sent)
}

/// Whose limits count, from the widest to the narrowest, so that two batches queue instead of blocking each other.
fn scopes(still: &Still<InviteMembers>) -> [(&'static str, String); 3] {
    let workspace = still.workspace().to_string();
    let inviter = format!("{workspace} {}", still.person());
    [("server", String::new()), ("workspace", workspace), ("inviter", inviter)]
}

fn spend(tx: &mut Tx, still: &Still<InviteMembers>, per_day: &PerDay, n: usize, now: &Now) -> Result<(), Failure> {
    if n == 0 {
        return Ok(());
    }
    let limits = [per_day.server, per_day.workspace, per_day.inviter];
    for ((scope, subject), limit) in scopes(still).into_iter().zip(limits) {
        if let Err(left) = quotas::spend(tx, now.at.day(), scope, &subject, count(n), limit)? {
            return Err(Failure::OverQuota { scope, limit, left, resets_at: now.at.next_day() });
        }
    }
    Ok(())
}

/// Rows that somebody else was faster with consume nothing.
fn give_back(tx: &mut Tx, still: &Still<InviteMembers>, n: usize, now: &Now) -> Result<(), Failure> {
    if n == 0 {
        return Ok(());
    }
    for (scope, subject) in scopes(still) {
        quotas::give_back(tx, now.at.day(), scope, &subject, count(n))?;
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
    if let Some(stale) = judged.stale
        && !expire(tx, still.workspace(), stale, email.as_str(), now)?
    {
        return overtaken(tx, still, judged.row, email);
    }
    let valid = judged.row.valid.unwrap_or(batch.valid);
    let new = invitations::NewInvitation {
        email,
        name: judged.row.name.as_ref(),
        grants,
        message: batch.message.as_deref(),
        valid,
    };
    let Some(id) = invitations::insert(tx, still, &new, now)? else {
        return overtaken(tx, still, judged.row, email);
    };
    if batch.send_email && with.mail {
        enqueue(tx, with, still, id, email, now)?;
    }
    tell(tx, still, id, email, grants, now)?;
    Ok(Verdict { invitation: Some(id), ..judged.verdict })
}

/// At most so many mails a day to one address, over all workspaces. The next one waits: refusing would tell of others.
const MAILS_A_DAY: i64 = 5;

fn enqueue(
    tx: &mut Tx,
    with: With,
    still: &Still<InviteMembers>,
    id: InvitationId,
    email: &Email,
    now: &Now,
) -> Result<(), Failure> {
    let token = now.token();
    tokens::add(tx, still, id, TokenKind::Mailed, &token.hash(), now.at)?;
    let limited = with.per_day.is_some();
    let full = limited && messages::count_to(tx, email.normalised(), now.at.day())? >= MAILS_A_DAY;
    let message = messages::NewMessage {
        invitation: id,
        send: 1,
        address: email.as_str(),
        normalised: email.normalised(),
        secret: &with.vault.seal(MAILED_TOKEN, token.reveal().as_bytes(), now),
        not_before: if full { now.at.next_day() } else { now.at },
    };
    messages::enqueue(tx, still, &message, now)?;
    Ok(())
}

fn tell(
    tx: &mut Tx,
    still: &Still<InviteMembers>,
    id: InvitationId,
    email: &Email,
    grants: &Grants,
    now: &Now,
) -> Result<(), Failure> {
    let event =
        Event::new(What::InvitationCreated, "invitation", id, email.as_str()).change("role", (), grants.role.slug());
    let event = match grants.projects.as_slice() {
        [] => event,
        projects => event.change("projects", (), wanted::words(projects)),
    };
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?)
}

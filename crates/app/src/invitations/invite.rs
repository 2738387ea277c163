//! Sending a batch: rows, tokens, audit events and outbox rows, all in one transaction.

use db::{Conn, Tx};
use domain::{
    access::{InviteMembers, May, Still},
    email::Email,
    event::{Attempt, Event, What},
    id::InvitationId,
    invitation::Outcome,
    now::Now,
};
use store::{
    Again, events,
    invitations::{self, NewInvitation},
};

use super::{
    batch::{Batch, Verdict},
    enqueue::{enqueue_all, in_turn},
    expire::expire_all,
    judge::{Judged, judge, overtaken},
    policy,
    quota::spend_of,
    wanted::{self, WantedRole},
};
use crate::{Failure, post::Post, server, settings::PerDay, vault::Vault};

/// What became of every row, in the order they came.
#[derive(Clone, Debug)]
pub struct Sent {
    /// One for each row.
    pub results: Vec<Verdict>,
    /// Roles on projects that add nothing to the batch's role in the workspace.
    pub idle: Vec<WantedRole>,
}

impl Sent {
    /// How many were invited.
    pub fn invited(&self) -> usize {
        self.results.iter().filter(|verdict| verdict.outcome == Outcome::Invited).count()
    }
}

/// What would become of every row. Writes nothing.
pub fn preview(db: &mut Conn, may: &May<InviteMembers>, batch: &Batch, now: &Now) -> Result<Sent, Failure> {
    let judgement = judge(db, may, batch, now)?;
    Ok(Sent { results: judgement.rows.into_iter().map(|judged| judged.verdict).collect(), idle: judgement.idle })
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
    let server = server::policy_beside(tx, &with.per_day.copied().unwrap_or_default())?;
    let limit = server.member_limit.value;
    policy::queue_at(tx, may.workspace(), limit)?;
    let still = tx.still(may, now.at)?;
    let mut judgement = judge(tx, &still, batch, now)?;
    make_room(tx, &still, &mut judgement.rows, now)?;
    write(tx, with, &still, batch, &mut judgement.rows, now)?;
    let sent =
        Sent { results: judgement.rows.into_iter().map(|judged| judged.verdict).collect(), idle: judgement.idle };
    if sent.invited() > 0 {
        policy::room_for_all(tx, still.workspace(), limit, now)?;
    }
    if with.per_day.is_some() {
        spend_of(tx, &still, &server.per_day(), sent.invited(), now)?;
        in_turn(tx, &still, &mailed(batch, &sent), now)?;
    }
    Ok(sent)
}

/// Those of a batch whom a mail was queued for.
fn mailed<'a>(batch: &'a Batch, sent: &Sent) -> Vec<(InvitationId, &'a Email)> {
    let invited = sent.results.iter().map(|verdict| verdict.invitation.filter(|_| verdict.outcome == Outcome::Invited));
    batch.rows.iter().zip(invited).filter_map(|(row, id)| Some((id?, row.email.as_ref().ok()?))).collect()
}

/// Marks open invitations past their end expired, where they stand in a row's place.
fn make_room(tx: &mut Tx, still: &Still<InviteMembers>, rows: &mut [Judged], now: &Now) -> Result<(), Failure> {
    let stale: Vec<_> = rows.iter().filter_map(|judged| judged.stale).collect();
    let past = invitations::whole_of(tx, still, &stale)?;
    let marked = expire_all(tx, &past, now)?;
    for judged in rows {
        let (Some(stale), Ok(email)) = (judged.stale, &judged.row.email) else { continue };
        if !marked.contains(&stale) {
            judged.skip(overtaken(tx, still, judged.row, email)?);
        }
    }
    Ok(())
}

/// Writes the good rows, each table in few statements however many rows there are.
fn write(
    tx: &mut Tx,
    with: With,
    still: &Still<InviteMembers>,
    batch: &Batch,
    rows: &mut [Judged],
    now: &Now,
) -> Result<(), Failure> {
    let new: Vec<_> = rows.iter().filter_map(|judged| invitation(judged, batch)).collect();
    let ids = invitations::insert_all(tx, still, &new, now)?;
    let written: Vec<_> = ids.iter().zip(&new).filter_map(|(id, new)| Some(((*id)?, new.email))).collect();
    let mailed = batch.send_email && with.mail;
    if mailed {
        enqueue_all(tx, with, still, 1, &written, now)?;
    }
    let told: Vec<_> = ids.iter().zip(&new).filter_map(|(id, new)| Some(created((*id)?, new, mailed))).collect();
    events::add_all(tx, Some(still.workspace()), Some(still.person()), &told, now)?;
    for (judged, id) in rows.iter_mut().filter(|judged| judged.grants.is_some()).zip(ids) {
        match (id, &judged.row.email) {
            (None, Ok(email)) => judged.skip(overtaken(tx, still, judged.row, email)?),
            (id, _) => judged.verdict.invitation = id,
        }
    }
    Ok(())
}

fn invitation<'a>(judged: &'a Judged, batch: &'a Batch) -> Option<NewInvitation<'a>> {
    let (grants, email): (_, &Email) = (judged.grants.as_ref()?, judged.row.email.as_ref().ok()?);
    Some(NewInvitation {
        email,
        name: judged.row.name.as_ref(),
        grants,
        message: batch.message.as_deref(),
        valid: judged.row.valid.unwrap_or(batch.valid),
    })
}

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

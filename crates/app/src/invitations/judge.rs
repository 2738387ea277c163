//! The dry run: the same judgement, row by row, for preview and for sending.

use std::collections::{HashMap, HashSet};

use db::Conn;
use domain::{
    access::{Grants, InviteMembers, May},
    email::{BadEmail, Email},
    id::InvitationId,
    invitation::{MOST_ADDRESSES, Outcome},
    mail_domain::MailDomains,
    now::Now,
};
use store::{invitations, invitations::Open, mail_domains, members, members::Behind, projects};

use super::{
    batch::{Batch, Verdict},
    row::Row,
    wanted::{Projects, WantedRole},
};
use crate::Failure;

/// A row with what is to become of it; `grants` are there when it is to be invited.
pub struct Judged<'a> {
    /// The row.
    pub row: &'a Row,
    /// What it would get.
    pub grants: Option<Grants>,
    /// An open invitation past its end, in its place.
    pub stale: Option<InvitationId>,
    /// What becomes of it.
    pub verdict: Verdict,
}

impl Judged<'_> {
    /// It is not invited after all.
    pub(super) fn skip(&mut self, verdict: Verdict) {
        (self.grants, self.verdict) = (None, verdict);
    }
}

/// Every row judged, and what is to be said of the batch.
pub struct Judgement<'a> {
    /// In the order they came.
    pub rows: Vec<Judged<'a>>,
    /// Roles on projects that add nothing to the batch's role in the workspace.
    pub idle: Vec<WantedRole>,
}

/// Judges every row and writes nothing, by a number of queries that does not grow with the rows. Fails where the batch
/// as a whole cannot go.
pub fn judge<'a>(
    db: &mut Conn,
    may: &May<InviteMembers>,
    batch: &'a Batch,
    now: &Now,
) -> Result<Judgement<'a>, Failure> {
    if batch.rows.len() > MOST_ADDRESSES {
        let detail = format!("At most {MOST_ADDRESSES} addresses go at once. Nothing was sent.");
        return Err(Failure::invalid("recipients", "too_many", detail));
    }
    if !projects::any(db, may.member())? {
        return Err(Failure::conflict(
            "project_required",
            "Create a project first: people are invited to work in one.",
        ));
    }
    let projects = if batch.names_projects() { Projects::read(db, may.member())? } else { Projects::default() };
    let grants = Grants { role: batch.role, projects: projects.resolve(&batch.projects)? };
    may.member().may_grant(&grants)?;
    let idle = batch.projects.iter().zip(&grants.projects).filter(|(_, grant)| grants.is_idle(grant));
    let idle = idle.map(|(wanted, _)| wanted.clone()).collect();
    let mut bench = Bench { may, grants: &grants, projects, known: Known::read(db, may, batch)?, seen: HashSet::new() };
    Ok(Judgement { rows: batch.rows.iter().map(|row| bench.judge(row, now)).collect(), idle })
}

/// What the workspace already knows of the addresses.
struct Known {
    members: HashMap<String, Behind>,
    open: HashMap<String, Open>,
    domains: MailDomains,
}

impl Known {
    fn read(db: &mut Conn, may: &May<InviteMembers>, batch: &Batch) -> Result<Self, Failure> {
        let emails: Vec<&Email> = batch.rows.iter().filter_map(|row| row.email.as_ref().ok()).collect();
        if emails.is_empty() {
            return Ok(Self { members: HashMap::new(), open: HashMap::new(), domains: MailDomains::default() });
        }
        // In this order: whoever joins in between is seen as invited, as a member, or as both, never as neither.
        let open = invitations::open_for(db, may, &emails)?;
        let members = members::behind(db, &may.member().may()?, &emails)?;
        Ok(Self {
            domains: mail_domains::of(db, may.workspace())?,
            members: members.into_iter().map(|member| (member.normalised.clone(), member)).collect(),
            open: open.into_iter().map(|open| (open.normalised.clone(), open)).collect(),
        })
    }
}

/// What rows are judged by.
struct Bench<'b> {
    may: &'b May<InviteMembers>,
    grants: &'b Grants,
    projects: Projects,
    known: Known,
    /// Addresses that stood earlier in the batch.
    seen: HashSet<String>,
}

impl Bench<'_> {
    fn judge<'a>(&mut self, row: &'a Row, now: &Now) -> Judged<'a> {
        let email = match self.readable(row) {
            Ok(email) => email,
            Err(verdict) => return Judged { row, grants: None, stale: None, verdict: *verdict },
        };
        let open = self.known.open.get(email.normalised());
        let judged =
            self.in_the_way(row, email, open, now).map_or_else(|| self.own_grants(row), |it| Err(Box::new(it)));
        match judged {
            Ok(grants) => {
                let stale = open.map(|open| open.id);
                Judged { row, grants: Some(grants), stale, verdict: good(row, email) }
            }
            Err(verdict) => Judged { row, grants: None, stale: None, verdict: *verdict },
        }
    }

    /// The row's address, if it reads, its columns do, and it is the first of its kind.
    fn readable<'a>(&mut self, row: &'a Row) -> Result<&'a Email, Box<Verdict>> {
        let email = row.email.as_ref().map_err(|bad| Box::new(misread(row, bad)))?;
        if let Some(wrong) = &row.wrong {
            return Err(Box::new(Verdict::of(row, Outcome::Invalid).because(wrong.code, &wrong.detail)));
        }
        if !self.seen.insert(email.normalised().to_owned()) {
            let twice = Verdict::of(row, Outcome::Duplicate);
            return Err(Box::new(twice.because("duplicate", "Stands earlier in this list.")));
        }
        Ok(email)
    }

    /// The member or open invitation of this address, or the workspace's domains.
    fn in_the_way(&self, row: &Row, email: &Email, open: Option<&Open>, now: &Now) -> Option<Verdict> {
        if let Some(member) = self.known.members.get(email.normalised()) {
            return Some(already_member(row, member));
        }
        let Some(open) = open.filter(|open| open.ends_at > now.at) else {
            let barred = self.known.domains.check(email).err()?;
            return Some(Verdict::of(row, Outcome::NotAllowed).because(barred.code(), barred.to_string()));
        };
        let detail = format!("Already invited; that link works until {}.", open.ends_at.in_words());
        let verdict = Verdict::of(row, Outcome::AlreadyInvited).because("already_invited", detail);
        Some(Verdict { invitation: Some(open.id), ..verdict })
    }

    /// The row's own grants where it has any, under the same ceiling.
    fn own_grants(&self, row: &Row) -> Result<Grants, Box<Verdict>> {
        let projects = match &row.projects {
            None => self.grants.projects.clone(),
            Some(wanted) => self.projects.resolve(wanted).map_err(|wrong| wrong_grants(row, &wrong))?,
        };
        let grants = Grants { role: row.role.unwrap_or(self.grants.role), projects };
        let granted = self.may.member().may_grant(&grants);
        granted.map(|()| grants).map_err(|above| wrong_grants(row, &above.into()))
    }
}

/// To be invited. An address that is certainly a slip goes all the same, with what was meant beside it.
fn good(row: &Row, email: &Email) -> Verdict {
    let verdict = Verdict::of(row, Outcome::Invited);
    match email.meant() {
        None => verdict,
        meant => Verdict { suggestion: meant, ..verdict.because("slip", "Looks like a slip of the finger.") },
    }
}

fn misread(row: &Row, bad: &BadEmail) -> Verdict {
    let verdict = Verdict::of(row, Outcome::Invalid).because(bad.reason.code(), bad.to_string());
    Verdict { place: bad.place(), suggestion: bad.suggestion.clone(), ..verdict }
}

fn already_member(row: &Row, member: &Behind) -> Verdict {
    let (reason, detail) = match member.state.as_str() {
        "deactivated" => ("deactivated", "A deactivated member. Reactivate instead."),
        _ => ("member", "Already a member."),
    };
    Verdict { member: Some(member.id), ..Verdict::of(row, Outcome::AlreadyMember).because(reason, detail) }
}

/// What has become of a row between judging and writing it: somebody else was faster by a moment (I2).
pub(super) fn overtaken(db: &mut Conn, may: &May<InviteMembers>, row: &Row, email: &Email) -> Result<Verdict, Failure> {
    if let Some(member) = members::behind(db, &may.member().may()?, &[email])?.first() {
        return Ok(already_member(row, member));
    }
    let verdict = Verdict::of(row, Outcome::AlreadyInvited);
    Ok(verdict.because("already_invited", "Somebody else invited this address just now."))
}

fn wrong_grants(row: &Row, wrong: &Failure) -> Box<Verdict> {
    Box::new(match wrong {
        Failure::Invalid(bad) => {
            let (code, detail) = bad.first().map_or(("invalid", ""), |bad| (bad.code, bad.detail.as_str()));
            Verdict::of(row, Outcome::Invalid).because(code, detail)
        }
        above => Verdict::of(row, Outcome::NotAllowed).because("above_your_rights", above.to_string()),
    })
}

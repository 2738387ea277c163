//! The dry run: the same judgement, row by row, for preview and for sending.

use std::collections::{HashMap, HashSet};

use db::Conn;
use domain::{
    access::{Grants, InviteMembers, May},
    email::Email,
    invitation::{MOST_ADDRESSES, Outcome},
    now::Now,
};
use store::{invitations, invitations::Open, members, members::Behind, projects};

use super::{
    batch::{Batch, Row, Verdict},
    wanted,
};
use crate::Failure;

/// A row with what is to become of it; `grants` are there when it is to be invited.
pub struct Judged<'a> {
    /// The row.
    pub row: &'a Row,
    /// What it would get.
    pub grants: Option<Grants>,
    /// An open invitation past its end, in its place.
    pub stale: Option<domain::id::InvitationId>,
    /// What becomes of it.
    pub verdict: Verdict,
}

/// Judges every row and writes nothing. Fails where the batch as a whole cannot go.
pub fn judge<'a>(
    db: &mut Conn,
    may: &May<InviteMembers>,
    batch: &'a Batch,
    now: &Now,
) -> Result<Vec<Judged<'a>>, Failure> {
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
    let grants = Grants { role: batch.role, projects: wanted::resolve(db, may.member(), &batch.projects)? };
    may.member().may_grant(&grants)?;
    let known = Known::read(db, may, batch)?;
    let mut seen = HashSet::new();
    batch.rows.iter().map(|row| judge_row(db, may, row, &grants, &known, &mut seen, now)).collect()
}

/// What the workspace already knows of the addresses.
struct Known {
    members: HashMap<String, Behind>,
    open: HashMap<String, Open>,
}

impl Known {
    fn read(db: &mut Conn, may: &May<InviteMembers>, batch: &Batch) -> Result<Self, Failure> {
        let emails: Vec<&Email> = batch.rows.iter().filter_map(|row| row.email.as_ref().ok()).collect();
        if emails.is_empty() {
            return Ok(Self { members: HashMap::new(), open: HashMap::new() });
        }
        // In this order: whoever joins in between is seen as invited, as a member, or as both, never as neither.
        let open = invitations::open_for(db, may, &emails)?;
        let members = members::behind(db, &may.member().may()?, &emails)?;
        Ok(Self {
            members: members.into_iter().map(|member| (member.normalised.clone(), member)).collect(),
            open: open.into_iter().map(|open| (open.normalised.clone(), open)).collect(),
        })
    }
}

fn judge_row<'a>(
    db: &mut Conn,
    may: &May<InviteMembers>,
    row: &'a Row,
    batch: &Grants,
    known: &Known,
    seen: &mut HashSet<String>,
    now: &Now,
) -> Result<Judged<'a>, Failure> {
    let verdict =
        |outcome, reason, detail: String| Verdict { reason: Some(reason), detail: Some(detail), ..plain(row, outcome) };
    let skip = |verdict| Ok(Judged { row, grants: None, stale: None, verdict });
    let email = match &row.email {
        Ok(email) => email,
        Err(bad) => {
            let bad_row = verdict(Outcome::Invalid, bad.reason.code(), bad.to_string());
            return skip(Verdict { suggestion: bad.suggestion.clone(), ..bad_row });
        }
    };
    if let Some(wrong) = &row.wrong {
        return skip(verdict(Outcome::Invalid, wrong.code, wrong.detail.clone()));
    }
    if !seen.insert(email.normalised().to_owned()) {
        return skip(verdict(Outcome::Duplicate, "duplicate", "Stands earlier in this list.".into()));
    }
    if let Some(member) = known.members.get(email.normalised()) {
        return skip(already_member(row, member));
    }
    let open = known.open.get(email.normalised());
    if let Some(open) = open.filter(|open| open.ends_at > now.at) {
        let detail = format!("Already invited; that link works until {}.", open.ends_at.in_words());
        return skip(Verdict {
            invitation: Some(open.id),
            ..verdict(Outcome::AlreadyInvited, "already_invited", detail)
        });
    }
    let grants = match own_grants(db, may, row, batch)? {
        Ok(grants) => grants,
        Err(wrong) => return skip(wrong_grants(&verdict, &wrong)),
    };
    let verdict = plain(row, Outcome::Invited);
    Ok(Judged { row, grants: Some(grants), stale: open.map(|open| open.id), verdict })
}

/// A verdict without reasons.
fn plain(row: &Row, outcome: Outcome) -> Verdict {
    let address = row.email.as_ref().ok().map(|email| email.as_str().to_owned());
    Verdict {
        input: row.input.clone(),
        address,
        outcome,
        reason: None,
        detail: None,
        suggestion: None,
        invitation: None,
    }
}

fn already_member(row: &Row, member: &Behind) -> Verdict {
    let (reason, detail) = match member.state.as_str() {
        "deactivated" => ("deactivated", "A deactivated member. Reactivate instead."),
        _ => ("member", "Already a member."),
    };
    Verdict { reason: Some(reason), detail: Some(detail.to_owned()), ..plain(row, Outcome::AlreadyMember) }
}

/// What has become of a row between judging and writing it: somebody else was faster by a moment (I2).
pub(super) fn overtaken(db: &mut Conn, may: &May<InviteMembers>, row: &Row, email: &Email) -> Result<Verdict, Failure> {
    if let Some(member) = members::behind(db, &may.member().may()?, &[email])?.first() {
        return Ok(already_member(row, member));
    }
    let detail = Some("Somebody else invited this address just now.".to_owned());
    Ok(Verdict { reason: Some("already_invited"), detail, ..plain(row, Outcome::AlreadyInvited) })
}

fn wrong_grants(verdict: &impl Fn(Outcome, &'static str, String) -> Verdict, wrong: &Failure) -> Verdict {
    match wrong {
        Failure::Invalid(bad) => {
            let (code, detail) = bad.first().map_or(("invalid", String::new()), |bad| (bad.code, bad.detail.clone()));
            verdict(Outcome::Invalid, code, detail)
        }
        above => verdict(Outcome::NotAllowed, "above_your_rights", above.to_string()),
    }
}

/// The row's own grants where it has any, under the same ceiling; the inner error is the row's alone.
fn own_grants(
    db: &mut Conn,
    may: &May<InviteMembers>,
    row: &Row,
    batch: &Grants,
) -> Result<Result<Grants, Failure>, Failure> {
    let projects = match &row.projects {
        None => batch.projects.clone(),
        Some(wanted) => match wanted::resolve(db, may.member(), wanted) {
            Ok(projects) => projects,
            Err(wrong @ Failure::Invalid(_)) => return Ok(Err(wrong)),
            Err(other) => return Err(other),
        },
    };
    let grants = Grants { role: row.role.unwrap_or(batch.role), projects };
    Ok(may.member().may_grant(&grants).map(|()| grants).map_err(Failure::from))
}

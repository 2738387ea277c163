//! A batch of addresses as it came in, and what becomes of each.

use domain::{
    access::Role,
    id::{InvitationId, MemberId},
    invitation::{LONGEST_MESSAGE, Outcome, ValidDays},
};

use super::{row::Row, wanted::WantedRole};
use crate::Bad;

pub use super::row::pasted;

/// Addresses with what all of them are invited to.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The addresses.
    pub rows: Vec<Row>,
    /// The role in the workspace.
    pub role: Role,
    /// Roles on projects.
    pub projects: Vec<WantedRole>,
    /// The inviter's words.
    pub message: Option<String>,
    /// How many days the links work.
    pub valid: ValidDays,
    /// Whether mails go out; without SMTP none do.
    pub send_email: bool,
}

impl Batch {
    /// Whether it or a row of it names a project.
    pub(super) fn names_projects(&self) -> bool {
        !self.projects.is_empty() || self.rows.iter().any(|row| row.projects.is_some())
    }

    /// The inviter's words: at most [`LONGEST_MESSAGE`] characters, blank is none, line breaks stay.
    pub fn message(text: Option<&str>) -> Result<Option<String>, Bad> {
        let text = text.map(|text| text.replace("\r\n", "\n")).unwrap_or_default();
        let text = text.trim();
        if text.chars().count() > LONGEST_MESSAGE {
            return Err(Bad::new("message", "too_long", format!("At most {LONGEST_MESSAGE} characters.")));
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(Bad::new("message", "control_character", "The message holds a control character."));
        }
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }
}

/// What becomes, or would become, of one row.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Its number in a table, the head being row 1.
    pub number: Option<usize>,
    /// As it was typed.
    pub input: String,
    /// As it will be sent to, if it is an address.
    pub address: Option<String>,
    /// What becomes of it.
    pub outcome: Outcome,
    /// A stable word for why.
    pub reason: Option<&'static str>,
    /// The same as a sentence.
    pub detail: Option<String>,
    /// Characters of the input before the one that is wrong.
    pub place: Option<usize>,
    /// What was perhaps meant.
    pub suggestion: Option<String>,
    /// The invitation that was made, or the open one in the way.
    pub invitation: Option<InvitationId>,
    /// The member in the way.
    pub member: Option<MemberId>,
    /// The invitee's name, if given.
    pub name: Option<String>,
    /// A role other than the batch's.
    pub role: Option<Role>,
    /// Project roles other than the batch's.
    pub projects: Option<Vec<WantedRole>>,
    /// An end other than the batch's.
    pub valid: Option<ValidDays>,
}

impl Verdict {
    /// A verdict without reasons.
    pub(super) fn of(row: &Row, outcome: Outcome) -> Self {
        Self {
            number: row.number,
            input: row.input.clone(),
            address: row.email.as_ref().ok().map(|email| email.as_str().to_owned()),
            outcome,
            reason: None,
            detail: None,
            place: None,
            suggestion: None,
            invitation: None,
            member: None,
            name: row.name.as_ref().map(|name| name.as_str().to_owned()),
            role: row.role,
            projects: row.projects.clone(),
            valid: row.valid,
        }
    }

    /// For this reason. In a table the sentence names the row.
    pub(super) fn because(self, reason: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let detail = self.number.map_or_else(|| detail.clone(), |number| format!("Row {number}: {detail}"));
        Self { reason: Some(reason), detail: Some(detail), ..self }
    }
}

//! A batch of addresses as it came in, and what becomes of each.

use domain::{
    access::Role,
    email::{BadEmail, Email, Piece, pieces, read_row},
    id::InvitationId,
    invitation::{LONGEST_MESSAGE, MOST_ADDRESSES, Outcome, ValidDays},
    title::PersonName,
};

use super::wanted::WantedRole;
use crate::Bad;

/// One row: an address, perhaps with a role of its own.
#[derive(Clone, Debug)]
pub struct Row {
    /// As it was typed.
    pub input: String,
    /// What it reads as.
    pub email: Result<Email, BadEmail>,
    /// The invitee's name, if given.
    pub name: Option<PersonName>,
    /// A role other than the batch's.
    pub role: Option<Role>,
    /// Project roles other than the batch's.
    pub projects: Option<Vec<WantedRole>>,
    /// An end other than the batch's.
    pub valid: Option<ValidDays>,
    /// What is wrong beside the address: a column of the row.
    pub wrong: Option<Bad>,
}

impl Row {
    fn of(piece: Piece) -> Self {
        Self {
            input: piece.input,
            email: piece.email,
            name: piece.name,
            role: None,
            projects: None,
            valid: None,
            wrong: None,
        }
    }

    /// A row from a list, in which one string is one row.
    pub fn one(text: &str) -> Self {
        Self::of(read_row(text))
    }
}

/// The rows of a pasted text: one more than may go at most, because then none goes.
pub fn pasted(text: &str) -> Vec<Row> {
    pieces(text).take(MOST_ADDRESSES + 1).map(Row::of).collect()
}

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
    /// What was perhaps meant.
    pub suggestion: Option<String>,
    /// The invitation that was made.
    pub invitation: Option<InvitationId>,
}

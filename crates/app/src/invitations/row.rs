//! One row of a batch: an address, perhaps with values of its own.

use domain::{
    access::Role,
    email::{BadEmail, Email, Piece, read_row},
    invitation::{MOST_ADDRESSES, ValidDays},
    recipients::{Recipient, Values, on_projects, recipients},
    title::PersonName,
};

use super::wanted::WantedRole;
use crate::Bad;

/// One row: an address, perhaps with a role of its own.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number in a table, the head being row 1; `None` elsewhere.
    pub number: Option<usize>,
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

/// What a row says of itself, as texts. Blank ones say nothing.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// The invitee's name.
    pub name: Option<String>,
    /// The role in the workspace.
    pub role: Option<String>,
    /// Roles on projects, each by the project's id or key.
    pub projects: Option<Vec<(String, String)>>,
    /// How many days the link works.
    pub expires_in_days: Option<i64>,
}

impl Row {
    fn of(piece: Piece) -> Self {
        Self {
            number: None,
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

    /// A row with values of its own. What is wrong with one of them is the row's alone.
    pub fn own(address: &str, own: Result<Own, Bad>) -> Self {
        Self::one(address).with(own)
    }

    fn with(mut self, own: Result<Own, Bad>) -> Self {
        self.wrong = own.and_then(|own| self.fill(own)).err();
        self
    }

    fn fill(&mut self, own: Own) -> Result<(), Bad> {
        if let Some(name) = filled(own.name) {
            let named = PersonName::parse(&name);
            self.name = Some(named.map_err(|bad| Bad::new("name", bad.code(), format!("{bad}.")))?);
        }
        self.role = filled(own.role).as_deref().map(role).transpose()?;
        self.projects = own.projects.map(on).transpose()?;
        self.valid = days(own.expires_in_days)?;
        Ok(())
    }
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// The rows of a pasted text, list or table: one more than may go at most, because then none goes.
pub fn pasted(text: &str) -> Vec<Row> {
    recipients(text).take(MOST_ADDRESSES + 1).map(Row::from).collect()
}

impl From<Recipient> for Row {
    fn from(recipient: Recipient) -> Self {
        let row = Self { number: recipient.row, ..Self::of(recipient.piece) };
        row.with(of_table(recipient.values))
    }
}

/// The cells of a table as values of a row: the same rules as for the objects of a list.
fn of_table(values: Values) -> Result<Own, Bad> {
    if let Some(column) = values.unsupported {
        return Err(Bad::new("recipients", "unsupported", column.to_string()));
    }
    let projects = values.projects.as_deref().map(on_projects).transpose();
    let number = |text: String| text.parse().map_err(|_| bad_days("Write the link's validity as a number of days."));
    Ok(Own {
        name: values.name,
        role: values.role.map(|text| slug(&text)),
        projects: projects.map_err(|bad| Bad::new("projects", "malformed", bad.to_string()))?,
        expires_in_days: values.expires_in_days.map(number).transpose()?,
    })
}

/// Tables name roles as people do: `Read Only` is `read_only`.
fn slug(role: &str) -> String {
    role.trim().to_lowercase().replace([' ', '-'], "_")
}

/// A role by its slug.
pub fn role(text: &str) -> Result<Role, Bad> {
    let unknown = |_| Bad::new("role", "unknown_role", format!("There is no role {text:?}."));
    text.parse().map_err(unknown)
}

/// Roles on projects, each by the project's id or key and the role's slug.
pub fn on(pairs: Vec<(String, String)>) -> Result<Vec<WantedRole>, Bad> {
    let one = |(project, text): (String, String)| Ok(WantedRole { project, role: role(&slug(&text))? });
    pairs.into_iter().map(one).collect()
}

/// How many days a link works.
pub fn days(days: Option<i64>) -> Result<Option<ValidDays>, Bad> {
    days.map(ValidDays::new).transpose().map_err(|bad| bad_days(format!("The link's validity {bad}.")))
}

fn bad_days(detail: impl Into<String>) -> Bad {
    Bad::new("expires_in_days", "out_of_range", detail)
}

//! The body of `POST invitations`, in its three shapes of `recipients`.

use app::{
    Bad, Failure,
    invitations::{Batch, Row, batch::pasted, wanted::WantedRole},
};
use domain::{access::Role, invitation::ValidDays, title::PersonName};
use serde::Deserialize;
use utoipa::ToSchema;

/// A batch of addresses with what all of them are invited to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchBody {
    recipients: Recipients,
    /// The role in the workspace. `guest` with roles on projects is "only these projects".
    #[schema(example = "tester")]
    role: String,
    /// Roles on projects.
    #[serde(default)]
    projects: Vec<WantedText>,
    /// Your words, at most 1,000 characters.
    message: Option<String>,
    /// How many days the links work, 1 to 90.
    #[schema(example = 7, minimum = 1, maximum = 90)]
    expires_in_days: Option<i64>,
    /// Whether mails go out; without SMTP none do.
    #[serde(default = "yes")]
    send_email: bool,
}

/// Pasted text, or rows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Recipients {
    /// As people paste it: separated by commas, semicolons, lines, tabs, or spaces between bare addresses.
    Text(String),
    /// One row each.
    Rows(Vec<Recipient>),
}

/// One row.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Recipient {
    /// One address, perhaps with a name.
    Address(String),
    /// An address with its own values.
    Own(Box<OwnRow>),
}

/// A row with values of its own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnRow {
    address: String,
    name: Option<String>,
    #[schema(example = "manager")]
    role: Option<String>,
    projects: Option<Vec<WantedText>>,
    /// Not yet supported: a row with groups is invalid.
    #[schema(value_type = Option<Vec<String>>)]
    groups: Option<serde_json::Value>,
    expires_in_days: Option<i64>,
    /// Not yet supported: a row with an end of membership is invalid.
    #[schema(value_type = Option<String>)]
    ends_at: Option<serde_json::Value>,
}

/// A role wanted on a project.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedText {
    /// The project's id or key.
    #[schema(example = "WEB")]
    project: String,
    #[schema(example = "manager")]
    role: String,
}

const fn yes() -> bool {
    true
}

fn role(text: &str) -> Result<Role, Bad> {
    text.parse::<Role>().map_err(|unknown| Bad::new("role", "unknown_role", format!("{unknown}.")))
}

fn days(days: Option<i64>) -> Result<Option<ValidDays>, Bad> {
    let days = days.map(ValidDays::new).transpose();
    days.map_err(|bad| Bad::new("expires_in_days", "out_of_range", format!("The link's validity {bad}.")))
}

fn wanted(projects: Vec<WantedText>) -> Result<Vec<WantedRole>, Bad> {
    let one = |want: WantedText| Ok(WantedRole { project: want.project, role: role(&want.role)? });
    projects.into_iter().map(one).collect()
}

impl BatchBody {
    /// The batch, or what is wrong with it as a whole. What is wrong with a row alone stays with the row.
    pub fn parse(self) -> Result<Batch, Failure> {
        let rows = match self.recipients {
            Recipients::Text(text) => pasted(&text),
            Recipients::Rows(rows) => rows.into_iter().map(row).collect(),
        };
        if rows.is_empty() {
            return Err(Failure::invalid("recipients", "required", "Enter at least one address."));
        }
        let (role, projects) = (role(&self.role), wanted(self.projects));
        let (message, valid) = (Batch::message(self.message.as_deref()), days(self.expires_in_days));
        match (role, projects, message, valid) {
            (Ok(role), Ok(projects), Ok(message), Ok(valid)) => Ok(Batch {
                rows,
                role,
                projects,
                message,
                valid: valid.unwrap_or_default(),
                send_email: self.send_email,
            }),
            (role, projects, message, valid) => {
                let bad = [role.err(), projects.err(), message.err(), valid.err()];
                Err(Failure::Invalid(bad.into_iter().flatten().collect()))
            }
        }
    }
}

fn row(recipient: Recipient) -> Row {
    match recipient {
        Recipient::Address(text) => Row::one(&text),
        Recipient::Own(own) => {
            let mut row = Row::one(&own.address);
            row.wrong = fill(&mut row, *own).err();
            row
        }
    }
}

fn fill(row: &mut Row, own: OwnRow) -> Result<(), Bad> {
    let filled = |value: &Option<serde_json::Value>| value.as_ref().is_some_and(|value| !value.is_null());
    if filled(&own.groups) || filled(&own.ends_at) {
        return Err(Bad::new("recipients", "unsupported", "Groups and an end of membership are not supported yet."));
    }
    row.name = match own.name.as_deref().filter(|name| !name.trim().is_empty()) {
        Some(name) => Some(PersonName::parse(name).map_err(|bad| Bad::new("name", bad.code(), bad.to_string()))?),
        None => row.name.take(),
    };
    row.role = own.role.as_deref().map(role).transpose()?;
    row.projects = own.projects.map(wanted).transpose()?;
    row.valid = days(own.expires_in_days)?;
    Ok(())
}

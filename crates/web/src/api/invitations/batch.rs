//! The body of `POST invitations`, in its three shapes of `recipients`. The page Invite Team fills it, too.

use app::{
    Bad, Failure,
    invitations::{
        Batch, Row,
        row::{Own, days, on, pasted, role},
    },
};
use serde::Deserialize;
use utoipa::ToSchema;

/// A batch of addresses with what all of them are invited to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchBody {
    /// Whom.
    pub recipients: Recipients,
    /// The role in the workspace. `guest` with roles on projects is "only these projects".
    #[schema(example = "tester")]
    pub role: String,
    /// Roles on projects.
    #[serde(default)]
    pub projects: Vec<WantedText>,
    /// Your words, at most 1,000 characters.
    pub message: Option<String>,
    /// How many days the links work, 1 to 90.
    #[schema(example = 7, minimum = 1, maximum = 90)]
    pub expires_in_days: Option<i64>,
    /// Whether mails go out; without SMTP none do.
    #[serde(default = "yes")]
    pub send_email: bool,
}

/// Pasted text, or rows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Recipients {
    /// As people paste it: separated by commas, semicolons, lines, tabs, or spaces between bare addresses. From a head
    /// on that names a column `address` it is a table, CSV with commas, semicolons or tabs:
    /// `address,name,role,projects,groups,expires_in_days,ends_at`.
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
    pub project: String,
    /// The role on it.
    #[schema(example = "manager")]
    pub role: String,
}

/// So many bytes of text are read: a thousand addresses with all that may stand beside them need less.
const LONGEST_PASTE: usize = 1_000_000;

impl Recipients {
    /// Bytes of addresses, with all that stands in a text.
    fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Rows(rows) => rows.iter().map(Recipient::len).sum(),
        }
    }
}

impl Recipient {
    fn len(&self) -> usize {
        match self {
            Self::Address(text) => text.len(),
            Self::Own(own) => own.address.len(),
        }
    }
}

const fn yes() -> bool {
    true
}

pub(super) fn pairs(projects: Vec<WantedText>) -> Vec<(String, String)> {
    projects.into_iter().map(|want| (want.project, want.role)).collect()
}

impl BatchBody {
    /// The batch, or what is wrong with it as a whole. What is wrong with a row alone stays with the row.
    pub fn parse(self) -> Result<Batch, Failure> {
        if self.recipients.len() > LONGEST_PASTE {
            let detail = "At most a megabyte of text goes at once. Nothing was sent.";
            return Err(Failure::invalid("recipients", "too_long", detail));
        }
        let rows = match self.recipients {
            Recipients::Text(text) => pasted(&text),
            Recipients::Rows(rows) => rows.into_iter().map(row).collect(),
        };
        if rows.is_empty() {
            return Err(Failure::invalid("recipients", "required", "Enter at least one address."));
        }
        let (role, projects) = (role(&self.role), on(pairs(self.projects)));
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
            let address = own.address.clone();
            Row::own(&address, own.values())
        }
    }
}

impl OwnRow {
    fn values(self) -> Result<Own, Bad> {
        let filled = |value: &Option<serde_json::Value>| value.as_ref().is_some_and(|value| !value.is_null());
        if filled(&self.groups) || filled(&self.ends_at) {
            let detail = "Groups and an end of membership are not supported yet.";
            return Err(Bad::new("recipients", "unsupported", detail));
        }
        Ok(Own {
            name: self.name,
            role: self.role,
            projects: self.projects.map(pairs),
            expires_in_days: self.expires_in_days,
        })
    }
}

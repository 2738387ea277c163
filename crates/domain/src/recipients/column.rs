//! The columns of a table of recipients.

/// The head of the format, as a template shows it.
pub const HEAD: &str = "address,name,role,projects,groups,expires_in_days,ends_at";

/// What a column says of a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Address,
    Name,
    Role,
    Projects,
    ExpiresInDays,
    /// Known and not yet supported, or unknown: where it is filled the row is invalid, it is never ignored.
    Other(String),
}

/// A filled cell of a column that is not supported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The column {0:?} is not supported. Empty it or leave it out.")]
pub struct Unsupported(pub String);

impl Column {
    /// By its head, as people and spreadsheets write it.
    pub fn of(head: &str) -> Self {
        let plain: String = head.trim().chars().map(|c| if matches!(c, ' ' | '-') { '_' } else { c }).collect();
        match plain.to_lowercase().as_str() {
            "address" | "email" | "e_mail" | "mail" | "email_address" | "e_mail_address" => Self::Address,
            "name" | "full_name" => Self::Name,
            "role" => Self::Role,
            "project" | "projects" => Self::Projects,
            "expires_in_days" | "expires" => Self::ExpiresInDays,
            _ => Self::Other(head.to_owned()),
        }
    }
}

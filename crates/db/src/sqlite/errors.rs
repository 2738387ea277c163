//! What `SQLite` says, in our words.

use rusqlite::{Error as Sqlite, ErrorCode, ffi};

use crate::{
    Error, Rule,
    error::{Cause, Failure},
};

/// A failed statement.
#[allow(clippy::needless_pass_by_value, reason = "used with map_err")]
pub(super) fn statement(error: Sqlite, text: &str) -> Failure {
    Failure { error: translate(&error, text), cause: Cause::Refused }
}

/// A failure outside the product's statements, such as BEGIN or a pragma.
#[allow(clippy::needless_pass_by_value, reason = "used with map_err")]
pub(super) fn outside(error: Sqlite) -> Error {
    translate(&error, "a statement of the data layer")
}

fn translate(error: &Sqlite, text: &str) -> Error {
    match error {
        Sqlite::SqliteFailure(code, message) => failure(*code, message.as_deref().unwrap_or_default(), text),
        Sqlite::SqlInputError { error, msg, .. } => failure(*error, msg, text),
        other => Error::Sql { code: "client".into(), message: other.to_string(), text: text.into() },
    }
}

fn failure(code: ffi::Error, message: &str, text: &str) -> Error {
    match code.code {
        ErrorCode::DiskFull => Error::Full,
        ErrorCode::ConstraintViolation => constraint(code.extended_code, message),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            Error::Unavailable("another process holds the database".into())
        }
        ErrorCode::OperationInterrupted => Error::Unavailable("the statement ran out of time".into()),
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            Error::Unavailable(message.into())
        }
        _ => Error::Sql { code: code.extended_code.to_string(), message: message.into(), text: text.into() },
    }
}

fn constraint(code: i32, message: &str) -> Error {
    let rule = match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            Rule::Unique
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Rule::ForeignKey,
        ffi::SQLITE_CONSTRAINT_CHECK => Rule::Check,
        ffi::SQLITE_CONSTRAINT_NOTNULL => Rule::NotNull,
        _ => Rule::Other,
    };
    // "UNIQUE constraint failed: member.workspace, member.person"
    let name = message.split_once("constraint failed: ").map_or("", |(_, name)| name);
    let name = if rule == Rule::Other { message } else { name };
    Error::Constraint { rule, name: name.into() }
}

//! What the server says, in our words.

use std::{error::Error as _, fmt::Write, io};

use tokio_postgres::{
    Error as Postgres,
    error::{DbError, Severity, SqlState},
};

use crate::{
    Error, Rule,
    error::{Cause, Failure},
};

/// A failed statement.
#[allow(clippy::needless_pass_by_value, reason = "used with map_err")]
pub(super) fn statement(error: Postgres, text: &str) -> Failure {
    match error.as_db_error() {
        Some(told) => Failure { cause: cause(told), error: translate(told, text) },
        None if hung_up(&error) => lost(&error),
        None => Failure {
            error: Error::Sql { code: "client".into(), message: chain(&error), text: text.into() },
            cause: Cause::Refused,
        },
    }
}

/// A failed COMMIT. Only a plain ERROR says for sure that nothing was kept.
#[allow(clippy::needless_pass_by_value, reason = "used with map_err")]
pub(super) fn commit(error: Postgres) -> Failure {
    match error.as_db_error() {
        Some(told) if !is_last_word(told) => statement(error, "COMMIT"),
        _ => Failure { error: Error::UnknownOutcome, cause: Cause::Refused },
    }
}

/// A connection that could not be made; the server may be restarting.
pub(super) fn lost(error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure { error: Error::Unavailable(chain(error)), cause: Cause::Lost }
}

fn cause(told: &DbError) -> Cause {
    match told.code() {
        &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED => Cause::Collision,
        // A wrong password or database name stays wrong.
        _ if is_last_word(told) && !told.code().code().starts_with(['2', '3']) => Cause::Lost,
        _ => Cause::Refused,
    }
}

/// After FATAL and PANIC the server hangs up.
fn is_last_word(told: &DbError) -> bool {
    matches!(told.parsed_severity(), Some(Severity::Fatal | Severity::Panic))
}

fn hung_up(error: &Postgres) -> bool {
    error.is_closed() || error.source().is_some_and(<dyn std::error::Error>::is::<io::Error>)
}

fn translate(told: &DbError, text: &str) -> Error {
    let code = told.code().code();
    match told.code() {
        &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED => Error::Conflict,
        &SqlState::DISK_FULL => Error::Full,
        &SqlState::QUERY_CANCELED => Error::Unavailable("the statement ran out of time".into()),
        &SqlState::LOCK_NOT_AVAILABLE => Error::Unavailable("a lock was not free in time".into()),
        _ if is_last_word(told) || code.starts_with("53") => Error::Unavailable(told.message().into()),
        _ if code.starts_with("23") => constraint(told),
        _ => Error::Sql { code: code.into(), message: message(told), text: text.into() },
    }
}

fn constraint(told: &DbError) -> Error {
    let rule = match *told.code() {
        SqlState::UNIQUE_VIOLATION => Rule::Unique,
        SqlState::FOREIGN_KEY_VIOLATION => Rule::ForeignKey,
        SqlState::CHECK_VIOLATION => Rule::Check,
        SqlState::NOT_NULL_VIOLATION => Rule::NotNull,
        _ => Rule::Other,
    };
    let column = || format!("{}.{}", told.table().unwrap_or_default(), told.column().unwrap_or_default());
    Error::Constraint { rule, name: told.constraint().map_or_else(column, Into::into) }
}

/// Data exceptions (class 22) quote the value, which may be a secret.
fn message(told: &DbError) -> String {
    if told.code().code().starts_with("22") { "a value does not fit".into() } else { told.message().into() }
}

/// An error with its causes.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Writing to a string does not fail.
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}

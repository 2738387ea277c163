//! What can go wrong, in the words of both engines.
//!
//! Messages never hold a parameter: it may be a password or a token.

use std::fmt;

/// Why a unit of work failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No connection, no place in the queue, or a timeout; nothing was kept, trying again later is safe.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The disk is full; nothing was kept.
    #[error("the disk of the database is full")]
    Full,
    /// A row broke a rule of the schema.
    #[error("the {rule} rule was broken: {name}")]
    Constraint {
        /// Which kind of rule.
        rule: Rule,
        /// The constraint's name on `PostgreSQL`, `table.column` or `table.a, table.b` on `SQLite`; may be empty there.
        name: String,
    },
    /// Other transactions got in the way each time this one was tried.
    #[error("the transaction collided with others too often")]
    Conflict,
    /// The connection was lost between COMMIT and its answer: the work may or may not have been kept.
    #[error("the connection was lost during COMMIT, so the outcome is unknown")]
    UnknownOutcome,
    /// The function panicked; its transaction was rolled back.
    #[error("the unit of work panicked and was rolled back")]
    Panicked,
    /// A newer version of the program has changed this database.
    #[error("this database is at migration {found}, this program knows only {known}")]
    Newer {
        /// The last migration the database has run.
        found: u32,
        /// The last migration this program has.
        known: u32,
    },
    /// A migration this database has run is missing here or has another text.
    #[error("migration {number} ({name}) is not the one this database has run")]
    Changed {
        /// Its number.
        number: u32,
        /// Its name.
        name: String,
    },
    /// A column, type, number of rows or number of parameters is not what the code expects.
    #[error("{0}")]
    Shape(String),
    /// The engine refused the statement.
    #[error("{message} ({code}) in: {text}")]
    Sql {
        /// SQLSTATE on `PostgreSQL`, the extended result code on `SQLite`.
        code: String,
        /// The engine's words, left out where they could quote a value.
        message: String,
        /// The statement, with `?` in place of values.
        text: String,
    },
}

/// A kind of rule in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A unique index or primary key.
    Unique,
    /// A reference to a row of another table.
    ForeignKey,
    /// A CHECK.
    Check,
    /// NOT NULL.
    NotNull,
    /// Another one, such as the column types of a STRICT table.
    Other,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rule::Unique => "unique",
            Rule::ForeignKey => "foreign key",
            Rule::Check => "check",
            Rule::NotNull => "not null",
            Rule::Other => "schema",
        })
    }
}

/// A failed statement and what it means for the transaction around it.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) cause: Cause,
}

/// What the engine's failure says about the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Found on our side; the engine does not know and the transaction lives.
    Ours,
    /// The engine refused: the transaction has failed.
    Refused,
    /// Serialization failure or deadlock: the same work may pass when run anew.
    Collision,
    /// The connection is gone and nothing was committed: run anew on another one.
    Lost,
}

impl Failure {
    /// A failure found before the engine was asked.
    pub(crate) fn ours(message: impl Into<String>) -> Failure {
        Error::Shape(message.into()).into()
    }

    /// Whether the whole unit may be run anew.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self.cause, Cause::Collision | Cause::Lost)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure { error, cause: Cause::Ours }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        failure.error
    }
}

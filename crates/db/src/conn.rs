//! A connection as units of work see it.

use crate::{
    Engine, Error, Record, Row, Statement,
    error::{Cause, Failure},
    postgres, sqlite,
};

/// A connection lent to one unit of work.
pub struct Conn<'a> {
    session: Session<'a>,
    failed: Option<Failure>,
}

/// The driver's connection below.
pub(crate) enum Session<'a> {
    Sqlite(&'a sqlite::File),
    Postgres(&'a mut postgres::Session),
}

/// Sees each row of a result; `false` means it has seen enough.
pub(crate) type Visit<'v> = &'v mut dyn FnMut(Row) -> Result<bool, Error>;

impl<'a> Conn<'a> {
    pub(crate) fn new(session: Session<'a>) -> Conn<'a> {
        Conn { session, failed: None }
    }

    /// Every row of the result.
    #[allow(clippy::needless_pass_by_value, reason = "a statement is made where it is used up")]
    pub fn all<T: Record>(&mut self, statement: Statement) -> Result<Vec<T>, Error> {
        let mut rows = Vec::new();
        self.execute(&statement, &mut |mut row| {
            rows.push(T::from_row(&mut row)?);
            Ok(true)
        })?;
        Ok(rows)
    }

    /// The first row, if there is one.
    #[allow(clippy::needless_pass_by_value, reason = "a statement is made where it is used up")]
    pub fn first<T: Record>(&mut self, statement: Statement) -> Result<Option<T>, Error> {
        let mut first = None;
        self.execute(&statement, &mut |mut row| {
            first.get_or_insert(T::from_row(&mut row)?);
            Ok(false)
        })?;
        Ok(first)
    }

    /// The only row; none or several are an error.
    pub fn one<T: Record>(&mut self, statement: Statement) -> Result<T, Error> {
        let text = statement.text.clone();
        let mut rows = self.all(statement)?;
        match (rows.pop(), rows.len()) {
            (Some(row), 0) => Ok(row),
            (None, _) => Err(Error::Shape(format!("one row expected, none found by: {text}"))),
            (Some(_), more) => Err(Error::Shape(format!("one row expected, {} found by: {text}", more + 1))),
        }
    }

    /// The engine below, for the few texts a mark cannot hold.
    pub fn engine(&self) -> Engine {
        match self.session {
            Session::Sqlite(_) => Engine::Sqlite,
            Session::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement; answers the number of rows changed.
    pub(crate) fn execute(&mut self, statement: &Statement, visit: Visit<'_>) -> Result<u64, Error> {
        self.guard(|session| match session {
            Session::Sqlite(connection) => sqlite::execute(connection, statement, visit),
            Session::Postgres(session) => session.execute(statement, visit),
        })
    }

    /// Shows the rows of a statement as they come and keeps none of them, however many there are.
    pub(crate) fn stream(&mut self, statement: &Statement, visit: Visit<'_>) -> Result<(), Error> {
        self.guard(|session| match session {
            Session::Sqlite(connection) => sqlite::execute(connection, statement, visit).map(drop),
            Session::Postgres(session) => session.stream(statement, visit),
        })
    }

    /// Runs several statements without parameters.
    pub(crate) fn script(&mut self, text: &str) -> Result<(), Error> {
        self.guard(|session| match session {
            Session::Sqlite(connection) => sqlite::script(connection, text),
            Session::Postgres(session) => session.script(text),
        })
    }

    /// After a failure `PostgreSQL` answers nothing but errors. Remembering the first one keeps both engines alike, and
    /// a function that swallows it from committing half its work.
    fn guard<T>(&mut self, run: impl FnOnce(&mut Session<'a>) -> Result<T, Failure>) -> Result<T, Error> {
        if let Some(failure) = &self.failed {
            return Err(failure.error.clone());
        }
        run(&mut self.session).map_err(|failure| {
            if failure.cause != Cause::Ours {
                self.failed = Some(failure.clone());
            }
            failure.error
        })
    }

    pub(crate) fn fail(&mut self, failure: Failure) {
        self.failed.get_or_insert(failure);
    }

    pub(crate) fn take_failure(&mut self) -> Option<Failure> {
        self.failed.take()
    }
}

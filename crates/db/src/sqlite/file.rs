//! Opening the file.

use rusqlite::Connection;

use super::errors;
use crate::{Error, Settings};

/// Prepared statements kept per connection.
const STATEMENTS: usize = 256;

/// The connection that writes. Makes the file when it is missing.
pub(super) fn open_writer(settings: &Settings) -> Result<Connection, Error> {
    let connection = open(settings)?;
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
        .map_err(errors::outside)?;
    if mode != "wal" {
        return Err(Error::Unavailable(format!(
            "{} cannot keep a write-ahead log",
            path(settings)?
        )));
    }
    // FULL: an acknowledged write survives a power cut.
    connection
        .pragma_update(None, "synchronous", "FULL")
        .map_err(errors::outside)?;
    Ok(connection)
}

/// A connection that reads and refuses to write.
pub(super) fn open_reader(settings: &Settings) -> Result<Connection, Error> {
    let connection = open(settings)?;
    connection
        .pragma_update(None, "query_only", true)
        .map_err(errors::outside)?;
    Ok(connection)
}

fn open(settings: &Settings) -> Result<Connection, Error> {
    let path = path(settings)?;
    let connection = Connection::open(path)
        .map_err(|error| Error::Unavailable(format!("cannot open {path}: {error}")))?;
    connection
        .busy_timeout(settings.lock_timeout)
        .map_err(errors::outside)?;
    connection
        .pragma_update(None, "foreign_keys", true)
        .map_err(errors::outside)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// The path in `sqlite:///path`, `sqlite://path` or `sqlite:path`.
fn path(settings: &Settings) -> Result<&str, Error> {
    let path = settings
        .url
        .strip_prefix("sqlite:")
        .map(|rest| rest.strip_prefix("//").unwrap_or(rest));
    match path {
        Some(path) if !path.is_empty() && !path.starts_with(':') => Ok(path),
        _ => Err(Error::Unavailable(
            "the address of the database names no file".into(),
        )),
    }
}

//! A connection to the file.

use std::{ops::Deref, sync::Arc};

use rusqlite::{Connection, config::DbConfig};

use super::{
    clock::{Clock, Running},
    errors,
    names::Names,
};
use crate::{Error, Settings};

/// Prepared statements kept per connection.
const STATEMENTS: usize = 256;

/// Pages the writer keeps in memory, in KiB: the inner pages of every index it adds to.
const WRITER_CACHE: i64 = 16 * 1024;
/// Pages each reader keeps, in KiB. Memory is taken as pages are read, so a small server stays small.
const READER_CACHE: i64 = 8 * 1024;

/// A connection whose statements may take a limited time.
pub(crate) struct File {
    connection: Connection,
    clock: Arc<Clock>,
    names: Names,
}

impl File {
    /// Limits the statement that runs until the value returned is dropped.
    pub(super) fn start_clock(&self) -> Running<'_> {
        self.clock.start()
    }

    /// The names of columns.
    pub(super) fn names(&self) -> &Names {
        &self.names
    }
}

impl Deref for File {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

/// The connection that writes. Makes the file when it is missing.
pub(super) fn open_writer(settings: &Settings) -> Result<File, Error> {
    let connection = open(settings)?;
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0)).map_err(errors::outside)?;
    if mode != "wal" {
        return Err(Error::Unavailable(format!("{} cannot keep a write-ahead log", path(settings)?)));
    }
    // FULL: an acknowledged write survives a power cut.
    connection.pragma_update(None, "synchronous", "FULL").map_err(errors::outside)?;
    // Each job has a savepoint, and what a savepoint keeps of many jobs would otherwise be written to a file.
    connection.pragma_update(None, "temp_store", "MEMORY").map_err(errors::outside)?;
    // The log is copied into the file every 16 MB, not every 4: a page that many commits change is copied once.
    connection.pragma_update(None, "wal_autocheckpoint", 4_096).map_err(errors::outside)?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE).map_err(errors::outside)?;
    Ok(connection)
}

/// A connection that reads and refuses to write.
pub(super) fn open_reader(settings: &Settings) -> Result<File, Error> {
    let connection = open(settings)?;
    connection.pragma_update(None, "query_only", true).map_err(errors::outside)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE).map_err(errors::outside)?;
    Ok(connection)
}

fn open(settings: &Settings) -> Result<File, Error> {
    let path = path(settings)?;
    let mut connection =
        Connection::open(path).map_err(|error| Error::Unavailable(format!("cannot open {path}: {error}")))?;
    connection.busy_timeout(settings.lock_timeout).map_err(errors::outside)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(errors::outside)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A plan must not depend on values: else SQLite, built with STAT4, parses a kept statement anew whenever they change.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(errors::outside)?;
    let clock = Clock::on(&mut connection, settings.statement_timeout)?;
    Ok(File { connection, clock, names: Names::default() })
}

/// The path in `sqlite:///path`, `sqlite://path` or `sqlite:path`.
fn path(settings: &Settings) -> Result<&str, Error> {
    let path = settings.url.strip_prefix("sqlite:").map(|rest| rest.strip_prefix("//").unwrap_or(rest));
    match path {
        Some(path) if !path.is_empty() && !path.starts_with(':') => Ok(path),
        _ => Err(Error::Unavailable("the address of the database names no file".into())),
    }
}

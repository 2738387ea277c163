//! One file that holds the whole database, whichever engine it came from, and the bodies of its files: JSON lines,
//! compressed. What stands in it is
//! described in docs/backup.md.
//!
//! Invariant: the file of a database is the same on both engines but for its first line, and tables are found by asking
//! the database, so none can be forgotten (`a_backup_holds_every_table_there_is`).

mod bodies;
mod copy;
mod format;
mod key;
mod read;
mod restore;
mod trouble;
mod write;

pub use bodies::Bodies;
pub use copy::copy;
pub use format::{Head, Known};
pub use key::{KeyMark, LockedKey, Passphrase};
pub use read::{Reader, verify};
pub use restore::restore;
pub use trouble::Trouble;
pub use write::{database, write};

/// What went into a file or came out of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Tables.
    pub tables: u64,
    /// Rows of all tables.
    pub rows: u64,
    /// Bodies of files.
    pub bodies: u64,
    /// Bodies that a file has and the store has lost. Nothing of them is written.
    pub missing: u64,
    /// SHA-256 of everything before the last line, in hexadecimal; the last line of the file holds it too.
    pub sha256: String,
}

/// Hears of each table that is done, with its rows.
pub type Told<'t> = &'t mut (dyn FnMut(&str, u64) + Send);

//! What can be measured: one file each.

mod audit;
mod invitation;
mod mail;
mod me;
mod pasted;
mod start;
mod users;

use std::{future::Future, path::Path};

use anyhow::Result;
use clap::ValueEnum;

use crate::table::Table;

/// A piece of work.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Work {
    /// `GET /api/v1/me` with a key, on `SQLite` and on `PostgreSQL`.
    Me,
    /// The Users page of a workspace with 50 members.
    Users,
    /// One invitation, written by 16 writers at once.
    Invitation,
    /// Start, memory and size of the binary.
    Start,
    /// A page of an audit log of a million events, on `SQLite` and on `PostgreSQL`.
    Audit,
    /// Mails out of the outbox, to a sink.
    Mail,
    /// A thousand pasted addresses: preview, and sending on `SQLite` and on `PostgreSQL`.
    Pasted,
}

impl Work {
    /// All of it, in the order of the table.
    pub fn all() -> Vec<Self> {
        Self::value_variants().to_vec()
    }

    /// As it is typed.
    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Measures it in a folder of its own and adds its lines to the table.
    pub fn measure(self, folder: &Path, table: &mut Table) -> Result<()> {
        std::fs::create_dir_all(folder)?;
        match self {
            Self::Me => me::measure(folder, table),
            Self::Users => users::measure(folder, table),
            Self::Invitation => invitation::measure(folder, table),
            Self::Start => start::measure(folder, table),
            Self::Audit => audit::measure(folder, table),
            Self::Mail => mail::measure(folder, table),
            Self::Pasted => pasted::measure(folder, table),
        }
    }
}

/// Runs it with the server's kind of runtime.
fn run<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

//! `cargo xtask bench`: how fast Muster is, measured against a floor in the same run.
//!
//! Machines differ and disks change their mind within a minute, so a number alone says little. Where a floor exists, the
//! same work is done by the bare library below us, in short rounds that take turns, and the table shows the ratio.

mod contest;
mod floor;
mod load;
mod process;
mod rounds;
mod rows;
mod server;
mod table;
mod world;

use std::{path::PathBuf, process::ExitCode, thread};

use anyhow::{Context, Result, anyhow};
use clap::{Parser, Subcommand};
use tempfile::TempDir;
use tokio::sync::oneshot;

use rows::Work;
use table::Table;

/// The server's allocator, for the floors too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures Muster: ratios to a floor, start and memory. About two minutes for everything.
#[derive(Debug, Parser)]
#[command(name = "bench", args_conflicts_with_subcommands = true)]
struct Bench {
    /// What to measure; everything if nothing is named.
    work: Vec<Work>,
    #[command(subcommand)]
    child: Option<Child>,
}

/// What the bench starts of itself.
#[derive(Debug, Subcommand)]
enum Child {
    /// Bare axum: gives the answer in this file to whoever asks for this path.
    #[command(hide = true)]
    Floor { file: PathBuf, path: String },
}

fn main() -> Result<ExitCode> {
    let bench = Bench::parse();
    if let Some(Child::Floor { file, path }) = bench.child {
        return floor::serve(&file, &path).map(|()| ExitCode::SUCCESS);
    }
    let work = if bench.work.is_empty() { Work::all() } else { bench.work };
    // Owned here, so that an interrupted bench leaves nothing behind. Child processes end with us.
    let folder = folder()?;
    let path = folder.path().to_owned();
    interruptible(move || {
        let mut table = Table::begin()?;
        work.into_iter().try_for_each(|work| work.measure(&path.join(work.name()), &mut table))
    })
}

/// Beside the programs: a build folder lies on a disk, `/tmp` often in memory, where a COMMIT costs nothing.
fn folder() -> Result<TempDir> {
    let beside = server::beside("")?;
    tempfile::Builder::new().prefix("bench-").tempdir_in(&beside).with_context(|| format!("in {}", beside.display()))
}

/// Runs it on a thread of its own, until its end or Ctrl-C.
fn interruptible(work: impl FnOnce() -> Result<()> + Send + 'static) -> Result<ExitCode> {
    let (report, done) = oneshot::channel();
    thread::spawn(move || report.send(work()));
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        tokio::select! {
            done = done => done.map_err(|_| anyhow!("the bench panicked"))?.map(|()| ExitCode::SUCCESS),
            stopped = tokio::signal::ctrl_c() => stopped.map(|()| ExitCode::FAILURE).context("waiting for Ctrl-C"),
        }
    })
}

//! Start on an existing database, memory while idle, size of the binary.

use std::{fs, path::Path, thread, time::Duration};

use anyhow::Result;

use super::run;
use crate::{
    process::memory,
    rounds::median,
    server::{Server, binary},
    table::{Reach, Table},
    world::{World, sqlite},
};

const STARTS: usize = 11;

/// What a server does after its start, before it is idle.
const SETTLE: Duration = Duration::from_secs(2);

/// Several starts, then one server that nobody asks anything.
pub fn measure(folder: &Path, table: &mut Table) -> Result<()> {
    run(async { World::new(&sqlite(folder)?).await?.grow_to(50).await })?;
    let starts: Vec<f64> = (0..STARTS).map(|_| start(folder)).collect::<Result<_>>()?;
    table.amount("start to /healthz, existing database", median(starts.iter().copied()), "ms", Reach::AtMost(150.0))?;
    table.note(format_args!("slowest of {STARTS}: {:.1} ms", starts.iter().copied().fold(0.0, f64::max)))?;
    let idle = Server::start(folder, &[])?;
    thread::sleep(SETTLE);
    let (all, own) = memory(idle.id())?;
    table.amount("memory idle", all, "MB", Reach::AtMost(40.0))?;
    table.note(format_args!("of these {own:.1} MB are its own; the rest is the binary, shared and evictable"))?;
    table.amount("release binary", size()?, "MB", Reach::AtMost(40.0))
}

fn start(folder: &Path) -> Result<f64> {
    Ok(Server::start(folder, &[])?.start.as_secs_f64() * 1e3)
}

/// In megabytes.
fn size() -> Result<f64> {
    let kilobytes = u32::try_from(fs::metadata(binary()?)?.len() / 1000)?;
    Ok(f64::from(kilobytes) / 1e3)
}

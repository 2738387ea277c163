//! One invitation with its rows, event and outbox, by 16 writers at once: ours, where they share a COMMIT, against
//! threads on bare rusqlite, where each has its own.

pub mod bare;
mod disk;
mod ours;

use std::{path::Path, time::Duration};

use anyhow::{Result, ensure};
use rusqlite::Connection;

use crate::{
    rounds::{self, Round, median},
    table::{Reach, Table},
};
use bare::Bare;
use disk::Disk;
use ours::Ours;

const WRITERS: usize = 16;

/// How long each side writes in a round.
const SPAN: Duration = Duration::from_millis(700);

/// What the floor did in a round.
struct Below {
    /// Invitations per second of as many writers as ours.
    many: f64,
    /// Those of one writer alone.
    one: f64,
    /// How long the disk took to keep a page, in milliseconds.
    fsync: f64,
}

/// Writes the same invitations to two databases on the same disk.
pub fn measure(folder: &Path, table: &mut Table) -> Result<()> {
    let (ours, bare, disk) =
        (Ours::open(&folder.join("ours"))?, Bare::open(&folder.join("bare"))?, Disk::open(folder)?);
    same_rows(&ours, &bare)?;
    let below = || {
        Ok(Below {
            many: bare.rate(WRITERS, SPAN)?,
            one: bare.rate(1, SPAN)?,
            fsync: disk.fsync()?.as_secs_f64() * 1e3,
        })
    };
    let rounds = rounds::play(|| ours.rate(WRITERS, SPAN), below)?;
    tell(&rounds, table)
}

fn tell(rounds: &[Round<f64, Below>], table: &mut Table) -> Result<()> {
    let middle = |of: &dyn Fn(&Round<f64, Below>) -> f64| median(rounds.iter().map(of));
    let (measured, many, one) = (middle(&|it| it.measured), middle(&|it| it.floor.many), middle(&|it| it.floor.one));
    let ratio = middle(&|it| it.measured / it.floor.many);
    table.ratio(&format!("one invitation, {WRITERS} writers"), measured, many, ratio, Reach::AtLeast(5.0))?;
    let ratio = middle(&|it| it.measured / it.floor.one);
    table.ratio("the same against one bare writer alone", measured, one, ratio, Reach::Nothing)?;
    let fsyncs = || rounds.iter().map(|it| it.floor.fsync);
    table.note(format_args!(
        "fsync {:.2} ms; from round to round {:.2} to {:.2} ms",
        median(fsyncs()),
        fsyncs().fold(f64::INFINITY, f64::min),
        fsyncs().fold(0.0, f64::max)
    ))
}

/// One invitation adds as many rows to each table on both sides, so they do the same work.
fn same_rows(ours: &Ours, bare: &Bare) -> Result<()> {
    // The first one adds the day's rows of the quotas.
    for _ in 0..2 {
        let before = (rows(&ours.file)?, rows(&bare.file)?);
        ours.once()?;
        bare.once()?;
        let (ours, bare) = (added(&before.0, &rows(&ours.file)?), added(&before.1, &rows(&bare.file)?));
        ensure!(ours == bare, "the floor does other work than ours: {bare:?} in place of {ours:?}");
        ensure!(ours.len() > 4, "an invitation touches more tables than {ours:?}");
    }
    Ok(())
}

/// How many rows each table has.
fn rows(file: &Path) -> Result<Vec<(String, i64)>> {
    let db = Connection::open(file)?;
    let mut tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
    let tables: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let count = |table: String| {
        let rows = db.query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |row| row.get(0))?;
        Ok((table, rows))
    };
    tables.into_iter().map(count).collect()
}

fn added<'t>(before: &'t [(String, i64)], after: &[(String, i64)]) -> Vec<(&'t str, i64)> {
    let added = before.iter().zip(after).map(|((table, before), (_, after))| (table.as_str(), after - before));
    added.filter(|(_, rows)| *rows != 0).collect()
}

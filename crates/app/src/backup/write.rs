//! From the database into a file.

use std::{io::Write, sync::Arc};

use data_encoding::HEXLOWER;
use db::{Conn, Db, Table};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

use super::{
    Head, KeyMark, LockedKey, Summary, Told, Trouble, bodies,
    format::{Begin, End, FORMAT, Tail, Tally, line, row},
};
use crate::{Clock, objects::Objects};

/// Writes all tables, compressed, from one snapshot; a server may go on writing beside it. Gives `out` back, not yet
/// flushed.
pub async fn database<W: Write + Send + 'static>(
    db: &Db,
    objects: Arc<dyn Objects>,
    out: W,
    key: (Option<KeyMark>, Option<LockedKey>),
    clock: Clock,
    mut told: impl FnMut(&str, u64) + Send + 'static,
) -> Result<(Summary, W), Trouble> {
    db.read(move |conn| {
        let mut packed = GzEncoder::new(out, Compression::default());
        let head = head(conn, key, &clock)?;
        let summary = write(conn, &head, Some(&*objects), &mut packed, &mut told)?;
        Ok((summary, packed.finish()?))
    })
    .await
}

pub(super) fn head(
    conn: &mut Conn,
    (key_mark, key): (Option<KeyMark>, Option<LockedKey>),
    clock: &Clock,
) -> Result<Head, Trouble> {
    Ok(Head {
        format: FORMAT,
        made_at: clock.now().at,
        made_by: env!("CARGO_PKG_VERSION").to_owned(),
        migrations: conn.migrations()?.into_iter().map(Into::into).collect(),
        key_mark,
        key,
    })
}

/// Writes the lines of all tables as this transaction sees them, then the bodies its files have. Never more than a few rows
/// or pieces are in memory.
pub fn write(
    conn: &mut Conn,
    head: &Head,
    objects: Option<&dyn Objects>,
    out: &mut dyn Write,
    told: Told,
) -> Result<Summary, Trouble> {
    let mut lines = Lines { out, hash: Sha256::new() };
    lines.put(&line(head)?)?;
    let mut summary = Summary::default();
    for table in conn.tables()? {
        let rows = lines.table(conn, &table)?;
        summary.tables += 1;
        summary.rows += rows;
        told(&table.name, rows);
    }
    if let Some(objects) = objects {
        bodies::write(conn, objects, &mut |line| lines.put(line), &mut summary, told)?;
    }
    summary.sha256 = HEXLOWER.encode(&lines.hash.clone().finalize());
    let Summary { tables, rows, bodies, ref sha256, .. } = summary;
    lines.put(&line(&Tail { tables, rows, bodies, sha256: sha256.clone() })?)?;
    Ok(summary)
}

struct Lines<'o> {
    out: &'o mut dyn Write,
    hash: Sha256,
}

impl Lines<'_> {
    fn put(&mut self, line: &[u8]) -> Result<(), Trouble> {
        self.hash.update(line);
        Ok(self.out.write_all(line)?)
    }

    fn table(&mut self, conn: &mut Conn, table: &Table) -> Result<u64, Trouble> {
        self.put(&line(&Begin::of(table))?)?;
        let mut tally = Tally::default();
        conn.each_row(table, |values| {
            let row = row(&values)?;
            tally.add(&row);
            self.put(&row)
        })?;
        let rows = tally.rows;
        self.put(&line(&End { table: table.name.clone(), rows, sha256: tally.sha256() })?)?;
        Ok(rows)
    }
}

/// What a table's rows come to, as [`write()`] would count and hash them.
pub(super) fn tally(conn: &mut Conn, table: &Table) -> Result<Tally, Trouble> {
    let mut tally = Tally::default();
    conn.each_row(table, |values| {
        tally.add(&row(&values)?);
        Ok::<_, Trouble>(())
    })?;
    Ok(tally)
}

//! From a file into a database: all of it or nothing, and read back before it is kept.

use db::{Db, Table, Tx, Value};
use store::{migrations, server};

use super::{
    Bodies, Reader, Summary, Told, Trouble,
    bodies::keep,
    format::{Begin, End},
    read::Piece,
    write::tally,
};

/// Fills a database that is empty, or any with `replace`, which loses what it held. Tables are brought to the file's
/// state first and to today's afterwards. Bodies of files are kept as they come: by their digests they are right or not
/// there, and those nobody refers to in the end are swept. Verify the file before: here a damage shows late, though nothing is kept then.
pub async fn restore(
    db: &Db,
    bodies: Option<Bodies>,
    reader: Reader,
    replace: bool,
    mut told: impl FnMut(&str, u64) + Send + 'static,
) -> Result<Summary, Trouble> {
    let steps = reader.head().steps()?;
    db.migrate(steps).await.map_err(|error| match error {
        db::Error::Newer { found, known } => Trouble::TargetAhead { found, wanted: known },
        error => error.into(),
    })?;
    let summary = db.load(move |tx| load(tx, bodies.as_ref(), reader, replace, &mut told)).await?;
    db.migrate(migrations::ALL).await?;
    Ok(summary)
}

fn load(
    tx: &mut Tx,
    bodies: Option<&Bodies>,
    mut reader: Reader,
    replace: bool,
    told: Told,
) -> Result<Summary, Trouble> {
    let holds = server::holds(tx)?;
    if !replace && !holds.is_nothing() {
        return Err(Trouble::NotEmpty(holds));
    }
    let tables = tx.tables()?;
    for table in &tables {
        tx.clear(table)?;
    }
    let mut written: Vec<(Table, End)> = Vec::new();
    while let Some(piece) = reader.next()? {
        let begin = match piece {
            Piece::Begin(begin) => begin,
            Piece::Body(key) => {
                if let Some(bodies) = bodies {
                    keep(bodies, key, &mut reader)?;
                }
                continue;
            }
            Piece::Row(_) | Piece::End(_) => return Err(Trouble::damaged("a row stands outside of its table")),
        };
        let done = fill(tx, &tables, &begin, &mut reader)?;
        told(&done.0.name, done.1.rows);
        written.push(done);
    }
    if let Some(missing) = tables.iter().find(|table| written.iter().all(|(other, _)| other.name != table.name)) {
        return Err(Trouble::damaged(format!("the table {} is missing", missing.name)));
    }
    written.iter().try_for_each(|(table, end)| reads_back(tx, table, end))?;
    Ok(reader.summary())
}

/// Rows that go in together.
const AT_ONCE: usize = 200;

fn fill(tx: &mut Tx, tables: &[Table], begin: &Begin, reader: &mut Reader) -> Result<(Table, End), Trouble> {
    let known = tables.iter().find(|table| table.name == begin.table);
    let known = known.ok_or_else(|| Trouble::damaged(format!("there is no table {}", begin.table)))?;
    let names: Vec<&str> = begin.columns.iter().map(|column| column.name.as_str()).collect();
    let table = known.in_order(&names)?;
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(AT_ONCE);
    loop {
        match reader.next()? {
            Some(Piece::Row(row)) => {
                rows.push(row);
                if rows.len() == AT_ONCE {
                    tx.fill(&table, std::mem::take(&mut rows))?;
                }
            }
            Some(Piece::End(end)) => {
                tx.fill(&table, rows)?;
                return Ok((table, end));
            }
            Some(Piece::Begin(_) | Piece::Body(_)) | None => return Err(Trouble::damaged("a table does not end")),
        }
    }
}

fn reads_back(tx: &mut Tx, table: &Table, end: &End) -> Result<(), Trouble> {
    let found = tally(tx, table)?;
    if found.rows != end.rows || found.sha256() != end.sha256 {
        return Err(Trouble::ReadsBackDifferently(table.name.clone()));
    }
    Ok(())
}

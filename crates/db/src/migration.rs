//! Numbered changes of the schema, forward only.

use sha2::{Digest, Sha256};

use crate::{Conn, Engine, Error, Record, Row, Rule, Tx, Value, sql, text};

/// One change of the schema, for both engines.
///
/// Its text may hold the comment marks of all SQL, and type marks: `{uuid}`, `{bytes}`, `{int}`, `{time}` (microseconds
/// in UTC), `{bool}`, `{text}` (sorted by byte), `{serial}` (a counting primary key) and `{strict}` after the columns.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Its place: numbers rise, gaps are allowed.
    pub number: u32,
    /// What it is about, for people.
    pub name: &'static str,
    /// Its statements. Never changed once released: their checksum is kept in the database.
    pub sql: &'static str,
}

impl Migration {
    /// SHA-256 of its text.
    pub fn checksum(&self) -> Vec<u8> {
        Sha256::digest(self.sql).to_vec()
    }
}

/// A migration the database has run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// SHA-256 of its text.
    pub checksum: Vec<u8>,
}

impl Record for Applied {
    fn from_row(row: &mut Row) -> Result<Applied, Error> {
        let number: i64 = row.get("number")?;
        let number = u32::try_from(number).map_err(|_| Error::Shape(format!("migration {number}")))?;
        Ok(Applied { number, name: row.get("name")?, checksum: row.get("checksum")? })
    }
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (\
     number {int} PRIMARY KEY, name {text} NOT NULL, checksum {bytes} NOT NULL) {strict}";

impl Conn<'_> {
    /// The migrations a database has run, in order. One that never ran any is refused by the engine.
    pub fn migrations(&mut self) -> Result<Vec<Applied>, Error> {
        self.all(sql!("SELECT number, name, checksum FROM schema_migration ORDER BY number"))
    }
}

/// Runs what is pending, inside a transaction that is kept whole or not at all.
pub(crate) fn run(tx: &mut Tx<'_>, migrations: &[Migration]) -> Result<(), Error> {
    let engine = tx.engine();
    tx.script(&text::migration(TABLE, engine)?)?;
    let applied = tx.migrations()?;
    let pending = pending(&applied, migrations)?;
    for migration in pending {
        tracing::info!(number = migration.number, name = migration.name, "migrating");
        tx.script(&text::migration(migration.sql, engine)?)?;
        tx.run(sql!(
            "INSERT INTO schema_migration (number, name, checksum) VALUES (?, ?, ?)",
            migration.number,
            migration.name,
            migration.checksum()
        ))?;
    }
    if engine == Engine::Sqlite && !pending.is_empty() {
        check_references(tx)?;
    }
    Ok(())
}

/// The migrations still to run, or why the database and this program do not belong together.
fn pending<'m>(applied: &[Applied], known: &'m [Migration]) -> Result<&'m [Migration], Error> {
    if let Some(pair) = known.windows(2).find(|pair| pair[0].number >= pair[1].number) {
        return Err(Error::Shape(format!("migration {} is out of order", pair[1].number)));
    }
    let last = known.last().map_or(0, |migration| migration.number);
    if let Some(newer) = applied.last().filter(|applied| applied.number > last) {
        return Err(Error::Newer { found: newer.number, known: last });
    }
    for (at, applied) in applied.iter().enumerate() {
        let same = |known: &Migration| known.number == applied.number && known.checksum() == applied.checksum;
        if !known.get(at).is_some_and(same) {
            return Err(Error::Changed { number: applied.number, name: applied.name.clone() });
        }
    }
    Ok(&known[applied.len()..])
}

/// Refuses to commit a reference that leads nowhere.
pub(crate) fn check_references(tx: &mut Tx<'_>) -> Result<(), Error> {
    let Some(mut broken) = tx.first::<Row>(sql!("PRAGMA foreign_key_check"))? else {
        return Ok(());
    };
    let name = match (broken.take("table")?, broken.take("parent")?) {
        (Value::Text(table), Value::Text(parent)) => format!("{table} to {parent}"),
        _ => String::new(),
    };
    Err(Error::Constraint { rule: Rule::ForeignKey, name })
}

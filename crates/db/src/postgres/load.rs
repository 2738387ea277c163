//! Filling a database without regard to the order of its tables.

use crate::{Error, Record, Row, Tx, sql};

/// A foreign key, as the server describes it.
struct Reference {
    table: String,
    name: String,
    definition: String,
}

impl Record for Reference {
    fn from_row(row: &mut Row) -> Result<Reference, Error> {
        Ok(Reference { table: row.get("in_table")?, name: row.get("name")?, definition: row.get("definition")? })
    }
}

const REFERENCES: &str = "SELECT CAST(CAST(conrelid AS regclass) AS text) AS in_table, quote_ident(conname) AS name,
    pg_get_constraintdef(k.oid) AS definition FROM pg_constraint k
    JOIN pg_namespace n ON n.oid = k.connamespace AND n.nspname = current_schema()
    WHERE contype = 'f' ORDER BY 1, 2";

/// The counters behind keys that count.
const COUNTERS: &str = "SELECT CAST(CAST(a.attrelid AS regclass) AS text) AS in_table, quote_ident(a.attname) AS name,
    CAST(pg_get_serial_sequence(CAST(CAST(a.attrelid AS regclass) AS text), a.attname) AS text) AS definition
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
    WHERE a.attidentity <> '' AND NOT a.attisdropped ORDER BY 1, 2";

/// Takes the foreign keys down, which also locks their tables, and puts them up again afterwards: the server checks
/// each in one go then. It is all in the transaction.
pub(super) fn load<T, E: From<Error>>(tx: &mut Tx<'_>, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
    let references: Vec<Reference> = tx.all(sql!(REFERENCES))?;
    for Reference { table, name, .. } in &references {
        tx.script(&format!("ALTER TABLE {table} DROP CONSTRAINT {name}"))?;
    }
    let loaded = work(tx)?;
    for Reference { table, name, definition } in &references {
        tx.script(&format!("ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"))?;
    }
    count_on(tx)?;
    Ok(loaded)
}

/// Lets counters go on after the highest key there is.
fn count_on(tx: &mut Tx<'_>) -> Result<(), Error> {
    let counters: Vec<Reference> = tx.all(sql!(COUNTERS))?;
    for Reference { table, name, definition: counter } in counters {
        let counter = counter.replace('\'', "''");
        tx.script(&format!("SELECT setval('{counter}', MAX({name})) FROM {table} HAVING MAX({name}) IS NOT NULL"))?;
    }
    Ok(())
}

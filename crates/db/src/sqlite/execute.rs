//! Running statements on a rusqlite connection.

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use uuid::Uuid;

use super::{errors, file::File};
use crate::{Engine, Row, Statement, Value, conn::Visit, error::Failure, row::Columns, text};

/// Runs one statement and shows its rows; answers the number of rows changed.
pub(crate) fn execute(file: &File, statement: &Statement, visit: Visit<'_>) -> Result<u64, Failure> {
    let text = text::unwrap(&statement.text, Engine::Sqlite);
    let refused = |error| errors::statement(error, &statement.text);
    let mut prepared = file.prepare_cached(&text).map_err(refused)?;
    statement.check(prepared.parameter_count())?;
    for (at, value) in statement.params.iter().enumerate() {
        prepared.raw_bind_parameter(at + 1, value).map_err(refused)?;
    }
    let before = file.total_changes();
    let clock = file.start_clock();
    step(file, statement, &mut prepared, visit)?;
    drop(clock);
    // changes() still speaks of the statement before when this one could not change rows.
    Ok(if file.total_changes() == before { 0 } else { file.changes() })
}

/// Shows row after row. What changes rows is run to its end, whether or not the rest of its rows is wanted.
fn step(
    file: &File,
    statement: &Statement,
    prepared: &mut rusqlite::Statement<'_>,
    visit: Visit<'_>,
) -> Result<(), Failure> {
    let reads_only = prepared.readonly();
    let mut rows = prepared.raw_query();
    let mut columns: Option<Columns> = None;
    let mut wanted = true;
    while let Some(row) = rows.next().map_err(|error| errors::statement(error, &statement.text))? {
        let columns = columns.get_or_insert_with(|| file.names().of(statement, row.as_ref()));
        wanted = wanted && visit(read(row, columns)?)?;
        if !wanted && reads_only {
            break;
        }
    }
    Ok(())
}

/// Runs several statements without parameters.
pub(crate) fn script(file: &File, text: &str) -> Result<(), Failure> {
    file.execute_batch(text).map_err(|error| errors::statement(error, text))
}

fn read(row: &rusqlite::Row<'_>, columns: &Columns) -> Result<Row, Failure> {
    let mut values = Vec::with_capacity(columns.len());
    for (at, column) in columns.iter().enumerate() {
        let value = row.get_ref(at).map_err(|error| errors::statement(error, column))?;
        values.push(Some(from_sqlite(value, column)?));
    }
    Ok(Row::new(columns.clone(), values))
}

/// 16 bytes are mostly an id, and an id needs no memory of its own; whoever wants bytes gets them from it.
fn from_sqlite(value: ValueRef<'_>, column: &str) -> Result<Value, Failure> {
    let found = |what| Failure::ours(format!("column {column} holds {what}"));
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(it) => Value::Int(it),
        ValueRef::Text(it) => Value::Text(str::from_utf8(it).map_err(|_| found("text that is not UTF-8"))?.into()),
        ValueRef::Blob(it) => Uuid::from_slice(it).map_or_else(|_| Value::Bytes(it.into()), Value::Uuid),
        ValueRef::Real(_) => return Err(found("a floating-point number")),
    })
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(it) => ValueRef::Integer(*it),
            Value::Bool(it) => ValueRef::Integer((*it).into()),
            Value::Text(it) => ValueRef::Text(it.as_bytes()),
            Value::Bytes(it) => ValueRef::Blob(it),
            Value::Uuid(it) => ValueRef::Blob(it.as_bytes()),
        }))
    }
}

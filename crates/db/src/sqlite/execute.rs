//! Running statements on a rusqlite connection.

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};

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
    step(&mut prepared, &refused, visit)?;
    drop(clock);
    // changes() still speaks of the statement before when this one could not change rows.
    Ok(if file.total_changes() == before { 0 } else { file.changes() })
}

/// Shows row after row. What changes rows is run to its end, whether or not the rest of its rows is wanted.
fn step(
    prepared: &mut rusqlite::Statement<'_>,
    refused: &dyn Fn(rusqlite::Error) -> Failure,
    visit: Visit<'_>,
) -> Result<(), Failure> {
    let reads_only = prepared.readonly();
    let mut rows = prepared.raw_query();
    let mut columns: Option<Columns> = None;
    let mut wanted = true;
    while let Some(row) = rows.next().map_err(refused)? {
        // Named by the first row, not before: after a change of the schema the first step prepares the text anew.
        let columns = columns.get_or_insert_with(|| row.as_ref().column_names().map(Into::into).collect());
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
    let values = (0..columns.len()).map(|at| {
        let value = row.get_ref(at).map_err(|error| errors::statement(error, &columns[at]))?;
        Ok(Some(from_sqlite(value, &columns[at])?))
    });
    Ok(Row::new(columns.clone(), values.collect::<Result<_, Failure>>()?))
}

fn from_sqlite(value: ValueRef<'_>, column: &str) -> Result<Value, Failure> {
    let found = |what| Failure::ours(format!("column {column} holds {what}"));
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(it) => Value::Int(it),
        ValueRef::Text(it) => Value::Text(str::from_utf8(it).map_err(|_| found("text that is not UTF-8"))?.into()),
        ValueRef::Blob(it) => Value::Bytes(it.into()),
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

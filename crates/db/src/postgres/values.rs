//! Values on the wire.

use std::error::Error as StdError;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type};
use uuid::Uuid;

use crate::{Row, Value, error::Failure, row::Columns};

/// The type a value is sent as; the server infers that of a null.
pub(super) fn type_of(value: &Value) -> Type {
    match value {
        Value::Null => Type::UNKNOWN,
        Value::Int(_) => Type::INT8,
        Value::Bool(_) => Type::BOOL,
        Value::Text(_) => Type::TEXT,
        Value::Bytes(_) => Type::BYTEA,
        Value::Uuid(_) => Type::UUID,
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(it) => it.to_sql(ty, out),
            Value::Bool(it) => it.to_sql(ty, out),
            Value::Text(it) => it.to_sql(ty, out),
            Value::Bytes(it) => it.to_sql(ty, out),
            Value::Uuid(it) => it.to_sql(ty, out),
        }
    }

    /// Every type: it was chosen by the value.
    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

/// The names of a result's columns.
pub(super) fn columns(row: &tokio_postgres::Row) -> Columns {
    row.columns().iter().map(|column| column.name().into()).collect()
}

/// A row in our values.
pub(super) fn read(row: &tokio_postgres::Row, columns: &Columns) -> Result<Row, Failure> {
    let values = (0..columns.len()).map(|at| column(row, at).map(Some));
    Ok(Row::new(columns.clone(), values.collect::<Result<_, Failure>>()?))
}

fn column(row: &tokio_postgres::Row, at: usize) -> Result<Value, Failure> {
    let column = &row.columns()[at];
    let value = match *column.type_() {
        Type::INT8 => row.try_get::<_, Option<i64>>(at).map(Value::from),
        Type::INT4 => row.try_get::<_, Option<i32>>(at).map(Value::from),
        Type::INT2 => row.try_get::<_, Option<i16>>(at).map(|it| it.map(i64::from).into()),
        Type::BOOL => row.try_get::<_, Option<bool>>(at).map(Value::from),
        Type::TEXT | Type::VARCHAR | Type::NAME => row.try_get::<_, Option<String>>(at).map(Value::from),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at).map(Value::from),
        Type::UUID => row.try_get::<_, Option<Uuid>>(at).map(Value::from),
        // What functions called for their effect answer.
        Type::VOID => Ok(Value::Null),
        ref other => {
            return Err(Failure::ours(format!("column {} has the type {other}", column.name())));
        }
    };
    value.map_err(|error| Failure::ours(format!("column {}: {error}", column.name())))
}

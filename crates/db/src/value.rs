//! What travels between the product and the engines.

use uuid::Uuid;

use crate::Error;

/// One value, as a parameter or in a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// A 64-bit integer; times are microseconds in UTC.
    Int(i64),
    /// Yes or no; an integer 0 or 1 on `SQLite`.
    Bool(bool),
    /// Text without NUL, which `PostgreSQL` cannot hold.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An id; a blob of 16 bytes on `SQLite`.
    Uuid(Uuid),
}

impl Value {
    /// What this is, for messages. Never the value itself, which may be a secret.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Int(_) => "an integer",
            Value::Bool(_) => "a boolean",
            Value::Text(_) => "text",
            Value::Bytes(_) => "bytes",
            Value::Uuid(_) => "a uuid",
        }
    }

    fn unexpected(&self, wanted: &str) -> Error {
        Error::Shape(format!("expected {wanted}, found {}", self.kind()))
    }
}

macro_rules! into_value {
    ($($from:ty => |$it:ident| $value:expr;)*) => {$(
        impl From<$from> for Value {
            fn from($it: $from) -> Value {
                $value
            }
        }
    )*};
}

into_value! {
    i64 => |it| Value::Int(it);
    i32 => |it| Value::Int(it.into());
    u32 => |it| Value::Int(it.into());
    bool => |it| Value::Bool(it);
    &str => |it| Value::Text(it.to_owned());
    &String => |it| Value::Text(it.clone());
    String => |it| Value::Text(it);
    &[u8] => |it| Value::Bytes(it.to_owned());
    Vec<u8> => |it| Value::Bytes(it);
    Uuid => |it| Value::Uuid(it);
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Value {
        Value::Bytes(bytes.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

macro_rules! from_value {
    ($($to:ty, $wanted:literal, { $($pattern:pat $(if $guard:expr)? => $value:expr,)* };)*) => {$(
        impl TryFrom<Value> for $to {
            type Error = Error;

            fn try_from(value: Value) -> Result<$to, Error> {
                match value {
                    $($pattern $(if $guard)? => Ok($value),)*
                    other => Err(other.unexpected($wanted)),
                }
            }
        }

        impl TryFrom<Value> for Option<$to> {
            type Error = Error;

            fn try_from(value: Value) -> Result<Option<$to>, Error> {
                match value {
                    Value::Null => Ok(None),
                    value => <$to>::try_from(value).map(Some),
                }
            }
        }
    )*};
}

from_value! {
    i64, "an integer", { Value::Int(it) => it, };
    bool, "a boolean", {
        Value::Bool(it) => it,
        Value::Int(0) => false,
        Value::Int(1) => true,
    };
    String, "text", { Value::Text(it) => it, };
    Vec<u8>, "bytes", {
        Value::Bytes(it) => it,
        Value::Uuid(it) => it.as_bytes().to_vec(),
    };
    Uuid, "a uuid", {
        Value::Uuid(it) => it,
    };
}

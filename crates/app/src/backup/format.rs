//! The lines of the file.

use data_encoding::HEXLOWER;
use db::{Applied, Kind, Migration, Table, Value};
use domain::time::Time;
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};
use store::migrations;

use uuid::Uuid;

use super::{KeyMark, LockedKey, Trouble};
use crate::objects::Key;

/// The format written here. A change that older programs would misread counts it up.
pub const FORMAT: u32 = 1;

/// The first line: what this is and where it belongs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Head {
    /// The format.
    #[serde(rename = "muster_backup")]
    pub format: u32,
    /// When the snapshot was taken.
    pub made_at: Time,
    /// The version of the program that wrote it.
    pub made_by: String,
    /// What the database had been through.
    pub migrations: Vec<Known>,
    /// Tells which key the secrets in the tables are sealed under, without telling the key.
    pub key_mark: Option<KeyMark>,
    /// The key itself, if it was asked for, locked by a passphrase.
    pub key: Option<LockedKey>,
}

/// A migration the database has run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Known {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
}

impl From<Applied> for Known {
    fn from(applied: Applied) -> Self {
        Self { number: applied.number, name: applied.name, sha256: HEXLOWER.encode(&applied.checksum) }
    }
}

impl Head {
    /// The migrations of this program that lead to the file's tables.
    pub(super) fn steps(&self) -> Result<&'static [Migration], Trouble> {
        if self.format > FORMAT {
            return Err(Trouble::NewerFormat { found: self.format, known: FORMAT });
        }
        let last = |numbers: Option<u32>| numbers.unwrap_or_default();
        let known = last(migrations::ALL.last().map(|migration| migration.number));
        let found = last(self.migrations.last().map(|step| step.number));
        if found > known {
            return Err(Trouble::NewerDatabase { found, known });
        }
        for (at, step) in self.migrations.iter().enumerate() {
            let same =
                |ours: &Migration| ours.number == step.number && HEXLOWER.encode(&ours.checksum()) == step.sha256;
            if !migrations::ALL.get(at).is_some_and(same) {
                return Err(Trouble::OtherDatabase(step.number));
            }
        }
        Ok(&migrations::ALL[..self.migrations.len()])
    }
}

/// Any line that is no row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Mark {
    /// A table begins.
    Begin(Begin),
    /// It ends.
    End(End),
    /// The body of a file begins.
    Body(NamedBody),
    /// The database ends, and with it the file.
    Tail(Tail),
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Begin {
    pub table: String,
    pub columns: Vec<Named>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Named {
    pub name: String,
    pub kind: Neutral,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct End {
    #[serde(rename = "end_of")]
    pub table: String,
    pub rows: u64,
    pub sha256: String,
}

/// The body of a file: whose, and what it must come to. Lines of its bytes follow, in base64.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct NamedBody {
    pub body: String,
    pub sha256: String,
    pub size: u64,
}

impl NamedBody {
    pub fn of(key: Key, size: u64) -> Self {
        Self { body: Uuid::from(key.workspace).simple().to_string(), sha256: key.digest.to_string(), size }
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Tail {
    pub tables: u64,
    pub rows: u64,
    pub bodies: u64,
    pub sha256: String,
}

/// What a column holds, in words both engines share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Neutral {
    /// Integers, times in microseconds, and yes and no as 1 and 0.
    Int,
    Text,
    /// Bytes and ids in hexadecimal.
    Bytes,
}

impl Begin {
    pub fn of(table: &Table) -> Self {
        let named = |column: &db::Column| Named { name: column.name.clone(), kind: column.kind.into() };
        Self { table: table.name.clone(), columns: table.columns.iter().map(named).collect() }
    }
}

impl From<Kind> for Neutral {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Int | Kind::Bool => Self::Int,
            Kind::Text => Self::Text,
            Kind::Bytes | Kind::Uuid => Self::Bytes,
        }
    }
}

impl Neutral {
    /// The value that stands in a row.
    pub fn read(self, found: serde_json::Value) -> Option<Value> {
        use serde_json::Value as Json;
        Some(match (self, found) {
            (_, Json::Null) => Value::Null,
            (Self::Int, Json::Number(it)) => Value::Int(it.as_i64()?),
            (Self::Text, Json::String(it)) => Value::Text(it),
            (Self::Bytes, Json::String(it)) => Value::Bytes(HEXLOWER.decode(it.as_bytes()).ok()?),
            _ => return None,
        })
    }
}

/// A value as it stands in a row, the same from both engines.
struct Cell<'v>(&'v Value);

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => to.serialize_unit(),
            Value::Int(it) => to.serialize_i64(*it),
            Value::Bool(it) => to.serialize_i64((*it).into()),
            Value::Text(it) => to.serialize_str(it),
            Value::Bytes(it) => to.serialize_str(&HEXLOWER.encode(it)),
            Value::Uuid(it) => to.serialize_str(&HEXLOWER.encode(it.as_bytes())),
        }
    }
}

/// A row's line, with its line break.
pub(super) fn row(values: &[Value]) -> Result<Vec<u8>, Trouble> {
    line(&values.iter().map(Cell).collect::<Vec<_>>())
}

/// The line of anything else.
pub(super) fn line(what: &impl Serialize) -> Result<Vec<u8>, Trouble> {
    let mut line = serde_json::to_vec(what).map_err(std::io::Error::from)?;
    line.push(b'\n');
    Ok(line)
}

/// The rows of one table, counted and hashed.
#[derive(Default)]
pub(super) struct Tally {
    pub rows: u64,
    hash: Sha256,
}

impl Tally {
    pub fn add(&mut self, line: &[u8]) {
        self.rows += 1;
        self.hash.update(line);
    }

    pub fn sha256(self) -> String {
        HEXLOWER.encode(&self.hash.finalize())
    }
}

//! Everything of a workspace in one document: JSON, compressed, to be read by people and programs.

use std::io::Write;

use data_encoding::HEXLOWER;
use db::{Conn, Tx, Value};
use domain::{
    access::{May, OwnWorkspace},
    event::{Attempt, Event, What},
    now::Now,
    time::Time,
};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Map, Value as Json, json};
use store::{
    Again,
    belongings::{self, Belonging},
    events, migrations, workspaces,
};

use crate::Failure;

/// Notes who takes everything with him.
pub fn note(tx: &mut Tx, may: &May<OwnWorkspace>, now: &Now) -> Result<(), Failure> {
    now.tries(Attempt::new(What::WorkspaceRefused, "workspace", may.workspace(), "export").by(may));
    let still = tx.still(may, now.at)?;
    let workspace = workspaces::named(tx, still.workspace())?;
    let event = Event::new(What::WorkspaceExported, "workspace", workspace.id, workspace.name);
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?)
}

/// The document, packed by gzip: the workspace, the people its rows name, and each table that belongs to it. Hashes and
/// sealed secrets stay out: nobody could use them elsewhere.
pub fn document(db: &mut Conn, may: &May<OwnWorkspace>, now: &Now) -> Result<Vec<u8>, Failure> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    write(db, may, &mut out, now).and_then(|()| out.finish().map_err(|error| Failure::Broken(error.to_string())))
}

fn write(db: &mut Conn, may: &May<OwnWorkspace>, out: &mut dyn Write, now: &Now) -> Result<(), Failure> {
    let workspace = workspaces::of(db, may.member())?;
    let own = json!({"id": workspace.id, "slug": workspace.slug, "name": workspace.name});
    let people: Vec<Json> = belongings::people(db, may.workspace())?
        .into_iter()
        .map(|person| json!({"id": uuid::Uuid::from(person.id).to_string(), "name": person.name, "address": person.address}))
        .collect();
    put(out, &format!("{{\n\"muster_workspace\": 1,\n\"made_at\": {},\n", json!(now.at)))?;
    put(out, &format!("\"workspace\": {own},\n\"people\": {}", json!(people)))?;
    for belonging in belongings::tables(db)? {
        table(db, may, &belonging, out)?;
    }
    put(out, "\n}\n")
}

fn table(db: &mut Conn, may: &May<OwnWorkspace>, belonging: &Belonging, out: &mut dyn Write) -> Result<(), Failure> {
    let name = &belonging.table.name;
    put(out, &format!(",\n\"{name}\": ["))?;
    let mut first = true;
    belonging.each(db, may.workspace(), |values| {
        let mut row = Map::new();
        for (column, value) in belonging.table.columns.iter().zip(values) {
            if let Some(value) = shown(name, &column.name, value) {
                row.insert(column.name.clone(), value);
            }
        }
        put(out, if std::mem::take(&mut first) { "\n" } else { ",\n" })?;
        put(out, &Json::Object(row).to_string())
    })?;
    put(out, "]")
}

/// A value as people read it; `None` is not for them.
fn shown(table: &str, column: &str, value: Value) -> Option<Json> {
    Some(match (migrations::mark(table, column)?, value) {
        ("bytes", _) => return None,
        (_, Value::Null) => Json::Null,
        ("bool", Value::Int(it)) => json!(it != 0),
        ("time", Value::Int(it)) => json!(Time::from_micros(it)),
        ("uuid", Value::Bytes(it)) => json!(uuid::Uuid::from_slice(&it).ok()?.to_string()),
        (_, Value::Text(it)) if (table, column) == ("event", "changes") => {
            serde_json::from_str(&it).unwrap_or(Json::String(it))
        }
        (_, Value::Int(it)) => json!(it),
        (_, Value::Bool(it)) => json!(it),
        (_, Value::Text(it)) => json!(it),
        (_, Value::Uuid(it)) => json!(it.to_string()),
        (_, Value::Bytes(it)) => json!(HEXLOWER.encode(&it)),
    })
}

fn put(out: &mut dyn Write, text: &str) -> Result<(), Failure> {
    out.write_all(text.as_bytes()).map_err(|error| Failure::Broken(format!("packing an export: {error}")))
}

//! Values of status, priority, type and automation.

use db::{Conn, Error, Tx};
use domain::{
    access::{May, Settle, Still},
    colour::Colour,
    id::{ProjectId, WorkspaceId},
    property::Kind,
    title::{ValueName, folded},
};

use crate::sql::inserts;

record! {
    /// A value of a property.
    pub struct PropertyValue {
        /// Of which property.
        pub kind: Kind,
        /// What cases name it by; unique within workspace and kind.
        pub key: i64,
        /// The project it is for; all of the workspace if `None`.
        pub project: Option<ProjectId>,
        /// What it is called.
        pub name: String,
        /// Its hue; 0 is grey.
        pub colour: i64,
        /// Whether new cases have it.
        pub is_default: bool,
        /// Whether it is offered no more. Cases that have it keep it.
        pub archived: bool,
    }
}

/// The values of the proof's project, by property and in their order: those of the workspace, then its own. Of each
/// property one is the default: the project's own if it has one.
pub fn in_project<R>(db: &mut Conn, may: &May<R>) -> Result<Vec<PropertyValue>, Error> {
    let mut rows: Vec<PropertyValue> = db.all(sql!(
        "SELECT kind, key, project, name, colour, is_default, archived FROM property_value
         WHERE workspace = ? AND (project IS NULL OR project = ?)
         ORDER BY kind, CASE WHEN project IS NULL THEN 0 ELSE 1 END, rank, key",
        may.workspace(),
        may.project()
    ))?;
    let own: Vec<Kind> =
        rows.iter().filter(|row| row.is_default && row.project.is_some()).map(|row| row.kind).collect();
    for row in rows.iter_mut().filter(|row| row.project.is_none() && own.contains(&row.kind)) {
        row.is_default = false;
    }
    Ok(rows)
}

/// The values settled where the proof is: the project's own, or those of the whole workspace; by property and in order.
pub fn settled<R>(db: &mut Conn, may: &May<R>) -> Result<Vec<PropertyValue>, Error> {
    db.all(sql!(
        "SELECT kind, key, project, name, colour, is_default, archived FROM property_value
         WHERE workspace = ? AND project IS NOT DISTINCT FROM ? ORDER BY kind, rank, key",
        may.workspace(),
        may.project()
    ))
}

record! {
    struct Key {
        key: i64,
    }
}

/// Adds a value as the last one; its key. Whoever adds holds the workspace's row, and has looked that no other is called so.
pub fn insert(tx: &mut Tx, still: &Still<Settle>, kind: Kind, name: &ValueName, colour: Colour) -> Result<i64, Error> {
    let text = "SELECT COALESCE(MAX(key), 0) + 1 AS key FROM property_value WHERE workspace = ? AND kind = ?";
    let Key { key } = tx.one(sql!(text, still.workspace(), kind))?;
    tx.run(sql!(
        "INSERT INTO property_value (workspace, kind, key, project, name, name_key, colour, rank)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        still.workspace(),
        kind,
        key,
        still.project(),
        name.as_str(),
        name.folded(),
        colour.number(),
        place(LAST)
    ))?;
    Ok(key)
}

/// Behind whatever was put in order.
const LAST: usize = 9_999;

/// A rank by its place; sorts behind those every workspace begins with and among its own kind.
fn place(at: usize) -> String {
    format!("b{at:04}")
}

/// Gives a value another name and colour.
pub fn update(
    tx: &mut Tx,
    still: &Still<Settle>,
    kind: Kind,
    key: i64,
    name: &ValueName,
    colour: Colour,
) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE property_value SET name = ?, name_key = ?, colour = ?
         WHERE workspace = ? AND project IS NOT DISTINCT FROM ? AND kind = ? AND key = ?",
        name.as_str(),
        name.folded(),
        colour.number(),
        still.workspace(),
        still.project(),
        kind,
        key
    ))
    .map(drop)
}

/// Makes a value the one that new cases have, in place of the one before.
pub fn make_default(tx: &mut Tx, still: &Still<Settle>, kind: Kind, key: i64) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE property_value SET is_default = (key = ?)
         WHERE workspace = ? AND project IS NOT DISTINCT FROM ? AND kind = ?",
        key,
        still.workspace(),
        still.project(),
        kind
    ))
    .map(drop)
}

/// Offers a value no more, or again.
pub fn archive(tx: &mut Tx, still: &Still<Settle>, kind: Kind, key: i64, archived: bool) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE property_value SET archived = ?
         WHERE workspace = ? AND project IS NOT DISTINCT FROM ? AND kind = ? AND key = ?",
        archived,
        still.workspace(),
        still.project(),
        kind,
        key
    ))
    .map(drop)
}

/// Puts the values settled where the proof is into this order.
pub fn arrange(tx: &mut Tx, still: &Still<Settle>, kind: Kind, keys: &[i64]) -> Result<(), Error> {
    for (at, key) in keys.iter().enumerate() {
        tx.run(sql!(
            "UPDATE property_value SET rank = ?
             WHERE workspace = ? AND project IS NOT DISTINCT FROM ? AND kind = ? AND key = ?",
            place(at),
            still.workspace(),
            still.project(),
            kind,
            *key
        ))?;
    }
    Ok(())
}

record! {
    struct Count {
        n: i64,
    }
}

/// Cases that have a value, in the proof's project or in the whole workspace; those in the trash do not count.
pub fn cases_with<R>(db: &mut Conn, may: &May<R>, kind: Kind, key: i64) -> Result<i64, Error> {
    let column = kind.slug();
    let text = format!(
        "SELECT COUNT(*) AS n FROM test_case
         WHERE workspace = ? AND project = COALESCE(?, project) AND {column} = ? AND trashed_at IS NULL"
    );
    Ok(db.one::<Count>(sql!(text, may.workspace(), may.project(), key))?.n)
}

/// Gives the cases that have a value another one, those in the trash too; says how many. Their versions stay as they were.
pub fn replace(tx: &mut Tx, still: &Still<Settle>, kind: Kind, from: i64, to: i64) -> Result<u64, Error> {
    let column = kind.slug();
    let text = format!(
        "UPDATE test_case SET {column} = ? WHERE workspace = ? AND project = COALESCE(?, project) AND {column} = ?"
    );
    tx.run(sql!(text, to, still.workspace(), still.project(), from))
}

/// What a workspace begins with.
pub(crate) fn insert_first(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), Error> {
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        for ((key, rank), value) in (1_i64..).zip('A'..='Z').zip(kind.first_values()) {
            let rank = format!("a{rank}");
            let name_key = folded(value.name);
            rows.push(values![workspace, kind, key, value.name, name_key, value.colour, rank, value.is_default]);
        }
    }
    let head = "INSERT INTO property_value (workspace, kind, key, name, name_key, colour, rank, is_default)";
    inserts(head, rows, "").into_iter().try_for_each(|statement| tx.run(statement).map(drop))
}

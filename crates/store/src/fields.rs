//! Fields of one's own, for the whole workspace or one project, with the options of those that have some.

pub mod filter;
pub mod values;

use std::time::Duration;

use db::{Conn, Error, Tx};
use domain::{
    access::{May, Settle, Still, System},
    colour::Colour,
    field::FieldKind,
    id::{FieldId, OptionId, ProjectId, WorkspaceId},
    now::Now,
    time::Time,
    title::{FieldName, ValueName},
};

use crate::sql::within;

pub use filter::condition;
pub use values::{of_cases, put, rows};

record! {
    /// A field.
    pub struct Field {
        /// Which.
        pub id: FieldId,
        /// The project it is for; all of the workspace if `None`.
        pub project: Option<ProjectId>,
        /// What it is called.
        pub name: String,
        /// What it holds.
        pub kind: FieldKind,
        /// Whether a case must have a value.
        pub required: bool,
        /// What new cases have, as JSON.
        pub initial: Option<String>,
        /// Since when it lies in the trash.
        pub trashed_at: Option<Time>,
    }
}

record! {
    /// An option of a field.
    pub struct Choice {
        /// Which.
        pub id: OptionId,
        /// Of which field.
        pub field: FieldId,
        /// What it is called.
        pub name: String,
        /// Its colour's number.
        pub colour: i64,
        /// Whether it is offered no more. Cases that have it keep it.
        pub archived: bool,
    }
}

const WHOLE: &str = "SELECT id, project, name, kind, required, initial, trashed_at FROM custom_field";

/// The fields that cases of the proof's project have, in order: those of the workspace, then its own.
pub fn in_project<R>(db: &mut Conn, may: &May<R>) -> Result<Vec<Field>, Error> {
    let text = format!(
        "{WHOLE} WHERE workspace = ? AND (project IS NULL OR project = ?) AND trashed_at IS NULL
         ORDER BY CASE WHEN project IS NULL THEN 0 ELSE 1 END, rank, id"
    );
    db.all(sql!(text, may.workspace(), may.project()))
}

/// The fields settled where the proof is, in order: the project's own, or those of the whole workspace.
pub fn settled<R>(db: &mut Conn, may: &May<R>) -> Result<Vec<Field>, Error> {
    let text = format!(
        "{WHOLE} WHERE workspace = ? AND project IS NOT DISTINCT FROM ? AND trashed_at IS NULL ORDER BY rank, id"
    );
    db.all(sql!(text, may.workspace(), may.project()))
}

/// Those of them in the trash, those deleted last first.
pub fn trashed<R>(db: &mut Conn, may: &May<R>) -> Result<Vec<Field>, Error> {
    let text = format!(
        "{WHOLE} WHERE workspace = ? AND project IS NOT DISTINCT FROM ? AND trashed_at IS NOT NULL
         ORDER BY trashed_at DESC, id"
    );
    db.all(sql!(text, may.workspace(), may.project()))
}

/// A field that cases of the proof's project have or had: in the trash too, so that a filter can say why it finds nothing.
pub fn find<R>(db: &mut Conn, may: &May<R>, id: FieldId) -> Result<Option<Field>, Error> {
    let text = format!("{WHOLE} WHERE workspace = ? AND (project IS NULL OR project = ?) AND id = ?");
    db.first(sql!(text, may.workspace(), may.project(), id))
}

/// The options of these fields, in order.
pub fn options(db: &mut Conn, fields: &[FieldId]) -> Result<Vec<Choice>, Error> {
    if fields.is_empty() {
        return Ok(Vec::new());
    }
    let text =
        "SELECT id, field, name, colour, archived FROM custom_option WHERE field IN ({}) ORDER BY field, rank, id";
    db.all(within(text, Vec::new(), fields))
}

/// Makes a field, the last one. Whoever makes it holds the workspace's row, and has looked that no other is called so.
pub fn insert(
    tx: &mut Tx,
    still: &Still<Settle>,
    name: &FieldName,
    kind: FieldKind,
    required: bool,
    now: &Now,
) -> Result<FieldId, Error> {
    let id: FieldId = now.id();
    tx.run(sql!(
        "INSERT INTO custom_field (id, workspace, project, name, name_key, kind, required, rank, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        still.workspace(),
        still.project(),
        name.as_str(),
        name.folded(),
        kind,
        required,
        LAST,
        now.at
    ))?;
    Ok(id)
}

/// Behind whatever was put in order.
const LAST: i64 = 1_000_000;

/// Gives a field of the proof's scope another name and default, and says whether it is required.
pub fn update(
    tx: &mut Tx,
    still: &Still<Settle>,
    id: FieldId,
    name: &FieldName,
    required: bool,
    initial: Option<&str>,
) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE custom_field SET name = ?, name_key = ?, required = ?, initial = ?
         WHERE workspace = ? AND project IS NOT DISTINCT FROM ? AND id = ?",
        name.as_str(),
        name.folded(),
        required,
        initial,
        still.workspace(),
        still.project(),
        id
    ))
    .map(drop)
}

/// Puts the fields of the proof's scope into this order.
pub fn arrange(tx: &mut Tx, still: &Still<Settle>, ids: &[FieldId]) -> Result<(), Error> {
    for (rank, id) in (0_i64..).zip(ids) {
        tx.run(sql!(
            "UPDATE custom_field SET rank = ? WHERE workspace = ? AND project IS NOT DISTINCT FROM ? AND id = ?",
            rank,
            still.workspace(),
            still.project(),
            *id
        ))?;
    }
    Ok(())
}

/// Puts a field of the proof's scope into the trash, or takes it out. Its values stay meanwhile. False if it was so.
pub fn trash(tx: &mut Tx, still: &Still<Settle>, id: FieldId, at: Option<Time>) -> Result<bool, Error> {
    let changed = tx.run(sql!(
        "UPDATE custom_field SET trashed_at = ?
         WHERE workspace = ? AND project IS NOT DISTINCT FROM ? AND id = ? AND (trashed_at IS NULL) = ?",
        at,
        still.workspace(),
        still.project(),
        id,
        at.is_some()
    ))?;
    Ok(changed == 1)
}

/// Adds an option, the last one; `None` if the field has one of that name.
pub fn add_option(
    tx: &mut Tx,
    _: &Still<Settle>,
    field: FieldId,
    name: &ValueName,
    colour: Colour,
    now: &Now,
) -> Result<Option<OptionId>, Error> {
    let id: OptionId = now.id();
    let added = tx.run(sql!(
        "INSERT INTO custom_option (id, field, name, name_key, colour, rank) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (field, name_key) DO NOTHING",
        id,
        field,
        name.as_str(),
        name.folded(),
        colour.number(),
        LAST
    ))?;
    Ok((added == 1).then_some(id))
}

/// Gives an option of a field another name and colour, and offers it or not; false if another one is called so.
pub fn update_option(
    tx: &mut Tx,
    _: &Still<Settle>,
    option: &Choice,
    name: &ValueName,
    colour: Colour,
    archived: bool,
) -> Result<bool, Error> {
    let key = name.folded();
    let changed = tx.run(sql!(
        "UPDATE custom_option SET name = ?, name_key = ?, colour = ?, archived = ? WHERE id = ? AND field = ?
         AND NOT EXISTS (SELECT 1 FROM custom_option o WHERE o.field = ? AND o.name_key = ? AND o.id <> ?)",
        name.as_str(),
        key,
        colour.number(),
        archived,
        option.id,
        option.field,
        option.field,
        key,
        option.id
    ))?;
    Ok(changed == 1)
}

/// Puts the options of a field into this order.
pub fn arrange_options(tx: &mut Tx, _: &Still<Settle>, field: FieldId, ids: &[OptionId]) -> Result<(), Error> {
    for (rank, id) in (0_i64..).zip(ids) {
        tx.run(sql!("UPDATE custom_option SET rank = ? WHERE field = ? AND id = ?", rank, field, *id))?;
    }
    Ok(())
}

record! {
    struct Count {
        n: i64,
    }
}

/// Cases with a value in a field; those in the trash do not count.
pub fn cases_with<R>(db: &mut Conn, may: &May<R>, field: FieldId) -> Result<i64, Error> {
    let text = "SELECT COUNT(DISTINCT v.case_id) AS n FROM case_value v JOIN test_case c ON c.id = v.case_id
        WHERE v.field = ? AND c.workspace = ? AND c.trashed_at IS NULL";
    Ok(db.one::<Count>(sql!(text, field, may.workspace()))?.n)
}

record! {
    /// A field whose time in the trash is over.
    pub struct Due {
        /// Which.
        pub id: FieldId,
        /// Where.
        pub workspace: WorkspaceId,
    }
}

/// The fields that have been in the trash for longer than they are kept.
pub fn due(tx: &mut Tx, _: &System, now: Time, kept: Duration) -> Result<Vec<Due>, Error> {
    let text = "SELECT id, workspace FROM custom_field WHERE trashed_at <= ? ORDER BY id /*pg: FOR UPDATE */";
    tx.all(sql!(text, now - kept))
}

/// Takes a field out of the database, with its options and values.
pub fn erase(tx: &mut Tx, _: &System, id: FieldId) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM case_value WHERE field = ?", id))?;
    tx.run(sql!("DELETE FROM custom_option WHERE field = ?", id))?;
    tx.run(sql!("DELETE FROM custom_field WHERE id = ?", id)).map(drop)
}

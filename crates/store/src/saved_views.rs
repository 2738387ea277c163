//! Saved views: lists of cases as people like to see them, each person's own and those of everybody on the project.

use db::{Conn, Error, Tx};
use domain::{
    access::{May, Still, WriteCases},
    id::{PersonId, ViewId},
    now::Now,
    title::ViewName,
};

record! {
    /// A saved view.
    pub struct SavedView {
        /// Which.
        pub id: ViewId,
        /// What it is called.
        pub name: String,
        /// What the address of the list holds.
        pub query: String,
        /// Whether it is everybody's on the project.
        pub shared: bool,
    }
}

const SELECT: &str = "SELECT id, name, query, person IS NULL AS shared FROM saved_view";

/// One's own views of the proof's project, then everybody's, each by name.
pub fn list<R>(db: &mut Conn, may: &May<R>) -> Result<Vec<SavedView>, Error> {
    let text = format!(
        "{SELECT} WHERE workspace = ? AND project = ? AND (person IS NULL OR person = ?)
         ORDER BY person IS NULL, name_key, id"
    );
    db.all(sql!(text, may.workspace(), may.project(), may.person()))
}

/// Keeps a view of one's own; one of that name shows this list from now on.
pub fn keep<R>(tx: &mut Tx, still: &Still<R>, name: &ViewName, query: &str, now: &Now) -> Result<ViewId, Error> {
    let of = "(project, person, name_key) WHERE person IS NOT NULL";
    put(tx, still, Some(still.person()), of, name, query, now)
}

/// Keeps a view for everybody on the project; one of that name shows this list from now on.
pub fn keep_shared(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    name: &ViewName,
    query: &str,
    now: &Now,
) -> Result<ViewId, Error> {
    put(tx, still, None, "(project, name_key) WHERE person IS NULL", name, query, now)
}

record! {
    struct Kept {
        id: ViewId,
    }
}

fn put<R>(
    tx: &mut Tx,
    still: &Still<R>,
    person: Option<PersonId>,
    unique: &str,
    name: &ViewName,
    query: &str,
    now: &Now,
) -> Result<ViewId, Error> {
    let text = format!(
        "INSERT INTO saved_view (id, workspace, project, person, name, name_key, query, saved_at, saved_by)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT {unique} DO UPDATE
         SET name = excluded.name, query = excluded.query, saved_at = excluded.saved_at, saved_by = excluded.saved_by
         RETURNING id"
    );
    let id: ViewId = now.id();
    let kept: Kept = tx.one(sql!(
        text,
        id,
        still.workspace(),
        still.project(),
        person,
        name.as_str(),
        name.folded(),
        query,
        now.at,
        still.person()
    ))?;
    Ok(kept.id)
}

/// Deletes a view of one's own; says what it was.
pub fn delete<R>(tx: &mut Tx, still: &Still<R>, id: ViewId) -> Result<Option<SavedView>, Error> {
    tx.first(sql!(
        "DELETE FROM saved_view WHERE workspace = ? AND project = ? AND id = ? AND person = ?
         RETURNING id, name, query, person IS NULL AS shared",
        still.workspace(),
        still.project(),
        id,
        still.person()
    ))
}

/// Deletes a view of everybody's; says what it was.
pub fn delete_shared(tx: &mut Tx, still: &Still<WriteCases>, id: ViewId) -> Result<Option<SavedView>, Error> {
    tx.first(sql!(
        "DELETE FROM saved_view WHERE workspace = ? AND project = ? AND id = ? AND person IS NULL
         RETURNING id, name, query, person IS NULL AS shared",
        still.workspace(),
        still.project(),
        id
    ))
}

//! Change sets: what was done to many cases at once, with what each was before, so that it is taken back as a whole.

use db::{Conn, Error, Tx};
use domain::{
    access::Still,
    id::{CaseId, ChangeSetId},
    now::Now,
    time::Time,
};

use crate::sql::inserts;

record! {
    /// A change set.
    pub struct ChangeSet {
        /// Which.
        pub id: ChangeSetId,
        /// What was done: `move`.
        pub kind: String,
        /// When it was taken back.
        pub undone_at: Option<Time>,
    }
}

record! {
    /// What a case was before.
    pub struct Before {
        /// Which case.
        pub case_id: CaseId,
        /// As JSON; its form is the kind's.
        pub before: String,
    }
}

/// Writes down what was done to these cases.
pub fn insert<R>(tx: &mut Tx, still: &Still<R>, kind: &str, cases: &[Before], now: &Now) -> Result<ChangeSetId, Error> {
    let id: ChangeSetId = now.id();
    tx.run(sql!(
        "INSERT INTO change_set (id, workspace, project, kind, done_at, done_by) VALUES (?, ?, ?, ?, ?, ?)",
        id,
        still.workspace(),
        still.project(),
        kind,
        now.at,
        still.person()
    ))?;
    let rows = cases.iter().map(|case| values![id, case.case_id, case.before]).collect();
    let head = "INSERT INTO change_set_case (change_set, case_id, before)";
    inserts(head, rows, "").into_iter().try_for_each(|statement| tx.run(statement).map(drop))?;
    Ok(id)
}

/// A change set of the caller's own in the proof's project, kept from being taken back twice.
pub fn lock<R>(tx: &mut Tx, still: &Still<R>, id: ChangeSetId) -> Result<Option<ChangeSet>, Error> {
    tx.first(sql!(
        "SELECT id, kind, undone_at FROM change_set WHERE workspace = ? AND project = ? AND done_by = ? AND id = ?
         /*pg: FOR NO KEY UPDATE */",
        still.workspace(),
        still.project(),
        still.person(),
        id
    ))
}

/// What each case was before.
pub fn cases(db: &mut Conn, set: &ChangeSet) -> Result<Vec<Before>, Error> {
    db.all(sql!("SELECT case_id, before FROM change_set_case WHERE change_set = ? ORDER BY case_id", set.id))
}

/// Notes that a change set was taken back.
pub fn undone(tx: &mut Tx, set: &ChangeSet, now: &Now) -> Result<(), Error> {
    tx.run(sql!("UPDATE change_set SET undone_at = ? WHERE id = ?", now.at, set.id))?;
    Ok(())
}

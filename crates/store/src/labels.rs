//! Labels of a project's cases. Names that differ only in case are one.

use db::{Conn, Error, Tx};
use domain::{
    access::{May, Still, WriteCases},
    colour::Colour,
    id::{CaseId, LabelId},
    now::Now,
    title::ValueName,
};

use crate::{
    Param,
    sql::{inserts, marks, within},
};

record! {
    /// A label.
    pub struct Label {
        /// Which.
        pub id: LabelId,
        /// What it is called.
        pub name: String,
        /// Its colour's number.
        pub colour: i64,
    }
}

/// The labels of the proof's project, by name.
pub fn list<R>(db: &mut Conn, may: &May<R>) -> Result<Vec<Label>, Error> {
    let text = "SELECT id, name, colour FROM label WHERE project = ? ORDER BY name_key, id";
    db.all(sql!(text, may.project()))
}

record! {
    struct Use {
        label: LabelId,
        n: i64,
    }
}

/// How many cases have each label of the proof's project; those in the trash do not count, labels without any are left out.
pub fn uses<R>(db: &mut Conn, may: &May<R>) -> Result<Vec<(LabelId, i64)>, Error> {
    let text = "SELECT l.label, COUNT(*) AS n FROM case_label l JOIN test_case c ON c.id = l.case_id
        WHERE c.project = ? AND c.trashed_at IS NULL GROUP BY l.label";
    Ok(db.all::<Use>(sql!(text, may.project()))?.into_iter().map(|row| (row.label, row.n)).collect())
}

/// One label of the proof's project.
pub fn find<R>(db: &mut Conn, may: &May<R>, id: LabelId) -> Result<Option<Label>, Error> {
    db.first(sql!("SELECT id, name, colour FROM label WHERE project = ? AND id = ?", may.project(), id))
}

/// The label of this name, if the proof's project has one.
pub fn named<R>(db: &mut Conn, may: &May<R>, name: &ValueName) -> Result<Option<Label>, Error> {
    let text = "SELECT id, name, colour FROM label WHERE project = ? AND name_key = ?";
    db.first(sql!(text, may.project(), name.folded()))
}

/// Makes a label; `None` if there is one of that name.
pub fn insert(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    name: &ValueName,
    colour: Colour,
    now: &Now,
) -> Result<Option<Label>, Error> {
    let id: LabelId = now.id();
    let added = tx.run(sql!(
        "INSERT INTO label (id, project, name, name_key, colour) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (project, name_key) DO NOTHING",
        id,
        still.project(),
        name.as_str(),
        name.folded(),
        colour.number()
    ))?;
    Ok((added == 1).then(|| Label { id, name: name.as_str().to_owned(), colour: colour.number() }))
}

/// Gives a label another name and colour; false if another label of the project is called so.
pub fn update(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    id: LabelId,
    name: &ValueName,
    colour: Colour,
) -> Result<bool, Error> {
    let key = name.folded();
    let changed = tx.run(sql!(
        "UPDATE label SET name = ?, name_key = ?, colour = ? WHERE project = ? AND id = ?
         AND NOT EXISTS (SELECT 1 FROM label o WHERE o.project = ? AND o.name_key = ? AND o.id <> ?)",
        name.as_str(),
        key,
        colour.number(),
        still.project(),
        id,
        still.project(),
        key,
        id
    ))?;
    Ok(changed == 1)
}

/// Gives the cases of one label another, and deletes the first; says how many cases had it.
pub fn merge(tx: &mut Tx, still: &Still<WriteCases>, from: LabelId, into: LabelId) -> Result<u64, Error> {
    tx.run(sql!(
        "INSERT INTO case_label (case_id, label)
         SELECT l.case_id, t.id FROM case_label l JOIN label f ON f.id = l.label JOIN label t ON t.project = f.project
         WHERE f.project = ? AND f.id = ? AND t.id = ? ON CONFLICT (case_id, label) DO NOTHING",
        still.project(),
        from,
        into
    ))?;
    delete(tx, still, from)
}

/// Deletes a label; says how many cases had it, those in the trash among them.
pub fn delete(tx: &mut Tx, still: &Still<WriteCases>, id: LabelId) -> Result<u64, Error> {
    let own = "SELECT id FROM label WHERE project = ? AND id = ?";
    let text = format!("DELETE FROM case_label WHERE label IN ({own})");
    let had = tx.run(sql!(text, still.project(), id))?;
    tx.run(sql!("DELETE FROM label WHERE project = ? AND id = ?", still.project(), id))?;
    Ok(had)
}

record! {
    /// A label that a case has.
    pub struct OnCase {
        /// The case.
        pub case_id: CaseId,
        /// The label.
        pub id: LabelId,
        /// What it is called.
        pub name: String,
        /// Its colour's number.
        pub colour: i64,
    }
}

/// The labels of these cases, by name. Whoever asks has the cases by a proof.
pub fn of_cases(db: &mut Conn, cases: &[CaseId]) -> Result<Vec<OnCase>, Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let text = "SELECT c.case_id, l.id, l.name, l.colour FROM case_label c JOIN label l ON l.id = c.label
        WHERE c.case_id IN ({}) ORDER BY l.name_key, l.id";
    db.all(within(text, Vec::new(), cases))
}

/// Gives a case of the proof's project these labels of it and no others.
pub fn put(tx: &mut Tx, still: &Still<WriteCases>, case: CaseId, labels: &[LabelId]) -> Result<(), Error> {
    let own = "case_id IN (SELECT id FROM test_case WHERE project = ? AND id = ?)";
    tx.run(sql!(format!("DELETE FROM case_label WHERE {own}"), still.project(), case))?;
    if labels.is_empty() {
        return Ok(());
    }
    let text = format!("SELECT id, name, colour FROM label WHERE project = ? AND id IN ({})", marks(labels));
    let params = [still.project().value()].into_iter().chain(labels.iter().map(Param::value)).collect();
    let known: Vec<Label> = tx.all(db::Statement::new(text, params))?;
    let rows = known.iter().map(|label| values![case, label.id]).collect();
    inserts("INSERT INTO case_label (case_id, label)", rows, "").into_iter().try_for_each(|one| tx.run(one).map(drop))
}

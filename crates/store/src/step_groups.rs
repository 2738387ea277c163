//! Steps written once, and the cases they stand in.

use db::{Conn, Error, Tx};
use domain::{
    access::{May, Still, WriteCases},
    id::{CaseId, PersonId, StepGroupId},
    now::Now,
    step_group::GroupSteps,
    time::Time,
    title::StepGroupName,
};

use crate::{
    Param,
    paging::{Page, Slice},
    sql::{All, inserts, marks},
};

record! {
    /// A group of steps.
    pub struct StepGroup {
        /// Which.
        pub id: StepGroupId,
        /// What it is called; unique in its project.
        pub name: String,
        /// What lists are sorted by.
        pub name_key: String,
        /// Its steps.
        pub steps: GroupSteps,
        /// Counts its saves.
        pub version: i64,
        /// When it was saved last.
        pub changed_at: Time,
        /// By whom.
        pub changed_by: PersonId,
        /// The live cases it stands in.
        pub cases: i64,
    }
}

const SELECT: &str = "SELECT g.id, g.name, g.name_key, g.steps, g.version, g.changed_at, g.changed_by,
    (SELECT COUNT(*) FROM case_group u JOIN test_case c ON c.id = u.case_id
     WHERE u.step_group = g.id AND c.trashed_at IS NULL) AS cases FROM step_group g";

fn here<R>(may: &May<R>) -> All {
    All::of(
        "g.workspace = ? AND g.project = ? AND g.deleted_at IS NULL",
        vec![may.workspace().value(), may.project().value()],
    )
}

/// The groups of the proof's project, by name.
pub fn list<R>(db: &mut Conn, may: &May<R>, page: &Page<(String, StepGroupId)>) -> Result<Slice<StepGroup>, Error> {
    let mut wanted = here(may);
    if let Some((key, id)) = &page.after {
        wanted = wanted.and("(g.name_key, g.id) > (?, ?)", vec![key.value(), id.value()]);
    }
    Ok(page.cut(db.all(wanted.rows(SELECT, "ORDER BY g.name_key, g.id LIMIT ?", vec![page.probe().value()]))?))
}

/// One of them; others are unknown.
pub fn find<R>(db: &mut Conn, may: &May<R>, id: StepGroupId) -> Result<Option<StepGroup>, Error> {
    db.first(here(may).and("g.id = ?", vec![id.value()]).rows(SELECT, "", Vec::new()))
}

/// The same, held until the transaction ends: no case takes it up meanwhile.
pub fn lock(tx: &mut Tx, still: &Still<WriteCases>, id: StepGroupId) -> Result<Option<StepGroup>, Error> {
    tx.first(here(still).and("g.id = ?", vec![id.value()]).rows(SELECT, "/*pg: FOR UPDATE OF g */", Vec::new()))
}

record! {
    /// A group a case may name.
    pub struct Known {
        /// Which.
        pub id: StepGroupId,
        /// What it is called.
        pub name: String,
        /// Its newest version.
        pub version: i64,
    }
}

/// Those of these groups that the proof's project has, by name.
pub fn known<R>(db: &mut Conn, may: &May<R>, groups: &[StepGroupId]) -> Result<Vec<Known>, Error> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let these = format!("g.id IN ({})", marks(groups));
    let wanted = here(may).and(these, groups.iter().map(Param::value).collect());
    db.all(wanted.rows("SELECT g.id, g.name, g.version FROM step_group g", "ORDER BY g.name_key, g.id", Vec::new()))
}

/// Makes a group; `None` if the project has another of this name.
pub fn insert(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    name: &StepGroupName,
    steps: &GroupSteps,
    now: &Now,
) -> Result<Option<StepGroupId>, Error> {
    let id: StepGroupId = now.id();
    let added = tx.run(sql!(
        "INSERT INTO step_group (id, workspace, project, name, name_key, created_at, changed_at, changed_by, steps)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (project, name_key) WHERE deleted_at IS NULL DO NOTHING",
        id,
        still.workspace(),
        still.project(),
        name.as_str(),
        name.folded(),
        now.at,
        now.at,
        still.person(),
        steps
    ))?;
    if added == 0 {
        return Ok(None);
    }
    keep_version(tx, still, (id, 1), name, steps, now)?;
    Ok(Some(id))
}

/// Gives a locked group another name or other steps, as its next version; false if another of the project has the name.
pub fn save(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    before: &StepGroup,
    name: &StepGroupName,
    steps: &GroupSteps,
    now: &Now,
) -> Result<bool, Error> {
    let saved = tx.run(sql!(
        "UPDATE step_group SET name = ?, name_key = ?, steps = ?, version = ?, changed_at = ?, changed_by = ?
         WHERE workspace = ? AND id = ? AND NOT EXISTS (SELECT 1 FROM step_group o
            WHERE o.project = step_group.project AND o.name_key = ? AND o.id <> step_group.id
            AND o.deleted_at IS NULL)",
        name.as_str(),
        name.folded(),
        steps,
        before.version + 1,
        now.at,
        still.person(),
        still.workspace(),
        before.id,
        name.folded()
    ))?;
    if saved == 0 {
        return Ok(false);
    }
    keep_version(tx, still, (before.id, before.version + 1), name, steps, now)?;
    Ok(true)
}

fn keep_version(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    (id, version): (StepGroupId, i64),
    name: &StepGroupName,
    steps: &GroupSteps,
    now: &Now,
) -> Result<(), Error> {
    tx.run(sql!(
        "INSERT INTO step_group_version (step_group, version, saved_at, author, name, steps) VALUES (?, ?, ?, ?, ?, ?)",
        id,
        version,
        now.at,
        still.person(),
        name.as_str(),
        steps
    ))?;
    Ok(())
}

/// Takes a locked group away, which stands in no case any more. Its versions stay for those of cases.
pub fn delete(tx: &mut Tx, still: &Still<WriteCases>, id: StepGroupId, now: &Now) -> Result<(), Error> {
    let text = "UPDATE step_group SET deleted_at = ? WHERE workspace = ? AND id = ?";
    tx.run(sql!(text, now.at, still.workspace(), id))?;
    Ok(())
}

record! {
    struct Version {
        id: StepGroupId,
        version: i64,
    }
}

fn live(groups: &[StepGroupId]) -> All {
    let these = format!("id IN ({}) AND deleted_at IS NULL", marks(groups));
    All::of(these, groups.iter().map(Param::value).collect())
}

/// The newest version of each of these groups.
pub fn versions(db: &mut Conn, groups: &[StepGroupId]) -> Result<Vec<(StepGroupId, i64)>, Error> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Version> = db.all(live(groups).rows("SELECT id, version FROM step_group", "", Vec::new()))?;
    Ok(rows.into_iter().map(|row| (row.id, row.version)).collect())
}

/// Writes down in which groups a case stands from now on; false if one of them was deleted. Who deletes one waits.
pub fn link(tx: &mut Tx, case: CaseId, groups: &[StepGroupId]) -> Result<bool, Error> {
    tx.run(sql!("DELETE FROM case_group WHERE case_id = ?", case))?;
    if groups.is_empty() {
        return Ok(true);
    }
    let held = live(groups).rows("SELECT id, version FROM step_group", "/*pg: FOR SHARE */", Vec::new());
    if tx.all::<Version>(held)?.len() < groups.len() {
        return Ok(false);
    }
    let rows = groups.iter().map(|group| values![case, *group]).collect();
    let rows = inserts("INSERT INTO case_group (case_id, step_group)", rows, "");
    rows.into_iter().try_for_each(|rows| tx.run(rows).map(drop))?;
    Ok(true)
}

record! {
    /// A case a group stands in.
    pub struct User {
        /// Which.
        pub id: CaseId,
        /// The 123 of `WEB-123`.
        pub number: i64,
        /// The title.
        pub title: String,
        /// In the trash since then.
        pub trashed_at: Option<Time>,
    }
}

/// The cases a group of the proof's project stands in, by number, those in the trash among them.
pub fn users<R>(db: &mut Conn, may: &May<R>, id: StepGroupId, page: &Page<i64>) -> Result<Slice<User>, Error> {
    let select = "SELECT c.id, c.number, c.title, c.trashed_at FROM case_group u
        JOIN step_group g ON g.id = u.step_group JOIN test_case c ON c.id = u.case_id";
    let wanted = here(may).and("g.id = ? AND c.number > ?", vec![id.value(), page.after.unwrap_or(0).value()]);
    Ok(page.cut(db.all(wanted.rows(select, "ORDER BY c.number LIMIT ?", vec![page.probe().value()]))?))
}

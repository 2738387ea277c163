//! Change sets: what is done to many cases at once, with what each was before, so that it is taken back as a whole.

use std::collections::BTreeMap;

use db::{Conn, Error, Tx};
use domain::{
    access::{May, Still},
    change_set::{Outcome, Phase},
    id::{CaseId, ChangeSetId, PersonId},
    now::Now,
    time::Time,
};

use crate::{
    case_list::{Wanted, passing},
    sql::{inserts, within},
};

record! {
    /// A change set.
    pub struct ChangeSet {
        /// Which.
        pub id: ChangeSetId,
        /// What is done: `move` or `edit`.
        pub kind: String,
        /// To what, as JSON in the form of the kind.
        pub change: String,
        /// Where it stands.
        pub phase: Phase,
        /// How many cases were asked for.
        pub total: i64,
        /// How many wait for their turn.
        pub waiting: i64,
        /// When it began.
        pub done_at: Time,
        /// Who began it.
        pub done_by: PersonId,
        /// When a case last had its turn.
        pub moved_at: Time,
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

/// What became of a case.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Which case.
    pub case: CaseId,
    /// What became of it.
    pub outcome: Outcome,
    /// What takes it back, if it was changed.
    pub before: Option<String>,
}

/// Begins a change set; its cases are to follow.
pub fn begin<R>(tx: &mut Tx, still: &Still<R>, kind: &str, change: &str, now: &Now) -> Result<ChangeSetId, Error> {
    let id: ChangeSetId = now.id();
    tx.run(sql!(
        "INSERT INTO change_set (id, workspace, project, kind, change, phase, total, waiting, done_at, done_by, moved_at)
         VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?)",
        id,
        still.workspace(),
        still.project(),
        kind,
        change,
        Phase::Doing,
        now.at,
        still.person(),
        now.at
    ))?;
    Ok(id)
}

/// Writes down what was done to these cases.
pub fn insert<R>(tx: &mut Tx, still: &Still<R>, kind: &str, cases: &[Before], now: &Now) -> Result<ChangeSetId, Error> {
    let id = begin(tx, still, kind, "{}", now)?;
    let turn =
        |case: &Before| Turn { case: case.case_id, outcome: Outcome::Changed, before: Some(case.before.clone()) };
    note(tx, id, &cases.iter().map(turn).collect::<Vec<_>>())?;
    let total = i64::try_from(cases.len()).unwrap_or(i64::MAX);
    tx.run(sql!("UPDATE change_set SET phase = ?, total = ? WHERE id = ?", Phase::Done, total, id))?;
    Ok(id)
}

/// Lets these cases of the proof's project wait for their turn, in the trash or not; says how many there are.
pub fn add<R>(tx: &mut Tx, still: &Still<R>, id: ChangeSetId, cases: &[CaseId]) -> Result<u64, Error> {
    let mut ids = cases.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut added = 0;
    for some in ids.chunks(500) {
        let text = "INSERT INTO change_set_case (change_set, case_id)
            SELECT s.id, c.id FROM test_case c JOIN change_set s ON s.id = ?
            WHERE c.workspace = ? AND c.project = ? AND c.id IN ({})";
        added += tx.run(within(text, values![id, still.workspace(), still.project()], some))?;
    }
    Ok(added)
}

/// Lets all cases of the proof's project that pass wait for their turn; says how many.
pub fn add_passing<R>(tx: &mut Tx, still: &Still<R>, id: ChangeSetId, wanted: Wanted) -> Result<u64, Error> {
    let select = "INSERT INTO change_set_case (change_set, case_id)
        SELECT s.id, c.id FROM test_case c JOIN change_set s ON s.id = ?";
    let (text, params) = passing(still, wanted).text_of(select, "");
    tx.run(db::Statement::new(text, values![id].into_iter().chain(params).collect()))
}

const WHOLE: &str = "SELECT id, kind, change, phase, total, waiting, done_at, done_by, moved_at FROM change_set
    WHERE workspace = ? AND project = ? AND done_by = ? AND id = ?";

/// A change set of the caller's own in the proof's project.
pub fn find<R>(db: &mut Conn, may: &May<R>, id: ChangeSetId) -> Result<Option<ChangeSet>, Error> {
    db.first(sql!(WHOLE, may.workspace(), may.project(), may.person(), id))
}

/// The same, held until the transaction ends: its cases have their turns one after the other.
pub fn lock<R>(tx: &mut Tx, still: &Still<R>, id: ChangeSetId) -> Result<Option<ChangeSet>, Error> {
    let text = format!("{WHOLE} /*pg: FOR NO KEY UPDATE */");
    tx.first(sql!(text, still.workspace(), still.project(), still.person(), id))
}

/// Notes where a change set stands.
pub fn stand(tx: &mut Tx, set: &ChangeSet, now: &Now) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE change_set SET phase = ?, total = ?, waiting = ?, moved_at = ? WHERE id = ?",
        set.phase,
        set.total,
        set.waiting,
        now.at,
        set.id
    ))?;
    Ok(())
}

record! {
    struct Waiting {
        case_id: CaseId,
    }
}

/// The next cases that wait for their turn, at most so many.
pub fn waiting(db: &mut Conn, id: ChangeSetId, most: i64) -> Result<Vec<CaseId>, Error> {
    let text = "SELECT case_id FROM change_set_case WHERE change_set = ? AND outcome IS NULL ORDER BY case_id LIMIT ?";
    Ok(db.all(sql!(text, id, most))?.into_iter().map(|row: Waiting| row.case_id).collect())
}

/// The next cases that were changed, at most so many, with what takes them back.
pub fn changed(db: &mut Conn, id: ChangeSetId, most: i64) -> Result<Vec<Before>, Error> {
    let text = "SELECT case_id, before FROM change_set_case WHERE change_set = ? AND outcome = ? AND before IS NOT NULL
        ORDER BY case_id LIMIT ?";
    db.all(sql!(text, id, Outcome::Changed, most))
}

/// Notes what became of cases.
pub fn note(tx: &mut Tx, id: ChangeSetId, turns: &[Turn]) -> Result<(), Error> {
    let rows = turns.iter().map(|turn| values![id, turn.case, turn.before, turn.outcome]).collect();
    let head = "INSERT INTO change_set_case (change_set, case_id, before, outcome)";
    let tail = "ON CONFLICT (change_set, case_id) DO UPDATE SET before = excluded.before, outcome = excluded.outcome";
    inserts(head, rows, tail).into_iter().try_for_each(|statement| tx.run(statement).map(drop))
}

/// Notes that the change cannot be made to any case that still waits.
pub fn refuse(tx: &mut Tx, id: ChangeSetId) -> Result<u64, Error> {
    let text = "UPDATE change_set_case SET outcome = ? WHERE change_set = ? AND outcome IS NULL";
    tx.run(sql!(text, Outcome::Refused, id))
}

record! {
    struct Counted {
        outcome: Option<Outcome>,
        n: i64,
    }
}

/// How many cases came to what; those that wait are not counted.
pub fn counts(db: &mut Conn, id: ChangeSetId) -> Result<BTreeMap<&'static str, i64>, Error> {
    let text = "SELECT outcome, COUNT(*) AS n FROM change_set_case WHERE change_set = ? GROUP BY outcome";
    let rows: Vec<Counted> = db.all(sql!(text, id))?;
    Ok(rows.into_iter().filter_map(|row| Some((row.outcome?.slug(), row.n))).collect())
}

record! {
    struct Size {
        n: i64,
    }
}

/// How many of those asked for there are.
pub fn size(db: &mut Conn, id: ChangeSetId) -> Result<i64, Error> {
    db.one(sql!("SELECT COUNT(*) AS n FROM change_set_case WHERE change_set = ?", id)).map(|row: Size| row.n)
}

record! {
    /// A case that was passed over.
    pub struct PassedOver {
        /// The 123 of `WEB-123`.
        pub number: i64,
        /// What it is called.
        pub title: String,
        /// Why.
        pub outcome: Outcome,
    }
}

/// The cases that were passed over, by number, at most so many. Those that said so already are none of them.
pub fn passed_over<R>(db: &mut Conn, may: &May<R>, id: ChangeSetId, most: i64) -> Result<Vec<PassedOver>, Error> {
    db.all(sql!(
        "SELECT c.number, c.title, s.outcome FROM change_set_case s JOIN test_case c ON c.id = s.case_id
         WHERE c.workspace = ? AND c.project = ? AND s.change_set = ? AND s.outcome IN (?, ?, ?) ORDER BY c.number LIMIT ?",
        may.workspace(),
        may.project(),
        id,
        Outcome::Gone,
        Outcome::Refused,
        Outcome::Edited,
        most
    ))
}

//! Versions: every save is kept in one.

use db::{Conn, Error, Tx};
use domain::{
    access::{May, Still, WriteCases},
    case::version::{Newest, Snapshot},
    id::{CaseId, PersonId},
    time::Time,
    title::VersionName,
};

use crate::{
    paging::{Page, Slice},
    sql::inserts,
};

record! {
    /// A version as a list tells of it.
    pub struct Told {
        /// Counts from 1 in its case.
        pub version: i64,
        /// When it began.
        pub begun_at: Time,
        /// When it was saved last.
        pub saved_at: Time,
        /// Who wrote it.
        pub author: PersonId,
        /// What he is called.
        pub author_name: String,
        /// Whether it is a service account.
        pub service: bool,
        /// What somebody called it.
        pub name: Option<String>,
        /// The version whose content it took up again.
        pub restored: Option<i64>,
    }
}

record! {
    /// A version with all it keeps.
    pub struct Version {
        /// Counts from 1 in its case.
        pub version: i64,
        /// When it was saved last.
        pub saved_at: Time,
        /// Who wrote it.
        pub author: PersonId,
        /// What somebody called it.
        pub name: Option<String>,
        /// What the case said.
        pub snapshot: Snapshot,
    }
}

record! {
    struct NewestRow {
        author: PersonId,
        begun_at: Time,
        ended_at: Option<Time>,
    }
}

/// The newest version of a case that is held.
pub fn newest_version(tx: &mut Tx, case: CaseId, version: i64) -> Result<Newest, Error> {
    let text = "SELECT author, begun_at, ended_at FROM case_version WHERE case_id = ? AND version = ?";
    let row: NewestRow = tx.one(sql!(text, case, version))?;
    Ok(Newest { author: row.author, begun_at: row.begun_at, ended: row.ended_at.is_some() })
}

/// Begins a version of a case that is held or new. `restored` is the version it takes up again.
pub fn begin_version(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    case: CaseId,
    version: i64,
    snapshot: &Snapshot,
    restored: Option<i64>,
    at: Time,
) -> Result<(), Error> {
    tx.run(sql!(
        "INSERT INTO case_version (case_id, version, begun_at, saved_at, author, restored, snapshot)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        case,
        version,
        at,
        at,
        still.person(),
        restored,
        snapshot
    ))?;
    Ok(())
}

/// Begins the first versions of cases just made, in few statements.
pub fn begin_versions(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    firsts: &[(CaseId, Snapshot)],
    at: Time,
) -> Result<(), Error> {
    let row = |(case, snapshot): &(CaseId, Snapshot)| values![case, 1_i64, at, at, still.person(), snapshot];
    let head = "INSERT INTO case_version (case_id, version, begun_at, saved_at, author, snapshot)";
    inserts(head, firsts.iter().map(row).collect(), "").into_iter().try_for_each(|rows| tx.run(rows).map(drop))
}

/// Writes another save into the newest version of a case that is held.
pub fn rewrite_version(tx: &mut Tx, case: CaseId, version: i64, snapshot: &Snapshot, at: Time) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE case_version SET snapshot = ?, saved_at = ? WHERE case_id = ? AND version = ? AND ended_at IS NULL",
        snapshot,
        at,
        case,
        version
    ))?;
    Ok(())
}

/// Ends the newest version of a case that is held: the next save begins another.
pub fn end_version(tx: &mut Tx, case: CaseId, version: i64, at: Time) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE case_version SET ended_at = ? WHERE case_id = ? AND version = ? AND ended_at IS NULL",
        at,
        case,
        version
    ))?;
    Ok(())
}

/// Gives a version of a case that is held a name, or takes it away, and ends it. False if there is no such version.
pub fn name_version(
    tx: &mut Tx,
    case: CaseId,
    version: i64,
    name: Option<&VersionName>,
    at: Time,
) -> Result<bool, Error> {
    let named = tx.run(sql!(
        "UPDATE case_version SET name = ?, ended_at = COALESCE(ended_at, ?) WHERE case_id = ? AND version = ?",
        name.map(VersionName::as_str),
        at,
        case,
        version
    ))?;
    Ok(named == 1)
}

/// The versions of a case of the proof's project, newest first.
pub fn versions<R>(db: &mut Conn, may: &May<R>, case: CaseId, page: &Page<i64>) -> Result<Slice<Told>, Error> {
    let rows = db.all(sql!(
        "SELECT v.version, v.begun_at, v.saved_at, v.author, p.name AS author_name, s.person IS NOT NULL AS service,
            v.name, v.restored
         FROM case_version v JOIN test_case c ON c.id = v.case_id JOIN person p ON p.id = v.author
         LEFT JOIN service_account s ON s.person = v.author
         WHERE c.workspace = ? AND c.project = ? AND v.case_id = ? AND v.version < ? ORDER BY v.version DESC LIMIT ?",
        may.workspace(),
        may.project(),
        case,
        page.after.unwrap_or(i64::MAX),
        page.probe()
    ))?;
    Ok(page.cut(rows))
}

/// One version of a case of the proof's project.
pub fn version<R>(db: &mut Conn, may: &May<R>, case: CaseId, version: i64) -> Result<Option<Version>, Error> {
    db.first(sql!(
        "SELECT v.version, v.saved_at, v.author, v.name, v.snapshot FROM case_version v
         JOIN test_case c ON c.id = v.case_id WHERE c.workspace = ? AND c.project = ? AND v.case_id = ? AND v.version = ?",
        may.workspace(),
        may.project(),
        case,
        version
    ))
}

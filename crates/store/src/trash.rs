//! The trash of a project. One act of deletion is one row here; what it took names the act, and is restored with it.

use db::{Conn, Error, Tx};
use domain::{
    access::{DeleteCases, May, Still},
    id::{CaseId, FolderId, PersonId, TrashId},
    now::Now,
    time::Time,
    title::FolderName,
};

use crate::{
    Param,
    paging::{Page, Slice},
    sql::{All, within},
};

record! {
    /// An act of deletion.
    pub struct Act {
        /// Which.
        pub id: TrashId,
        /// The folder it took, with all below it; `None` if it took cases alone.
        pub folder: Option<FolderId>,
        /// Where that folder lay.
        pub parent: Option<FolderId>,
        /// The folder's name, or the title of the first case.
        pub name: String,
        /// How many folders it took.
        pub folders: i64,
        /// How many cases.
        pub cases: i64,
        /// When.
        pub at: Time,
        /// Who did it.
        pub by: PersonId,
        /// What that person is called.
        pub by_name: String,
    }
}

const WHOLE: &str =
    "SELECT t.id, t.folder, f.parent, t.name, t.folders, t.cases, t.trashed_at AS at, t.trashed_by AS by,
    p.name AS by_name FROM trash t JOIN person p ON p.id = t.trashed_by LEFT JOIN folder f ON f.id = t.folder";

/// The acts whose things still lie in the trash of the proof's project, newest first.
pub fn list(db: &mut Conn, may: &May<DeleteCases>, page: &Page<(Time, TrashId)>) -> Result<Slice<Act>, Error> {
    let mut wanted = All::of("t.workspace = ? AND t.project = ?", vec![may.workspace().value(), may.project().value()]);
    if let Some((at, id)) = &page.after {
        wanted = wanted.and("(t.trashed_at, t.id) < (?, ?)", vec![at.value(), id.value()]);
    }
    let rest = "ORDER BY t.trashed_at DESC, t.id DESC LIMIT ?";
    Ok(page.cut(db.all(wanted.rows(WHOLE, rest, vec![page.probe().value()]))?))
}

/// One act of the proof's project, kept from being restored twice.
pub fn lock(tx: &mut Tx, still: &Still<DeleteCases>, id: TrashId) -> Result<Option<Act>, Error> {
    let here = "t.workspace = ? AND t.project = ? AND t.id = ?";
    let wanted = All::of(here, vec![still.workspace().value(), still.project().value(), id.value()]);
    tx.first(wanted.rows(WHOLE, "/*pg: FOR NO KEY UPDATE OF t */", Vec::new()))
}

/// What an act takes.
#[derive(Clone, Copy, Debug)]
pub struct Taken<'a> {
    /// The folder at its top, if it takes one.
    pub folder: Option<FolderId>,
    /// The folder's name, or the title of the first case.
    pub name: &'a str,
    /// How many folders.
    pub folders: u64,
    /// How many cases.
    pub cases: u64,
}

/// Writes an act down, once its things are taken.
pub fn insert(tx: &mut Tx, still: &Still<DeleteCases>, id: TrashId, taken: Taken, now: &Now) -> Result<(), Error> {
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    tx.run(sql!(
        "INSERT INTO trash (id, workspace, project, folder, name, folders, cases, trashed_at, trashed_by)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        still.workspace(),
        still.project(),
        taken.folder,
        taken.name,
        count(taken.folders),
        count(taken.cases),
        now.at,
        still.person()
    ))?;
    Ok(())
}

/// Takes an act off the list: its things are back.
pub fn remove(tx: &mut Tx, still: &Still<DeleteCases>, id: TrashId) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM trash WHERE workspace = ? AND id = ?", still.workspace(), id))?;
    Ok(())
}

/// A folder with those below it, `?` is the folder.
const BELOW: &str = "WITH RECURSIVE below (id) AS (SELECT id FROM folder WHERE id = ? AND parent IS NOT NULL
    UNION ALL SELECT f.id FROM folder f JOIN below b ON f.parent = b.id WHERE f.trashed_at IS NULL)";

/// Takes a folder and all below it, with their cases, under `folders::lock`; says how many folders and cases.
pub fn take_folder(
    tx: &mut Tx,
    still: &Still<DeleteCases>,
    folder: FolderId,
    act: TrashId,
    now: &Now,
) -> Result<(u64, u64), Error> {
    let folders = tx.run(sql!(
        format!(
            "{BELOW} UPDATE folder SET trashed_at = ?, trash = ?
             WHERE project = ? AND trashed_at IS NULL AND id IN (SELECT id FROM below)"
        ),
        folder,
        now.at,
        act,
        still.project()
    ))?;
    let cases = tx.run(sql!(
        "UPDATE test_case SET trashed_at = ?, trash = ?
         WHERE trashed_at IS NULL AND folder IN (SELECT id FROM folder WHERE trash = ?)",
        now.at,
        act,
        act
    ))?;
    tx.run(sql!("UPDATE folder SET cases = 0 WHERE trash = ?", act))?;
    Ok((folders, cases))
}

/// Gives a folder in the trash the name it is to come back under.
pub fn rename_folder(tx: &mut Tx, still: &Still<DeleteCases>, id: FolderId, name: &FolderName) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE folder SET name = ?, name_key = ? WHERE workspace = ? AND project = ? AND id = ?",
        name.as_str(),
        name.folded(),
        still.workspace(),
        still.project(),
        id
    ))?;
    Ok(())
}

/// Gives the folders of an act back, with their cases, under `folders::lock`.
pub fn give_folder_back(tx: &mut Tx, still: &Still<DeleteCases>, act: TrashId) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE folder SET trashed_at = NULL, trash = NULL, cases =
             (SELECT COUNT(*) FROM test_case c WHERE c.folder = folder.id AND c.trash = ?)
         WHERE workspace = ? AND project = ? AND trash = ?",
        act,
        still.workspace(),
        still.project(),
        act
    ))?;
    free_cases(tx, still, act)
}

fn free_cases(tx: &mut Tx, still: &Still<DeleteCases>, act: TrashId) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE test_case SET trashed_at = NULL, trash = NULL WHERE workspace = ? AND project = ? AND trash = ?",
        still.workspace(),
        still.project(),
        act
    ))?;
    Ok(())
}

/// Takes these cases, which lie in live folders of the proof's project; says how many.
pub fn take_cases(
    tx: &mut Tx,
    still: &Still<DeleteCases>,
    cases: &[CaseId],
    act: TrashId,
    now: &Now,
) -> Result<u64, Error> {
    let mut taken = 0;
    for some in cases.chunks(500) {
        let first = values![now.at, act, still.workspace(), still.project()];
        let text = "UPDATE test_case SET trashed_at = ?, trash = ?
            WHERE workspace = ? AND project = ? AND trashed_at IS NULL AND id IN ({})";
        taken += tx.run(within(text, first, some))?;
    }
    tx.run(sql!(
        "UPDATE folder SET cases = cases - (SELECT COUNT(*) FROM test_case c WHERE c.trash = ? AND c.folder = folder.id)
         WHERE id IN (SELECT folder FROM test_case WHERE trash = ?)",
        act,
        act
    ))?;
    Ok(taken)
}

/// Moves those cases of an act whose folder is gone into another one, so that they can be given back.
pub fn lay_cases(tx: &mut Tx, still: &Still<DeleteCases>, act: TrashId, into: FolderId) -> Result<u64, Error> {
    tx.run(sql!(
        "UPDATE test_case SET folder = ? WHERE workspace = ? AND trash = ?
             AND folder IN (SELECT id FROM folder WHERE trashed_at IS NOT NULL AND project = ?)",
        into,
        still.workspace(),
        act,
        still.project()
    ))
}

record! {
    struct Count {
        n: i64,
    }
}

/// How many cases of an act lie in folders that are in the trash themselves.
pub fn homeless(db: &mut Conn, may: &May<DeleteCases>, act: TrashId) -> Result<i64, Error> {
    let count: Count = db.one(sql!(
        "SELECT COUNT(*) AS n FROM test_case c JOIN folder f ON f.id = c.folder
         WHERE c.workspace = ? AND c.trash = ? AND f.trashed_at IS NOT NULL",
        may.workspace(),
        act
    ))?;
    Ok(count.n)
}

/// Gives the cases of an act back to their folders, under `folders::lock`.
pub fn give_cases_back(tx: &mut Tx, still: &Still<DeleteCases>, act: TrashId) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE folder SET cases = cases + (SELECT COUNT(*) FROM test_case c WHERE c.trash = ? AND c.folder = folder.id)
         WHERE id IN (SELECT folder FROM test_case WHERE trash = ?)",
        act,
        act
    ))?;
    free_cases(tx, still, act)
}

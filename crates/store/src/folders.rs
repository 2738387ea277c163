//! Folders of a project. Whatever changes how they lie in each other begins with [`lock`], so that two who move at once
//! cannot make a circle.

use db::{Conn, Error, Tx};
use domain::{
    access::{May, Still, WriteCases},
    folder::{Row, Tree},
    id::{FolderId, ProjectId, WorkspaceId},
    now::Now,
    rank::Rank,
    title::FolderName,
};

use crate::sql::within;

record! {
    struct Flat {
        id: FolderId,
        parent: Option<FolderId>,
        name: String,
        cases: i64,
    }
}

/// Every live folder of the proof's project with the cases in it, from one query.
pub fn tree<R>(db: &mut Conn, may: &May<R>) -> Result<Tree, Error> {
    let rows: Vec<Flat> = db.all(sql!(
        "SELECT id, parent, name, cases FROM folder
         WHERE workspace = ? AND project = ? AND trashed_at IS NULL ORDER BY rank, id",
        may.workspace(),
        may.project()
    ))?;
    let row = |Flat { id, parent, name, cases }| Row { id, parent, name, cases };
    Ok(Tree::of(rows.into_iter().map(row).collect()))
}

record! {
    struct One {
        id: FolderId,
    }
}

/// Keeps the folders of the proof's project as they lie until the transaction ends. Answers the root.
pub fn lock<R>(tx: &mut Tx, still: &Still<R>) -> Result<FolderId, Error> {
    let root: One = tx.one(sql!(
        "SELECT id FROM folder WHERE workspace = ? AND project = ? AND parent IS NULL /*pg: FOR NO KEY UPDATE */",
        still.workspace(),
        still.project()
    ))?;
    Ok(root.id)
}

record! {
    /// A folder among those beside it.
    pub struct Placed {
        /// Which.
        pub id: FolderId,
        /// Its place.
        pub rank: Rank,
    }
}

/// The live folders directly in one, in their order.
pub fn in_folder<R>(db: &mut Conn, may: &May<R>, parent: FolderId) -> Result<Vec<Placed>, Error> {
    db.all(sql!(
        "SELECT id, rank FROM folder
         WHERE workspace = ? AND project = ? AND parent = ? AND trashed_at IS NULL ORDER BY rank, id",
        may.workspace(),
        may.project(),
        parent
    ))
}

/// Makes a folder; `None` if another there has the name.
pub fn insert(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    parent: FolderId,
    name: &FolderName,
    rank: &Rank,
    now: &Now,
) -> Result<Option<FolderId>, Error> {
    let id: FolderId = now.id();
    let added = tx.run(sql!(
        "INSERT INTO folder (id, workspace, project, parent, name, name_key, rank, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (parent, name_key) WHERE parent IS NOT NULL AND trashed_at IS NULL DO NOTHING",
        id,
        still.workspace(),
        still.project(),
        parent,
        name.as_str(),
        name.folded(),
        rank,
        now.at
    ))?;
    Ok((added == 1).then_some(id))
}

/// Whether a live folder in this one, other than `but`, has the name.
pub fn has_name<R>(
    db: &mut Conn,
    may: &May<R>,
    parent: FolderId,
    name: &FolderName,
    but: Option<FolderId>,
) -> Result<bool, Error> {
    let found: Vec<One> = db.all(sql!(
        "SELECT id FROM folder WHERE workspace = ? AND parent = ? AND name_key = ? AND trashed_at IS NULL",
        may.workspace(),
        parent,
        name.folded()
    ))?;
    Ok(found.iter().any(|row| Some(row.id) != but))
}

/// Gives a folder another name. Whether it is free was asked under [`lock`].
pub fn rename(tx: &mut Tx, still: &Still<WriteCases>, id: FolderId, name: &FolderName) -> Result<(), Error> {
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

/// Lays a folder into another, at this place. Whether that makes a circle was asked under [`lock`].
pub fn place<R>(tx: &mut Tx, still: &Still<R>, id: FolderId, parent: FolderId, rank: &Rank) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE folder SET parent = ?, rank = ? WHERE workspace = ? AND project = ? AND id = ? AND parent IS NOT NULL",
        parent,
        rank,
        still.workspace(),
        still.project(),
        id
    ))?;
    Ok(())
}

record! {
    struct Known {
        id: FolderId,
        project: ProjectId,
        workspace: WorkspaceId,
    }
}

/// Those of these folders that are live and in the proof's project, locked against going into the trash.
pub fn held<R>(tx: &mut Tx, still: &Still<R>, ids: &[FolderId]) -> Result<Vec<FolderId>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let text = "SELECT id, project, workspace FROM folder WHERE trashed_at IS NULL AND id IN ({}) ORDER BY id
        /*pg: FOR NO KEY UPDATE */";
    let known: Vec<Known> = tx.all(within(text, Vec::new(), ids))?;
    let here = |row: &Known| Some(row.project) == still.project() && row.workspace == still.workspace();
    Ok(known.into_iter().filter(here).map(|row| row.id).collect())
}

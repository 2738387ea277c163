//! Files that hang on cases. Their bodies lie elsewhere, under workspace and digest.

use std::collections::BTreeSet;

use db::{Conn, Error, Tx};
use domain::{
    access::{May, Still, System, WriteCases},
    attachment::{Digest, FileName, Kind},
    id::{AttachmentId, CaseId, PersonId, WorkspaceId},
    now::Now,
    time::Time,
};

use crate::{
    paging::{Page, Slice},
    sql::{inserts, within},
};

record! {
    /// A file.
    pub struct Attachment {
        /// Which.
        pub id: AttachmentId,
        /// Where its body lies.
        pub digest: Digest,
        /// What it is called.
        pub name: FileName,
        /// What it is.
        pub kind: Kind,
        /// How many bytes.
        pub size: i64,
        /// Since when it is here.
        pub created_at: Time,
        /// Who brought it.
        pub created_by: PersonId,
        /// Taken off since then.
        pub removed_at: Option<Time>,
    }
}

/// A file whose body has come.
#[derive(Clone, Debug)]
pub struct New {
    /// Where its body lies.
    pub digest: Digest,
    /// What it is called.
    pub name: FileName,
    /// What it is.
    pub kind: Kind,
    /// How many bytes.
    pub size: i64,
}

/// Keeps a file in the proof's project, on no case yet.
pub fn insert(tx: &mut Tx, still: &Still<WriteCases>, new: &New, now: &Now) -> Result<AttachmentId, Error> {
    let id: AttachmentId = now.id();
    tx.run(sql!(
        "INSERT INTO attachment (id, workspace, project, digest, name, kind, size, created_at, created_by)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        still.workspace(),
        still.project(),
        new.digest,
        new.name,
        new.kind,
        new.size,
        now.at,
        still.person()
    ))?;
    Ok(id)
}

record! {
    struct Id {
        id: AttachmentId,
    }
}

/// Hangs files of the proof's project on a case of it; others, and those that hang there already, are passed over.
pub fn link(tx: &mut Tx, still: &Still<WriteCases>, case: CaseId, ids: &[AttachmentId]) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let here = values![still.workspace(), still.project()];
    let text = "SELECT id FROM attachment WHERE workspace = ? AND project = ? AND id IN ({}) ORDER BY id";
    let known: Vec<Id> = tx.all(within(text, here, ids))?;
    let rows = known.iter().map(|row| values![case, row.id]).collect();
    let head = "INSERT INTO case_attachment (case_id, attachment)";
    inserts(head, rows, "ON CONFLICT DO NOTHING").into_iter().try_for_each(|rows| tx.run(rows).map(drop))
}

/// A file of the proof's project, removed or not; others are unknown.
pub fn find<R>(db: &mut Conn, may: &May<R>, id: AttachmentId) -> Result<Option<Attachment>, Error> {
    db.first(sql!(
        "SELECT id, digest, name, kind, size, created_at, created_by, removed_at FROM attachment
         WHERE workspace = ? AND project = ? AND id = ?",
        may.workspace(),
        may.project(),
        id
    ))
}

/// The files on a case of the proof's project, in the order they came.
pub fn on_case<R>(
    db: &mut Conn,
    may: &May<R>,
    case: CaseId,
    page: &Page<AttachmentId>,
) -> Result<Slice<Attachment>, Error> {
    let after = page.after.unwrap_or(AttachmentId::from(uuid::Uuid::nil()));
    let rows = db.all(sql!(
        "SELECT a.id, a.digest, a.name, a.kind, a.size, a.created_at, a.created_by, a.removed_at
         FROM case_attachment c JOIN attachment a ON a.id = c.attachment
         WHERE a.workspace = ? AND a.project = ? AND c.case_id = ? AND a.removed_at IS NULL AND a.id > ?
         ORDER BY a.id LIMIT ?",
        may.workspace(),
        may.project(),
        case,
        after,
        page.probe()
    ))?;
    Ok(page.cut(rows))
}

record! {
    struct On {
        case_id: CaseId,
    }
}

/// The cases a file of the proof's project hangs on.
pub fn cases_of<R>(db: &mut Conn, may: &May<R>, id: AttachmentId) -> Result<Vec<CaseId>, Error> {
    let rows: Vec<On> = db.all(sql!(
        "SELECT c.case_id FROM case_attachment c JOIN attachment a ON a.id = c.attachment
         WHERE a.workspace = ? AND a.project = ? AND a.id = ? ORDER BY c.case_id",
        may.workspace(),
        may.project(),
        id
    ))?;
    Ok(rows.into_iter().map(|row| row.case_id).collect())
}

/// Takes a file of the proof's project off, or puts it back. False if it is so already.
pub fn set_removed(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    id: AttachmentId,
    removed_at: Option<Time>,
) -> Result<bool, Error> {
    let other = if removed_at.is_some() { "removed_at IS NULL" } else { "removed_at IS NOT NULL" };
    let text =
        format!("UPDATE attachment SET removed_at = ? WHERE workspace = ? AND project = ? AND id = ? AND {other}");
    Ok(tx.run(sql!(text, removed_at, still.workspace(), still.project(), id))? == 1)
}

/// Forgets files that were removed before `removed`, and those that came before `left` for a case nobody went on with. Their
/// bodies are nobody's then.
pub fn forget(tx: &mut Tx, removed: Time, left: Time) -> Result<u64, Error> {
    tx.run(sql!(
        "DELETE FROM attachment WHERE removed_at < ? OR (created_at < ?
            AND NOT EXISTS (SELECT 1 FROM case_attachment c WHERE c.attachment = attachment.id))",
        removed,
        left
    ))
}

record! {
    struct Body {
        digest: Digest,
    }
}

/// Which of these bodies some file of a workspace has.
pub fn wanted(
    db: &mut Conn,
    _: &System,
    workspace: WorkspaceId,
    digests: &[Digest],
) -> Result<BTreeSet<Digest>, Error> {
    let mut found = BTreeSet::new();
    for some in digests.chunks(500) {
        let text = "SELECT DISTINCT digest FROM attachment WHERE workspace = ? AND digest IN ({})";
        let rows: Vec<Body> = db.all(within(text, values![workspace], some))?;
        found.extend(rows.into_iter().map(|row| row.digest));
    }
    Ok(found)
}

record! {
    /// A body that some file has.
    pub struct Kept {
        /// Of which workspace.
        pub workspace: WorkspaceId,
        /// Its hash.
        pub digest: Digest,
        /// How many bytes.
        pub size: i64,
    }
}

/// Every body that files have, at most so many after one, in their order: of the server, or of one workspace.
pub fn bodies(
    db: &mut Conn,
    of: Option<WorkspaceId>,
    after: Option<(WorkspaceId, Digest)>,
    limit: i64,
) -> Result<Vec<Kept>, Error> {
    let (mut wanted, mut params) = (String::from("TRUE"), Vec::new());
    if let Some(workspace) = of {
        wanted.push_str(" AND workspace = ?");
        params.extend(values![workspace]);
    }
    if let Some((workspace, digest)) = after {
        wanted.push_str(" AND (workspace, digest) > (?, ?)");
        params.extend(values![workspace, digest]);
    }
    params.extend(values![limit]);
    let text = format!(
        "SELECT workspace, digest, MAX(size) AS size FROM attachment WHERE {wanted}
         GROUP BY workspace, digest ORDER BY workspace, digest LIMIT ?"
    );
    db.all(db::Statement::new(text, params))
}

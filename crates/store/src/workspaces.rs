//! A workspace holds everything; one server has many.

use std::time::Duration;

use db::{Conn, Error, Tx};
use domain::{
    access::{ManageWorkspace, Member, Operator, OwnWorkspace, Role, SignedIn, Still, System},
    id::{PersonId, WorkspaceId},
    now::Now,
    slug::Slug,
    time::Time,
    title::WorkspaceName,
};

use crate::properties;

record! {
    /// A workspace.
    pub struct Workspace {
        /// Which.
        pub id: WorkspaceId,
        /// Its name in URLs.
        pub slug: String,
        /// Its name.
        pub name: String,
    }
}

record! {
    /// A workspace somebody is an active member of.
    pub struct Mine {
        /// Which.
        pub id: WorkspaceId,
        /// Its name in URLs.
        pub slug: String,
        /// Its name.
        pub name: String,
        /// The role held there.
        pub role: Role,
    }
}

/// The id behind an id or slug in a URL. It proves nothing: the membership is still to be shown.
pub fn resolve(db: &mut Conn, reference: &str) -> Result<Option<WorkspaceId>, Error> {
    if let Ok(id) = reference.parse() {
        return Ok(Some(id));
    }
    let row: Option<Workspace> = db.first(sql!("SELECT id, slug, name FROM workspace WHERE slug = ?", reference))?;
    Ok(row.map(|row| row.id))
}

/// The workspace of a member.
pub fn of(db: &mut Conn, member: &Member) -> Result<Workspace, Error> {
    named(db, member.workspace())
}

/// A workspace by the id that a proof or an invitation's token led to.
pub fn named(db: &mut Conn, id: WorkspaceId) -> Result<Workspace, Error> {
    db.one(sql!("SELECT id, slug, name FROM workspace WHERE id = ?", id))
}

/// The workspaces a person is an active member of, by name; a key knows its own one only.
pub fn mine(db: &mut Conn, who: &SignedIn) -> Result<Vec<Mine>, Error> {
    let own = match who.via {
        domain::access::Via::Session(_) => None,
        domain::access::Via::Key { workspace, .. } => Some(workspace),
    };
    let all: Vec<Mine> = db.all(sql!(
        "SELECT w.id, w.slug, w.name, m.role FROM member m JOIN workspace w ON w.id = m.workspace
         WHERE m.person = ? AND m.state = 'active' ORDER BY w.name, w.id",
        who.person
    ))?;
    Ok(all.into_iter().filter(|row| own.is_none_or(|own| own == row.id)).collect())
}

/// All workspaces of the server that are not in the trash, by name.
pub fn all(db: &mut Conn, _: &System) -> Result<Vec<Workspace>, Error> {
    db.all(sql!("SELECT id, slug, name FROM workspace WHERE trashed_at IS NULL ORDER BY name, id"))
}

/// Makes a workspace, with the properties every workspace begins with; `None` if the slug is taken.
pub fn insert(
    tx: &mut Tx,
    founder: PersonId,
    name: &WorkspaceName,
    slug: &Slug,
    now: &Now,
) -> Result<Option<WorkspaceId>, Error> {
    let id: WorkspaceId = now.id();
    let added = tx.run(sql!(
        "INSERT INTO workspace (id, slug, name, created_by, created_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (slug) DO NOTHING",
        id,
        slug.as_str(),
        name.as_str(),
        founder,
        now.at
    ))?;
    if added == 1 {
        properties::insert_first(tx, id)?;
    }
    Ok((added == 1).then_some(id))
}

/// Gives the workspace another name. The slug stays: links keep working.
pub fn rename(tx: &mut Tx, still: &Still<ManageWorkspace>, name: &WorkspaceName) -> Result<(), Error> {
    tx.run(sql!("UPDATE workspace SET name = ? WHERE id = ?", name.as_str(), still.workspace()))?;
    Ok(())
}

/// Holds the workspace's row until the transaction ends: whatever counts owners or members queues here (I4).
/// Not the key of it, so that rows which refer to the workspace can be added meanwhile.
pub fn lock(tx: &mut Tx, id: WorkspaceId) -> Result<(), Error> {
    tx.first::<db::Row>(sql!("SELECT id FROM workspace WHERE id = ? /*pg: FOR NO KEY UPDATE */", id))?;
    Ok(())
}

/// Puts the workspace into the trash.
pub fn trash(tx: &mut Tx, still: &Still<OwnWorkspace>, now: Time) -> Result<(), Error> {
    tx.run(sql!("UPDATE workspace SET trashed_at = ? WHERE id = ?", now, still.workspace()))?;
    Ok(())
}

/// Takes a workspace out of the trash. False if it does not lie there.
pub fn take_out(tx: &mut Tx, _: &Operator, id: WorkspaceId) -> Result<bool, Error> {
    let taken = tx.run(sql!(
        "UPDATE workspace SET trashed_at = NULL WHERE id = ? AND trashed_at IS NOT NULL AND NOT erased",
        id
    ))?;
    Ok(taken == 1)
}

record! {
    struct Due {
        id: WorkspaceId,
    }
}

/// The workspaces that have been in the trash for longer than they are kept.
pub fn due(tx: &mut Tx, _: &System, now: Time, kept: Duration) -> Result<Vec<WorkspaceId>, Error> {
    let rows: Vec<Due> = tx.all(sql!(
        "SELECT id FROM workspace WHERE trashed_at <= ? AND NOT erased ORDER BY id /*pg: FOR NO KEY UPDATE */",
        now - kept
    ))?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Leaves nothing of a workspace but the row its audit log refers to. Its slug is free again.
pub fn bury(tx: &mut Tx, _: &System, id: WorkspaceId) -> Result<(), Error> {
    let slug = id.to_string();
    tx.run(sql!("UPDATE workspace SET erased = TRUE, name = '', slug = ? WHERE id = ?", slug, id))?;
    Ok(())
}

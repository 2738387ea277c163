//! A project in the archive and in the trash.

use std::time::Duration;

use db::{Conn, Error, Tx};
use domain::{
    access::{ManageProject, Member, RestoreProject, Right, Still, System, Visible},
    id::{ProjectId, WorkspaceId},
    time::Time,
};

use super::{Project, WHOLE, readable};
use crate::{Param, belongings, sql::All};

/// The archived projects one may read, by name.
pub fn archived(db: &mut Conn, visible: &Visible) -> Result<Vec<Project>, Error> {
    let wanted = readable(visible).and("p.archived_at IS NOT NULL", Vec::new());
    db.all(wanted.rows(WHOLE, "ORDER BY p.folded, p.id", Vec::new()))
}

/// The projects in the trash that the member may restore, those deleted last first.
pub fn trashed(db: &mut Conn, member: &Member) -> Result<Vec<Project>, Error> {
    let wanted = All::of("p.workspace = ? AND p.trashed_at IS NOT NULL", vec![member.workspace().value()]);
    let all: Vec<Project> = db.all(wanted.rows(WHOLE, "ORDER BY p.trashed_at DESC, p.id", Vec::new()))?;
    let manages = |project: &Project| member.rights_in(project.facts()).contains(Right::ManageProject);
    Ok(all.into_iter().filter(manages).collect())
}

/// Puts the proof's project into the archive. False if it lies there already.
pub fn archive(tx: &mut Tx, still: &Still<ManageProject>, now: Time) -> Result<bool, Error> {
    let text = "UPDATE project SET archived_at = ? WHERE workspace = ? AND id = ? AND archived_at IS NULL";
    Ok(tx.run(sql!(text, now, still.workspace(), still.project()))? == 1)
}

/// Takes the proof's project out of the archive. False if it does not lie there.
pub fn reopen(tx: &mut Tx, still: &Still<ManageProject>) -> Result<bool, Error> {
    let text = "UPDATE project SET archived_at = NULL WHERE workspace = ? AND id = ? AND archived_at IS NOT NULL";
    Ok(tx.run(sql!(text, still.workspace(), still.project()))? == 1)
}

/// Puts the proof's project into the trash.
pub fn trash(tx: &mut Tx, still: &Still<ManageProject>, now: Time) -> Result<(), Error> {
    let text = "UPDATE project SET trashed_at = ? WHERE workspace = ? AND id = ?";
    tx.run(sql!(text, now, still.workspace(), still.project())).map(drop)
}

/// Takes the proof's project out of the trash, into the archive if it lay there before. `None` if it is not in the trash.
pub fn restore(tx: &mut Tx, still: &Still<RestoreProject>) -> Result<Option<Project>, Error> {
    let text = "UPDATE project SET trashed_at = NULL WHERE workspace = ? AND id = ? AND trashed_at IS NOT NULL";
    if tx.run(sql!(text, still.workspace(), still.project()))? == 0 {
        return Ok(None);
    }
    let own = vec![still.workspace().value(), still.project().value()];
    tx.first(All::of("p.workspace = ? AND p.id = ?", own).rows(WHOLE, "", Vec::new()))
}

record! {
    /// A project whose time in the trash is over.
    pub struct Due {
        /// Which.
        pub id: ProjectId,
        /// Where.
        pub workspace: WorkspaceId,
        /// What it was called.
        pub name: String,
    }
}

/// The projects that have been in the trash for longer than they are kept.
pub fn due(tx: &mut Tx, _: &System, now: Time, kept: Duration) -> Result<Vec<Due>, Error> {
    let text = "SELECT id, workspace, name FROM project WHERE trashed_at <= ? ORDER BY id /*pg: FOR UPDATE */";
    tx.all(sql!(text, now - kept))
}

/// Takes a project out of the database with every row that belongs to it; its events stay in the log.
pub fn erase(tx: &mut Tx, _: &System, id: ProjectId) -> Result<(), Error> {
    for belonging in belongings::of_projects(tx)?.iter().rev() {
        belonging.clear(tx, id)?;
    }
    tx.run(sql!("DELETE FROM project WHERE id = ?", id)).map(drop)
}

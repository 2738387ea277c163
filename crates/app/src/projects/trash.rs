//! Archiving and deleting a project. Deleted it lies in the trash for 30 days, where only who may delete it finds it.

use std::time::Duration;

use db::Tx;
use domain::{
    access::{ManageProject, May, RestoreProject, Still, System},
    event::{Attempt, Event, What},
    now::Now,
    time::days,
};
use store::{
    Again, events,
    projects::{self, Project, stages},
};

use crate::Failure;

/// How long a project stays in the trash.
pub const KEPT: Duration = days(30);

/// Puts the proof's project into the archive: it is read, and nothing in it changes. Archived already it stays so.
pub fn archive(tx: &mut Tx, may: &May<ManageProject>, now: &Now) -> Result<Project, Failure> {
    let (still, project) = reach(tx, may, "archive", now)?;
    if stages::archive(tx, &still, now.at)? {
        tell(tx, &still, &Event::new(What::ProjectArchived, "project", project.id, &project.name), now)?;
    }
    Ok(Project { archived_at: project.archived_at.or(Some(now.at)), ..project })
}

/// Takes the proof's project out of the archive.
pub fn reopen(tx: &mut Tx, may: &May<ManageProject>, now: &Now) -> Result<Project, Failure> {
    let (still, project) = reach(tx, may, "reopen", now)?;
    if stages::reopen(tx, &still)? {
        tell(tx, &still, &Event::new(What::ProjectReopened, "project", project.id, &project.name), now)?;
    }
    Ok(Project { archived_at: None, ..project })
}

/// Puts the proof's project into the trash. `confirm` is its key, typed. Its key stays taken, so that it can come back.
pub fn delete(tx: &mut Tx, may: &May<ManageProject>, confirm: &str, now: &Now) -> Result<Project, Failure> {
    let (still, project) = reach(tx, may, "delete", now)?;
    if !confirm.trim().eq_ignore_ascii_case(&project.key) {
        return Err(Failure::invalid("confirm", "mismatch", format!("Type {} to delete it.", project.key)));
    }
    stages::trash(tx, &still, now.at)?;
    let event = Event::new(What::ProjectDeleted, "project", project.id, &project.name);
    tell(tx, &still, &event.change("key", project.key.as_str(), ()), now)?;
    Ok(project)
}

/// Takes the proof's project out of the trash, with everything that was in it.
pub fn restore(tx: &mut Tx, may: &May<RestoreProject>, now: &Now) -> Result<Project, Failure> {
    let id = may.project().ok_or(Failure::Unknown)?;
    now.tries(Attempt::new(What::ProjectRefused, "project", id, "restore").by(may));
    let still = tx.still(may, now.at)?;
    let project = stages::restore(tx, &still)?.ok_or(Failure::Unknown)?;
    tell(tx, &still, &Event::new(What::ProjectRestored, "project", id, &project.name), now)?;
    Ok(project)
}

/// Ends what has been in the trash for its time: every row that belongs to the project goes. Its events stay in the log.
pub fn empty(tx: &mut Tx, now: &Now) -> Result<(), Failure> {
    let system = System::because("30 days in the trash are over");
    for due in stages::due(tx, &system, now.at, KEPT)? {
        stages::erase(tx, &system, due.id)?;
        let event = Event::new(What::ProjectErased, "project", due.id, due.name).in_project(due.id);
        events::add(tx, Some(due.workspace), None, &event, now)?;
    }
    Ok(())
}

fn reach(
    tx: &mut Tx,
    may: &May<ManageProject>,
    deed: &str,
    now: &Now,
) -> Result<(Still<ManageProject>, Project), Failure> {
    let id = may.project().ok_or(Failure::Unknown)?;
    now.tries(Attempt::new(What::ProjectRefused, "project", id, deed).by(may));
    let still = tx.still(may, now.at)?;
    let project = projects::find(tx, &still.member().visible(), id)?.ok_or(Failure::Unknown)?;
    Ok((still, project))
}

fn tell<R>(tx: &mut Tx, still: &Still<R>, event: &Event, now: &Now) -> Result<(), Failure> {
    let event = event.clone().in_project(still.project());
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?)
}

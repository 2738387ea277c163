//! Making and changing projects.

pub mod marks;
pub mod trash;

use db::Tx;
use domain::{
    access::{CreateProjects, ManageProject, May, Refused},
    event::{Attempt, Event, What},
    now::Now,
    project::{Description, ProjectState},
    project_key::ProjectKey,
    title::{BadTitle, ProjectName},
};
use store::{
    Again, events, invitations,
    projects::{self, Project, Settings},
};

use crate::{Failure, invitations::hold, setup::admin_on};

/// Makes a project. Who makes it gets Admin on it, recorded as a grant.
pub fn create(
    tx: &mut Tx,
    may: &May<CreateProjects>,
    key: &ProjectKey,
    name: &ProjectName,
    private: bool,
    now: &Now,
) -> Result<Project, Failure> {
    now.tries(Attempt::new(What::ProjectRefused, "workspace", may.workspace(), "create").by(may));
    let still = tx.still(may, now.at)?;
    let taken = || Failure::invalid("key", "taken", format!("Another project has the key {}.", key.as_str()));
    let project = projects::insert(tx, &still, key, name, private, now)?.ok_or_else(taken)?;
    projects::grant(tx, still.member_id(), admin_on(&project), still.person(), now)?;
    let event = Event::new(What::ProjectCreated, "project", project.id, &project.name);
    let event = event.change("key", (), project.key.as_str()).change("private", (), private);
    let event = event.in_project(project.id);
    events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
    Ok(project)
}

/// What is to change about a project; `None` leaves it. The key stays for ever.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The name.
    pub name: Option<ProjectName>,
    /// What it is about.
    pub description: Option<Description>,
    /// Whether workspace roles reach into it only with `see_private_projects`.
    pub private: Option<bool>,
    /// Whether its cases are reviewed before they are ready.
    pub review: Option<bool>,
}

/// Changes the proof's project. Where it becomes private or open, invitations to it are judged again: what their inviters
/// may grant there has changed (T12).
pub fn change(tx: &mut Tx, may: &May<ManageProject>, change: &Change, now: &Now) -> Result<Project, Failure> {
    let id = may.project().ok_or(Failure::Unknown)?;
    now.tries(Attempt::new(What::ProjectRefused, "project", id, "change").by(may));
    let still = tx.still(may, now.at)?;
    in_use(&still)?;
    let was = projects::find(tx, &still.member().visible(), id)?.ok_or(Failure::Unknown)?;
    let stored = |bad: BadTitle| Failure::Broken(format!("a stored project: {bad}"));
    let (name, about) =
        (ProjectName::parse(&was.name).map_err(stored)?, Description::parse(&was.description).map_err(stored)?);
    let settings = Settings {
        name: change.name.as_ref().unwrap_or(&name),
        description: change.description.as_ref().unwrap_or(&about),
        private: change.private.unwrap_or(was.private),
        review: change.review.unwrap_or(was.review),
    };
    projects::update(tx, &still, &settings)?;
    if settings.private != was.private {
        for inviter in invitations::inviters_on(tx, id)? {
            hold::reconsider(tx, &still, inviter, now)?;
        }
    }
    let event = told(&was, &settings);
    if !event.changes.is_empty() {
        events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
    }
    let (name, description) = (settings.name.as_str().to_owned(), settings.description.as_str().to_owned());
    Ok(Project { name, description, private: settings.private, review: settings.review, ..was })
}

fn told(was: &Project, settings: &Settings) -> Event {
    let mut event = Event::new(What::ProjectChanged, "project", was.id, &was.name).in_project(was.id);
    if settings.name.as_str() != was.name {
        event = event.change("name", was.name.as_str(), settings.name.as_str());
    }
    if settings.private != was.private {
        event = event.change("private", was.private, settings.private);
    }
    if settings.review != was.review {
        event = event.change("review", was.review, settings.review);
    }
    // Lines of text are no facts for a log, and it is never erased.
    if settings.description.as_str() != was.description {
        event = event.change("description", (), "written anew");
    }
    event
}

/// That the proof's project is not archived: `manage_project` reaches into the archive, to reopen and to delete.
pub(crate) fn in_use<R>(may: &May<R>) -> Result<(), Failure> {
    let archived = may.facts().is_some_and(|project| project.state == ProjectState::Archived);
    if archived { Err(Refused::Archived.into()) } else { Ok(()) }
}

//! Making and changing projects.

use db::Tx;
use domain::{
    access::{CreateProjects, ManageProject, May},
    event::{Attempt, Event, What},
    now::Now,
    project_key::ProjectKey,
    title::ProjectName,
};
use store::{Again, events, invitations, projects, projects::Project};

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
    /// Whether workspace roles reach into it only with `see_private_projects`.
    pub private: Option<bool>,
}

/// Changes the proof's project. Where it becomes private or open, invitations to it are judged again: what their inviters
/// may grant there has changed (T12).
pub fn change(tx: &mut Tx, may: &May<ManageProject>, change: &Change, now: &Now) -> Result<Project, Failure> {
    let id = may.project().ok_or(Failure::Unknown)?;
    now.tries(Attempt::new(What::ProjectRefused, "project", id, "change").by(may));
    let still = tx.still(may, now.at)?;
    let visible = still.member().visible();
    let was = projects::find(tx, &visible, id)?.ok_or(Failure::Unknown)?;
    let old = ProjectName::parse(&was.name).map_err(|bad| Failure::Broken(bad.to_string()))?;
    let (name, private) = (change.name.as_ref().unwrap_or(&old), change.private.unwrap_or(was.private));
    projects::update(tx, &still, name, private)?;
    let mut event = Event::new(What::ProjectChanged, "project", id, &was.name);
    if name.as_str() != was.name {
        event = event.change("name", was.name.as_str(), name.as_str());
    }
    if private != was.private {
        event = event.change("private", was.private, private);
        for inviter in invitations::inviters_on(tx, id)? {
            hold::reconsider(tx, &still, inviter, now)?;
        }
    }
    if !event.changes.is_empty() {
        events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
    }
    Ok(Project { name: name.as_str().to_owned(), private, ..was })
}

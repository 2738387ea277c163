//! Making projects.

use db::Tx;
use domain::{
    access::{CreateProjects, May},
    event::{Attempt, Event, What},
    now::Now,
    project_key::ProjectKey,
    title::ProjectName,
};
use store::{Again, events, projects, projects::Project};

use crate::{Failure, setup::admin_on};

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
    events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
    Ok(project)
}

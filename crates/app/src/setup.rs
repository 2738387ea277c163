//! The first run: the first owner, who is also the operator, with a workspace and perhaps a project.

use db::Tx;
use domain::{
    access::{ProjectFacts, ProjectRole, Role, System},
    email::Email,
    event::{Event, What},
    now::Now,
    project_key::ProjectKey,
    secret::Token,
    title::{PersonName, ProjectName, WorkspaceName},
};
use store::{access, people, projects::Project, sessions, workspaces::Workspace};

use crate::{Failure, workspaces};

/// What the first run asks for.
#[derive(Clone, Debug)]
pub struct FirstRun {
    /// The owner's address; given at setup, it counts as verified.
    pub email: Email,
    /// What the owner is called.
    pub name: PersonName,
    /// The PHC string of the owner's password.
    pub password: String,
    /// The workspace's name.
    pub workspace: WorkspaceName,
    /// The first project, if it is to be made at once.
    pub project: Option<(ProjectKey, ProjectName)>,
}

/// What the first run made.
#[derive(Debug)]
pub struct Made {
    /// The workspace.
    pub workspace: Workspace,
    /// The project.
    pub project: Option<Project>,
    /// The owner's key.
    pub api_key: Token,
    /// The owner's session, for the browser that did it.
    pub session: Token,
}

/// Makes the first owner. Refused when there is one: two at once have one winner.
pub fn first_run(
    tx: &mut Tx,
    system: &System,
    first: &FirstRun,
    agent: Option<&str>,
    now: &Now,
) -> Result<Made, Failure> {
    if !people::claim_set_up(tx, system, now.at)? {
        return Err(Failure::conflict("already_set_up", "This server has an owner already. Sign in instead."));
    }
    let new = people::NewPerson {
        name: &first.name,
        email: &first.email,
        password: Some(&first.password),
        verified: true,
        operator: true,
    };
    let owner =
        people::insert(tx, &new, now)?.ok_or_else(|| Failure::Broken("an address without a set-up server".into()))?;
    let session = sessions::open(tx, owner, agent, now)?;
    let made = workspaces::found(tx, owner, &first.workspace, now)?;
    store::events::add(
        tx,
        None,
        Some(owner),
        &Event::new(What::PersonCreated, "person", owner, first.name.as_str()),
        now,
    )?;
    let project = match &first.project {
        Some((key, name)) => Some(first_project(tx, &session, &made.workspace, key, name, now)?),
        None => None,
    };
    Ok(Made { workspace: made.workspace, project, api_key: made.api_key, session })
}

/// By the owner's own session, which this transaction has opened.
fn first_project(
    tx: &mut Tx,
    session: &Token,
    workspace: &Workspace,
    key: &ProjectKey,
    name: &ProjectName,
    now: &Now,
) -> Result<Project, Failure> {
    let (who, _) = access::session(tx, &session.hash(), now.at)?.ok_or(Failure::Unknown)?;
    let member = access::member(tx, &who, workspace.id)?.ok_or(Failure::Unknown)?;
    let may = std::sync::Arc::new(member).may()?;
    crate::projects::create(tx, &may, key, name, false, now)
}

/// A grant of the role Admin on a project one has made.
pub(crate) fn admin_on(project: &Project) -> ProjectRole {
    ProjectRole { project: ProjectFacts::active(project.id, project.private), role: Role::Admin }
}

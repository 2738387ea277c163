//! The first run in the browser.

use app::{App, Bad, Failure, limits::Action, passwords, setup};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use domain::{
    access::System,
    email::read_row,
    title::{PersonName, WorkspaceName},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use store::people;

use super::{
    form::{Form, faults, field},
    page::Page,
};
use crate::{
    api::projects,
    client,
    cookies::Name,
    failed::Failed,
    site::Site,
    views::{dashboard::ProjectForm, frame::Bare, paths, setup::Setup},
};

/// The form as typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Typed {
    name: String,
    email: String,
    password: SecretString,
    workspace: String,
    #[serde(default)]
    project_name: String,
    #[serde(default)]
    project_key: String,
    #[serde(default)]
    code: String,
}

/// The form, until there is an owner.
pub async fn show(State(site): State<Site>) -> Result<Response, Failed> {
    if site.app().point(|db, _| Ok(people::set_up(db)?)).await? {
        return Ok(Redirect::to(paths::SIGN_IN).into_response());
    }
    Ok(Page::of(view(&site, &Typed::default(), &[])).into_response())
}

/// Makes the first owner, who is signed in at once.
pub async fn create(
    client::From(from): client::From,
    State(site): State<Site>,
    jar: CookieJar,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let app = site.app().clone();
    app.limits().attempt(Action::Setup, from.client, None)?;
    let made = match first_run(&site, &app, &typed).await {
        Ok(first) => {
            let agent = from.agent.clone();
            let system = System::because("first run in the browser");
            app.write(from.client, move |tx, now| setup::first_run(tx, &system, &first, agent.as_deref(), now)).await
        }
        Err(failure) => Err(failure),
    };
    match made {
        Ok(made) => {
            let jar = Name::Session.set(jar, app.settings(), made.session.reveal());
            Ok((jar, Redirect::to(&paths::dashboard(&made.workspace.slug))).into_response())
        }
        Err(Failure::Conflict { .. }) => Ok(Redirect::to(paths::SIGN_IN).into_response()),
        Err(failure) => Ok(Page::wrong(view(&site, &typed, &faults(failure)?)).into_response()),
    }
}

async fn first_run(site: &Site, app: &App, typed: &Typed) -> Result<setup::FirstRun, Failure> {
    check_code(site, &typed.code)?;
    if let Some(bad) = missing(typed) {
        return Err(Failure::Invalid(bad));
    }
    let name = PersonName::parse(&typed.name).map_err(|bad| Bad::new("name", bad.code(), bad.to_string()));
    let email = read_row(&typed.email).email.map_err(|bad| Bad::new("email", bad.reason.code(), bad.to_string()));
    let workspace = WorkspaceName::parse(&typed.workspace);
    let workspace = workspace.map_err(|bad| Bad::new("workspace", bad.code(), bad.to_string()));
    let password = passwords::judge("password", &typed.password, &[&typed.name, &typed.email, &typed.workspace]);
    let project = project(typed);
    match (name, email, workspace, password, project) {
        (Ok(name), Ok(email), Ok(workspace), Ok(()), Ok(project)) => {
            let salt = app.clock().now().bytes();
            let password = app.passwords().hash(typed.password.clone(), salt).await?;
            Ok(setup::FirstRun { email, name, password, workspace, project })
        }
        (name, email, workspace, password, project) => {
            let bad = [name.err(), email.err(), workspace.err(), password.err()].into_iter().flatten();
            Err(Failure::Invalid(bad.chain(project.err().unwrap_or_default()).collect()))
        }
    }
}

/// Fields that were left empty, before anything else is judged.
fn missing(typed: &Typed) -> Option<Vec<Bad>> {
    let needed = [
        ("name", typed.name.as_str(), "Enter your name."),
        ("email", &typed.email, "Enter your address."),
        ("password", typed.password.expose_secret(), "Choose a password."),
        ("workspace", &typed.workspace, "Give the workspace a name."),
    ];
    let empty = needed.into_iter().filter(|(_, text, _)| text.trim().is_empty());
    let bad: Vec<_> = empty.map(|(field, _, words)| Bad::new(field, "required", words)).collect();
    (!bad.is_empty()).then_some(bad)
}

type Project = (domain::project_key::ProjectKey, domain::title::ProjectName);

/// The first project, if one was named. Its faults come under the names of this form's fields.
fn project(typed: &Typed) -> Result<Option<Project>, Vec<Bad>> {
    if typed.project_name.trim().is_empty() && typed.project_key.trim().is_empty() {
        return Ok(None);
    }
    match projects::parse(&typed.project_name, Some(&typed.project_key)) {
        Ok((name, key)) => Ok(Some((key, name))),
        Err(Failure::Invalid(bad)) => {
            Err(bad.into_iter().map(|bad| Bad { field: format!("project_{}", bad.field), ..bad }).collect())
        }
        Err(other) => Err(vec![Bad::new("project_name", "invalid", other.to_string())]),
    }
}

fn check_code(site: &Site, typed: &str) -> Result<(), Failure> {
    let wrong = || Failure::invalid("code", "wrong_code", "Not the code. It was printed when the server started.");
    match &site.web().setup_code {
        Some(code) if code.expose_secret() != typed.trim() => Err(wrong()),
        _ => Ok(()),
    }
}

fn view(site: &Site, typed: &Typed, bad: &[Bad]) -> Setup {
    Setup {
        bare: Bare::default(),
        name: field("name", &typed.name, bad),
        email: field("email", &typed.email, bad),
        password: field("password", "", bad),
        workspace: field("workspace", &typed.workspace, bad),
        project: ProjectForm {
            private: false,
            name: field("project_name", &typed.project_name, bad),
            key: field("project_key", &typed.project_key, bad),
        },
        code: site.web().setup_code.as_ref().map(|_| field("code", &typed.code, bad)),
    }
}

//! `muster setup`: the first run without a browser, before `serve` or beside it.

use std::{io::Read, path::Path, process::ExitCode};

use anyhow::{Context, Result};
use app::{
    Failure, passwords,
    settings::{Attachments, Outbox, PerDay},
    setup,
};
use clap::Args;
use domain::{
    access::System,
    email::{Email, read_row},
    project_key::ProjectKey,
    title::{PersonName, ProjectName, WorkspaceName},
};
use secrecy::SecretString;
use serde_json::json;
use url::Url;

use crate::{settings::Data, wiring};

/// What `setup` takes.
#[derive(Debug, Args)]
pub struct Setup {
    #[command(flatten)]
    data: Data,
    /// Address of the first owner, who is also the operator.
    #[arg(long)]
    email: String,
    /// Name of the first owner.
    #[arg(long)]
    name: String,
    /// Name of the workspace.
    #[arg(long)]
    workspace: String,
    /// First project, as `WEB=Web shop`.
    #[arg(long)]
    project: Option<String>,
    /// Read the password from standard input.
    #[arg(long, required = true)]
    password_stdin: bool,
    /// Print what was made as JSON.
    #[arg(long)]
    json: bool,
}

/// Makes the first owner. Refuses when there is one.
pub async fn run(setup: Setup) -> Result<ExitCode> {
    let password = password_from_stdin()?;
    let app = wiring::app(&setup.data, beside_a_server(&setup.data.data_dir)?).await?;
    let first = first_run(&app, &setup, password).await?;
    let system = System::because("muster setup");
    let made = app.write(None, move |tx, now| setup::first_run(tx, &system, &first, None, now)).await;
    let made = made.map_err(refused)?;
    say(&setup, &made);
    Ok(ExitCode::SUCCESS)
}

/// The password on standard input, without the line break after it.
pub(super) fn password_from_stdin() -> Result<SecretString> {
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password).context("reading the password")?;
    Ok(SecretString::from(password.trim_end_matches(['\r', '\n']).to_owned()))
}

/// An address as typed.
pub(super) fn address(typed: &str) -> Result<Email> {
    read_row(typed).email.with_context(|| format!("{typed:?}"))
}

/// A refusal in its own words, which are meant for people.
pub(super) fn refused(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Conflict { detail, .. } => anyhow::anyhow!("{detail}"),
        other => other.into(),
    }
}

/// Settings that a command beside the server does not look at.
pub(super) fn beside_a_server(data_dir: &Path) -> Result<app::Settings> {
    let base_url = Url::parse("http://localhost").context("making a URL")?;
    Ok(app::Settings {
        base_url,
        mail: None,
        outbox: Outbox::default(),
        rate_limits: false,
        per_day: PerDay::default(),
        attachments: Attachments::within(data_dir),
    })
}

async fn first_run(app: &app::App, typed: &Setup, password: SecretString) -> Result<setup::FirstRun> {
    let project = match &typed.project {
        None => None,
        Some(text) => {
            let (key, name) = text.split_once('=').context("--project is written as KEY=Name")?;
            let name = ProjectName::parse(name).context("--project")?;
            Some((ProjectKey::parse(key).context("--project")?, name))
        }
    };
    let first = setup::FirstRun {
        email: read_row(&typed.email).email.context("--email")?,
        name: PersonName::parse(&typed.name).context("--name")?,
        workspace: WorkspaceName::parse(&typed.workspace).context("--workspace")?,
        project,
        password: String::new(),
    };
    let about = [typed.name.as_str(), &typed.email, &typed.workspace];
    passwords::judge("password", &password, &about).map_err(|bad| anyhow::anyhow!("the password: {}", bad.detail))?;
    let salt = app.clock().now().bytes();
    Ok(setup::FirstRun { password: app.passwords().hash(password, salt).await?, ..first })
}

#[allow(clippy::print_stdout)]
fn say(setup: &Setup, made: &setup::Made) {
    let workspace = json!({"id": made.workspace.id, "slug": made.workspace.slug});
    let project = made.project.as_ref().map(|project| json!({"id": project.id, "key": project.key}));
    if setup.json {
        println!("{}", json!({"workspace": workspace, "project": project, "api_key": made.api_key.reveal()}));
    } else {
        println!("Workspace {} is ready. Sign in as {}.", made.workspace.slug, setup.email);
        println!("API key, shown this once: {}", made.api_key.reveal());
    }
}

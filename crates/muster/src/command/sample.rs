//! `muster sample`: a large project for trials, before `serve` or beside it.

use std::process::ExitCode;

use anyhow::{Context, Result};
use app::sample;
use clap::Args;
use domain::{project_key::ProjectKey, title::ProjectName};

use super::{
    backup::{tell, tell_aside},
    setup::{beside_a_server, refused},
};
use crate::{settings::Data, wiring};

/// What `sample` takes.
#[derive(Debug, Args)]
pub struct Sample {
    #[command(flatten)]
    data: Data,
    /// How many cases.
    #[arg(long)]
    cases: usize,
    /// The project to make, as `KEY=Name`.
    #[arg(long, default_value = "SHOP=Web shop (sample)")]
    project: String,
    /// Slug or id of the workspace; needed only where there are several.
    #[arg(long)]
    workspace: Option<String>,
    /// The same seed makes the same project.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Makes the project, in the name of the workspace's first owner.
pub async fn run(wanted: Sample) -> Result<ExitCode> {
    let app = wiring::app(&wanted.data, beside_a_server(&wanted.data.data_dir)?).await?;
    let (key, name) = wanted.project.split_once('=').context("--project is written as KEY=Name")?;
    let sample = sample::Sample {
        workspace: wanted.workspace,
        key: ProjectKey::parse(key).context("--project")?,
        name: ProjectName::parse(name).context("--project")?,
        cases: wanted.cases,
        seed: wanted.seed,
    };
    let all = sample.cases;
    let told = move |written: usize| {
        if written.is_multiple_of(5_000) || written == all {
            tell_aside(&format!("{written} of {all} cases"));
        }
    };
    let made = sample::make(&app, sample, told).await.map_err(refused)?;
    tell(&format!("{key} has {} cases in {} folders.", made.cases, made.folders));
    Ok(ExitCode::SUCCESS)
}

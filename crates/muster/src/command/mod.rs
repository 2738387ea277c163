//! What the binary can be asked to do.

mod doctor;
mod metrics;
mod serve;
mod setup;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve until told to stop.
    Serve(Box<crate::settings::Serve>),
    /// Make the first owner, workspace and project without a browser.
    Setup(Box<setup::Setup>),
    /// Look at settings, database and mail server, and say what is wrong.
    Doctor(Box<crate::settings::Serve>),
}

impl Command {
    /// Does it.
    pub async fn run(self) -> Result<ExitCode> {
        match self {
            Self::Serve(settings) => serve::run(*settings).await,
            Self::Setup(setup) => setup::run(*setup).await,
            Self::Doctor(settings) => doctor::run(&settings).await,
        }
    }
}

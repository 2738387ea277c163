//! What the binary can be asked to do.

mod backup;
mod connections;
mod copy_database;
mod doctor;
mod metrics;
mod operator;
mod person;
mod restore;
mod sample;
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
    /// Make a large project for trials that reads like a real one.
    Sample(Box<sample::Sample>),
    /// Write the whole database and its files into one file, beside a running server.
    Backup(Box<backup::Backup>),
    /// Restore a backup into an empty folder or database.
    Restore(Box<restore::Restore>),
    /// Copy the database to another place or engine.
    CopyDatabase(Box<copy_database::CopyDatabase>),
    /// Help somebody back in who is locked out.
    #[command(subcommand)]
    Person(person::Person),
    /// Say who has the server as a whole in hand.
    #[command(subcommand)]
    Operator(operator::Operator),
    /// Look at settings, database and mail server, and say what is wrong.
    Doctor(Box<crate::settings::Serve>),
}

impl Command {
    /// Does it.
    pub async fn run(self) -> Result<ExitCode> {
        match self {
            Self::Serve(settings) => serve::run(*settings).await,
            Self::Setup(setup) => setup::run(*setup).await,
            Self::Sample(sample) => sample::run(*sample).await,
            Self::Backup(backup) => backup::run(*backup).await,
            Self::Restore(restore) => restore::run(*restore).await,
            Self::CopyDatabase(copy) => copy_database::run(*copy).await,
            Self::Person(person) => person::run(person).await,
            Self::Operator(operator) => operator::run(operator).await,
            Self::Doctor(settings) => doctor::run(&settings).await,
        }
    }
}

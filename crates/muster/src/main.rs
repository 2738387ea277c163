//! The `muster` binary: command line, settings, wiring.

mod command;
mod key;
mod log;
mod settings;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

use crate::command::Command;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Self-hosted test management.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true)]
struct Muster {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let muster = Muster::parse();
    log::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = runtime.map_err(anyhow::Error::from).and_then(|runtime| runtime.block_on(muster.command.run()));
    match done {
        Ok(code) => code,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

#[allow(clippy::print_stderr)]
fn complain(error: &anyhow::Error) {
    eprintln!("muster: {error:#}");
}

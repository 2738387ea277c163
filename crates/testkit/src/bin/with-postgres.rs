//! Runs a command with a PostgreSQL server around it, which all tests it starts then share:
//! `with-postgres cargo nextest run`. Ends with the command's status.

use anyhow::{Context, Result};
use std::env;
use std::process::{Command, ExitCode};
use testkit::postgres::{Postgres, SHARED};

fn main() -> Result<ExitCode> {
    let mut words = env::args_os().skip(1);
    let program = words.next().context("usage: with-postgres COMMAND [ARG…]")?;
    let server = Postgres::start()?;
    let status = Command::new(&program).args(words).env(SHARED, server.folder()).status();
    let status = status.with_context(|| format!("cannot start {}", program.display()))?;
    // A command killed by a signal has no code.
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

//! `muster copy-database`: from SQLite to PostgreSQL, or back.

use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use app::{Clock, backup};
use clap::Args;

use super::backup::{counts, progress, tell};
use crate::wiring;

/// What `copy-database` takes.
#[derive(Debug, Args)]
pub struct CopyDatabase {
    /// From where: `sqlite:///path/to/muster.db` or `postgres://…`. A server may go on writing to it, but what it writes
    /// after the copy began stays behind.
    #[arg(long, env = "MUSTER_COPY_FROM", hide_env_values = true)]
    from: String,
    /// To where; must be empty.
    #[arg(long, env = "MUSTER_COPY_TO", hide_env_values = true)]
    to: String,
    /// Copy also into a database that holds something, all of which is lost.
    #[arg(long)]
    replace: bool,
}

/// Copies one snapshot and reads it back.
pub async fn run(wanted: CopyDatabase) -> Result<ExitCode> {
    ensure!(wanted.from != wanted.to, "--from and --to are the same database");
    let from = wiring::existing(&db::Settings::new(wanted.from)).await.context("--from")?;
    let to = wiring::target(&db::Settings::new(wanted.to)).await.context("--to")?;
    let copied = backup::copy(&from, &to, wanted.replace, Clock::system(), progress).await?;
    from.close().await;
    to.close().await;
    tell(&format!(
        "Copied {}, which read back as they were written. Start the server with the new --database-url and the same key.",
        counts(&copied)
    ));
    Ok(ExitCode::SUCCESS)
}

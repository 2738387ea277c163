//! `muster copy-database`: from SQLite to PostgreSQL, or back.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, Result, ensure};
use app::{Clock, backup, objects::Objects};
use clap::Args;

use super::backup::{counts, progress, tell};
use crate::{settings::objects, wiring};

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
    /// Data directory with the files of --from; the folder of its SQLite file, else that of the other side.
    #[arg(long, env = "MUSTER_COPY_FROM_DATA_DIR")]
    from_data_dir: Option<PathBuf>,
    /// Data directory for the files of --to, in the same way.
    #[arg(long, env = "MUSTER_COPY_TO_DATA_DIR")]
    to_data_dir: Option<PathBuf>,
}

impl CopyDatabase {
    /// The stores of both sides; none if they are one.
    fn stores(&self) -> Option<(Arc<dyn Objects>, Arc<dyn Objects>)> {
        let beside = |url: &str| Path::new(url.strip_prefix("sqlite://")?).parent().map(Path::to_owned);
        let from = self.from_data_dir.clone().or_else(|| beside(&self.from));
        let to = self.to_data_dir.clone().or_else(|| beside(&self.to));
        let (from, to) =
            (from.or_else(|| to.clone())?, to.or_else(|| self.from_data_dir.clone().or_else(|| beside(&self.from)))?);
        (from != to).then(|| (objects(&from), objects(&to)))
    }
}

/// Copies one snapshot and reads it back.
pub async fn run(wanted: CopyDatabase) -> Result<ExitCode> {
    ensure!(wanted.from != wanted.to, "--from and --to are the same database");
    let stores = wanted.stores();
    let from = wiring::existing(&db::Settings::new(wanted.from)).await.context("--from")?;
    let to = wiring::target(&db::Settings::new(wanted.to)).await.context("--to")?;
    let copied = backup::copy(&from, &to, stores, wanted.replace, Clock::system(), progress).await?;
    from.close().await;
    to.close().await;
    tell(&format!(
        "Copied {}, which read back as they were written. Start the server with the new --database-url and the same key.",
        counts(&copied)
    ));
    Ok(ExitCode::SUCCESS)
}

//! Puts the floors together.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt};

use anyhow::{Context, Result};
use app::{App, Clock};
use db::Db;

use crate::settings::Data;

/// Opens the database and brings it up to date.
pub async fn database(data: &Data) -> Result<Db> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&data.data_dir);
    made.with_context(|| format!("creating {}", data.data_dir.display()))?;
    let db = Db::open(&data.database()?).await.context("opening the database")?;
    db.migrate(store::migrations::ALL).await.context("bringing the database up to date")?;
    Ok(db)
}

/// An app on the database of this data.
pub async fn app(data: &Data, settings: app::Settings) -> Result<App> {
    let db = database(data).await?;
    Ok(App::new(db, Clock::system(), data.vault()?, settings))
}

//! Puts the floors together.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use app::{App, Clock};
use db::Db;

use crate::settings::Data;

/// Opens the database and brings it up to date.
pub async fn database(data: &Data) -> Result<Db> {
    data_dir(&data.data_dir)?;
    let db = Db::open(&data.database()?).await.context("opening the database")?;
    db.migrate(store::migrations::ALL).await.context("bringing the database up to date")?;
    Ok(db)
}

/// Opens a database that is there and leaves it as it is.
pub async fn existing(settings: &db::Settings) -> Result<Db> {
    if let Some(path) = file(settings) {
        ensure!(path.exists(), "there is no database at {}", path.display());
    }
    Db::open(&patient(settings.clone())).await.context("opening the database")
}

/// Opens a database to be filled. A folder that is missing for a file is made.
pub async fn target(settings: &db::Settings) -> Result<Db> {
    if let Some(folder) = file(settings).and_then(Path::parent) {
        data_dir(folder)?;
    }
    Db::open(&patient(settings.clone())).await.context("opening the database")
}

fn file(settings: &db::Settings) -> Option<&Path> {
    let path = settings.url.strip_prefix("sqlite:")?;
    Some(Path::new(path.strip_prefix("//").unwrap_or(path)))
}

/// Makes a folder for data, which is nobody else's business.
pub fn data_dir(path: &Path) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.with_context(|| format!("creating {}", path.display()))
}

/// For what goes through a whole database: statements take as long as it is large.
fn patient(settings: db::Settings) -> db::Settings {
    let day = Duration::from_hours(24);
    db::Settings { statement_timeout: day, idle_timeout: day, readers: 1, pool_size: 2, ..settings }
}

/// An app on the database of this data.
pub async fn app(data: &Data, settings: app::Settings) -> Result<App> {
    let db = database(data).await?;
    Ok(App::new(db, Clock::system(), data.vault()?, settings))
}

//! Where a server keeps its data.

use std::path::{Path, PathBuf};

use anyhow::Result;
use tempfile::TempDir;
use testkit::postgres::{Database, Postgres};

/// A data directory, and a database where SQLite is not meant. Goes away with this value.
pub struct Place {
    folder: TempDir,
    data: PathBuf,
    database: Option<Database>,
}

impl Place {
    /// SQLite in a fresh folder.
    pub fn sqlite() -> Result<Self> {
        let folder = TempDir::with_prefix("muster-")?;
        Ok(Self { data: folder.path().join("data"), folder, database: None })
    }

    /// SQLite in this folder, which stays.
    pub fn sqlite_in(data: &Path) -> Result<Self> {
        Ok(Self { data: data.to_owned(), ..Self::sqlite()? })
    }

    /// A fresh database on the shared server.
    pub async fn postgres() -> Result<Self> {
        Ok(Self { database: Some(Postgres::database().await?), ..Self::sqlite()? })
    }

    /// A fresh database on a server that the test can stop.
    pub async fn on(server: &Postgres) -> Result<Self> {
        Ok(Self { database: Some(server.empty().await?), ..Self::sqlite()? })
    }

    /// The data directory.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Where the server logs to.
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// Whether it is a file.
    pub fn is_sqlite(&self) -> bool {
        self.database.is_none()
    }

    /// The database's address.
    pub fn url(&self) -> String {
        let file = || format!("sqlite://{}", self.data.join("muster.db").display());
        self.database.as_ref().map_or_else(file, Database::url)
    }

    /// What the command line says of it.
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = vec!["--data-dir".to_owned(), self.data().display().to_string()];
        if let Some(database) = &self.database {
            arguments.extend(["--database-url".to_owned(), database.url()]);
        }
        arguments
    }
}

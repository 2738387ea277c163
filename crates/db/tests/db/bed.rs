//! A database to lie in, on either engine.

use std::{fs, path::PathBuf, time::Duration};

use db::{Db, Error, Migration, Settings, sql};
use testkit::postgres::{Database, Postgres};
use uuid::Uuid;

/// The one table most tests write to.
pub const NOTES: Migration = Migration {
    number: 1,
    name: "notes",
    sql: "CREATE TABLE note (id {int} PRIMARY KEY, body {text} NOT NULL UNIQUE) {strict};",
};

/// An open database with the table of notes, removed with this value.
pub struct Bed {
    pub db: Db,
    pub settings: Settings,
    _place: Place,
}

/// What is removed with the bed.
pub enum Place {
    /// Of a file.
    Folder { _folder: Folder },
    /// On a server.
    Database { _database: Database },
}

impl Bed {
    pub async fn sqlite() -> Bed {
        let (settings, place) = sqlite();
        Bed::make(settings, place).await
    }

    pub async fn postgres() -> Bed {
        let (settings, place) = postgres().await;
        Bed::make(settings, place).await
    }

    pub async fn make(settings: Settings, place: Place) -> Bed {
        let db = Db::open(&settings).await.unwrap();
        db.migrate(&[NOTES]).await.unwrap();
        Bed { db, settings, _place: place }
    }

    /// The bodies of all notes, in order of their ids.
    pub async fn notes(&self) -> Vec<String> {
        notes(&self.db).await
    }
}

/// Settings for a new file.
pub fn sqlite() -> (Settings, Place) {
    let folder = Folder::new();
    let url = format!("sqlite://{}", folder.0.join("notes.db").display());
    (quick(Settings::new(url)), Place::Folder { _folder: folder })
}

/// Settings for a new database on the shared server.
pub async fn postgres() -> (Settings, Place) {
    let database = Postgres::database().await.unwrap();
    (quick(Settings::new(database.url())), Place::Database { _database: database })
}

/// Small pools and little patience.
pub fn quick(settings: Settings) -> Settings {
    Settings {
        pool_size: 4,
        readers: 2,
        acquire_timeout: Duration::from_secs(10),
        lock_timeout: Duration::from_secs(2),
        ..settings
    }
}

pub async fn notes(db: &Db) -> Vec<String> {
    db.read(|conn| {
        let mut rows: Vec<db::Row> = conn.all(sql!("SELECT body FROM note ORDER BY id"))?;
        rows.iter_mut().map(|row| row.get("body")).collect::<Result<_, Error>>()
    })
    .await
    .unwrap()
}

/// Writes a note.
pub async fn note(db: &Db, id: i64, body: &str) -> Result<u64, Error> {
    let body = body.to_owned();
    db.write(move |tx| tx.run(sql!("INSERT INTO note (id, body) VALUES (?, ?)", id, &body))).await
}

/// A temporary folder.
pub struct Folder(pub PathBuf);

impl Folder {
    #[expect(clippy::disallowed_methods, reason = "the name only has to be new")]
    pub fn new() -> Folder {
        let folder = std::env::temp_dir().join(format!("db-{}", Uuid::now_v7().simple()));
        fs::create_dir(&folder).unwrap();
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs each of these functions as one test per engine.
macro_rules! on_both_engines {
    ($($name:ident)*) => {$(
        mod $name {
            use crate::bed::Bed;

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                super::$name(Bed::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                super::$name(Bed::postgres().await).await;
            }
        }
    )*};
}
pub(crate) use on_both_engines;

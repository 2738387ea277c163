//! A database with the product's tables, on either engine.

use std::{
    fs,
    path::{Path, PathBuf},
    pin::Pin,
    time::Duration,
};

use db::{Db, Engine, Row, Settings, Statement, sql};
use sha2::{Digest, Sha256};
use store::migrations;
use testkit::postgres::{Database, Postgres};
use uuid::Uuid;

/// An open database, removed with this value.
pub struct Bed {
    pub db: Db,
    place: Place,
}

/// What is removed with the bed.
enum Place {
    File { folder: Folder },
    Server { _database: Database },
}

impl Bed {
    pub async fn on(engine: Engine) -> Bed {
        match engine {
            Engine::Sqlite => Bed::sqlite().await,
            Engine::Postgres => Bed::postgres().await,
        }
    }

    async fn sqlite() -> Bed {
        let folder = Folder::new();
        let db = open(format!("sqlite://{}", folder.path().join("muster.db").display())).await;
        db.migrate(migrations::ALL).await.unwrap();
        Bed { db, place: Place::File { folder } }
    }

    async fn postgres() -> Bed {
        let name = template();
        let database = Postgres::from_template(&name, |url| async move {
            let db = open(url).await;
            db.migrate(migrations::ALL).await?;
            db.close().await;
            Ok(())
        });
        let database = database.await.unwrap();
        let db = open(database.url()).await;
        Bed { db, place: Place::Server { _database: database } }
    }
}

impl Bed {
    /// All that the database keeps, bytes in hexadecimal where it is a server, for tests that look for what is not there.
    pub async fn contents(&self) -> String {
        match &self.place {
            Place::File { folder } => {
                let files = fs::read_dir(folder.path()).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
                files.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
            }
            Place::Server { .. } => self.db.read(rows_as_text).await.unwrap(),
        }
    }
}

fn rows_as_text(db: &mut db::Conn) -> Result<String, db::Error> {
    let text = "SELECT CAST(tablename AS text) AS name FROM pg_tables WHERE schemaname = 'public'";
    let mut lines = String::new();
    for mut table in db.all::<Row>(sql!(text))? {
        let name: String = table.get("name")?;
        let text = format!("SELECT CAST(t AS text) AS line FROM {name} t");
        for mut row in db.all::<Row>(Statement::new(text, Vec::new()))? {
            lines.push_str(&row.get::<String>("line")?);
            lines.push('\n');
        }
    }
    Ok(lines)
}

/// Small pools, and patience for a crowd that races.
async fn open(url: String) -> Db {
    let patience = Duration::from_secs(30);
    let settings =
        Settings { pool_size: 8, readers: 2, acquire_timeout: patience, lock_timeout: patience, ..Settings::new(url) };
    Db::open(&settings).await.unwrap()
}

/// A name that changes with the schema: a template is never made anew.
fn template() -> String {
    let schema = migrations::ALL.iter().fold(Sha256::new(), |hash, migration| hash.chain_update(migration.sql));
    let hash = schema.finalize().iter().take(8).fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
    format!("muster_{hash}")
}

/// A temporary folder.
struct Folder(PathBuf);

impl Folder {
    #[allow(clippy::disallowed_methods, reason = "a folder's name is no part of what is tested")]
    fn new() -> Folder {
        let folder = std::env::temp_dir().join(format!("store-{}", Uuid::now_v7().simple()));
        fs::create_dir(&folder).unwrap();
        Folder(folder)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs a test. Boxed, so that the runtime is compiled once and not for every test.
pub fn run(test: Pin<Box<dyn Future<Output = ()>>>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(test);
}

/// Makes each of these functions a test on both engines; each gets a `$with`.
macro_rules! on_both_engines {
    ($with:ident: $($name:ident)*) => {$(
        mod $name {
            fn on(engine: db::Engine) {
                crate::bed::run(Box::pin(async move { super::$name(super::$with::on(engine).await).await }));
            }

            #[test]
            fn sqlite() {
                on(db::Engine::Sqlite);
            }

            #[test]
            fn postgres() {
                on(db::Engine::Postgres);
            }
        }
    )*};
}
pub(crate) use on_both_engines;

//! The door of this crate.

use std::sync::Arc;

use tokio::sync::broadcast;

use crate::{Conn, Engine, Error, Migration, Notice, Settings, Tx, postgres, sql, sqlite};

/// An open database. Clones share it.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

enum Inner {
    Sqlite(sqlite::Database),
    Postgres(postgres::Database),
}

impl Db {
    /// Opens the database, makes the file if there is none, and reaches the server once.
    pub async fn open(settings: &Settings) -> Result<Db, Error> {
        let inner = match settings.url.split(':').next() {
            Some("sqlite") => Inner::Sqlite(sqlite::Database::open(settings).await?),
            Some("postgres" | "postgresql") => Inner::Postgres(postgres::Database::open(settings).await?),
            _ => {
                let wanted = "its address starts with neither sqlite: nor postgres:";
                return Err(Error::Unavailable(wanted.into()));
            }
        };
        Ok(Db { inner: Arc::new(inner) })
    }

    /// Runs a function that reads, on a thread of its own; all its statements see one state of the database.
    pub async fn read<T, E>(&self, work: impl FnOnce(&mut Conn<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        match &*self.inner {
            Inner::Sqlite(database) => database.read(work).await,
            Inner::Postgres(database) => database.read(work).await,
        }
    }

    /// As [`Db::read`], for point reads known to be quick: on `SQLite` they run in place.
    pub async fn point<T, E>(&self, work: impl FnOnce(&mut Conn<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        match &*self.inner {
            Inner::Sqlite(database) => database.point(work).await,
            Inner::Postgres(database) => database.read(work).await,
        }
    }

    /// Runs a function in a transaction and commits it when the answer is `Ok`.
    ///
    /// It runs to its end and is committed even when the caller goes away. On `PostgreSQL` it is run anew after a
    /// serialization failure, a deadlock or a connection lost before COMMIT, so it must not act on anything but `tx`.
    /// READ COMMITTED there: reading and then writing needs `FOR UPDATE`, a guarded update or a unique index.
    pub async fn write<T, E>(&self, work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        match &*self.inner {
            Inner::Sqlite(database) => database.write(work).await,
            Inner::Postgres(database) => database.write(work).await,
        }
    }

    /// Hears the notices of transactions committed from now on. One who lags behind must reread, as after
    /// [`Notice::Lost`].
    pub fn subscribe(&self) -> broadcast::Receiver<Notice> {
        match &*self.inner {
            Inner::Sqlite(database) => database.subscribe(),
            Inner::Postgres(database) => database.subscribe(),
        }
    }

    /// The engine below.
    pub fn engine(&self) -> Engine {
        match &*self.inner {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs the migrations the database has not run yet: all of them or none. Several nodes may call it at once.
    pub async fn migrate(&self, migrations: &[Migration]) -> Result<(), Error> {
        match &*self.inner {
            Inner::Sqlite(database) => database.migrate(migrations.to_vec()).await,
            Inner::Postgres(database) => database.migrate(migrations.to_vec()).await,
        }
    }

    /// Runs a function that fills tables in whatever order it likes: references are checked before COMMIT, all at once,
    /// and statements may take as long as they need. It is kept whole or not at all, and never run anew.
    pub async fn load<T, E>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        match &*self.inner {
            Inner::Sqlite(database) => database.load(work).await,
            Inner::Postgres(database) => database.load(work).await,
        }
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<(), Error> {
        self.point(|conn| conn.one::<()>(sql!("SELECT 1 AS one"))).await
    }

    /// Waits for the units under way and closes the database for all clones.
    pub async fn close(self) {
        match &*self.inner {
            Inner::Sqlite(database) => database.close().await,
            Inner::Postgres(database) => database.close().await,
        }
    }
}

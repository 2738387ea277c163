//! `PostgreSQL`: a pool of connections, each driven from a blocking thread.

mod backoff;
mod connect;
mod errors;
mod listener;
mod load;
mod migrate;
mod pool;
mod session;
mod values;

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use tokio::sync::broadcast;

pub(crate) use session::Session;

use crate::{Conn, Error, Migration, Notice, Settings, Tx, conn, error::Failure, sql, thread::blocking, tx::Ending};
use backoff::Backoff;
use listener::Listener;
use pool::Pool;
use session::Opening;

/// A `PostgreSQL` database, reached.
pub(crate) struct Database {
    pool: Arc<Pool>,
    listener: Listener,
    openings: Openings,
}

/// How each kind of transaction begins.
#[derive(Clone)]
struct Openings {
    read: Opening,
    write: Opening,
    migrate: Opening,
}

impl Database {
    pub(crate) async fn open(settings: &Settings) -> Result<Database, Error> {
        let pool = Arc::new(Pool::new(settings)?);
        let listener = Listener::start(settings).await?;
        let database = Database { pool, listener, openings: Openings::new(settings) };
        // With a pooler in between, the listener alone says nothing about the pool's address.
        database.read(|conn| conn.one::<()>(sql!("SELECT 1"))).await?;
        Ok(database)
    }

    /// All statements see one state of the database, as on `SQLite`, and none can write.
    pub(crate) async fn read<T, E>(
        &self,
        work: impl FnOnce(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        let permit = self.pool.permit().await?;
        let (pool, opening) = (self.pool.clone(), self.openings.read.clone());
        blocking(move || {
            let _permit = permit;
            let mut session = Session::new(pool, opening).map_err(Error::from)?;
            let mut conn = Conn::new(conn::Session::Postgres(&mut session));
            catch_unwind(AssertUnwindSafe(|| work(&mut conn))).unwrap_or_else(|_| Err(Error::Panicked.into()))
        })
        .await
    }

    pub(crate) async fn write<T, E>(&self, work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        self.transaction(self.openings.write.clone(), work).await
    }

    pub(crate) async fn migrate(&self, migrations: Vec<Migration>) -> Result<(), Error> {
        let work = move |tx: &mut Tx<'_>| migrate::migrate(tx, &migrations);
        self.transaction(self.openings.migrate.clone(), work).await
    }

    /// Runs once: what it reads from elsewhere cannot be read again.
    pub(crate) async fn load<T, E>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        let permit = self.pool.permit().await?;
        let (pool, opening) = (self.pool.clone(), self.openings.migrate.clone());
        blocking(move || {
            let _permit = permit;
            let work = Cell::new(Some(work));
            let once = |tx: &mut Tx<'_>| load::load(tx, work.take().expect("an attempt runs its unit once"));
            attempt(&pool, &opening, &once).unwrap_or_else(|failure| Err(failure.error.into()))
        })
        .await
    }

    async fn transaction<T, E>(
        &self,
        opening: Opening,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        let permit = self.pool.permit().await?;
        let pool = self.pool.clone();
        blocking(move || {
            let _permit = permit;
            persist(&pool, &opening, &work)
        })
        .await
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.listener.subscribe()
    }

    /// Lets running units end, then hangs up.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
        self.listener.stop();
    }
}

/// Tries a unit until it is committed, says no, or has failed in passing too often.
fn persist<T, E: From<Error>>(
    pool: &Arc<Pool>,
    opening: &Opening,
    work: &dyn Fn(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let mut backoff = Backoff::default();
    loop {
        match attempt(pool, opening, work) {
            Ok(result) => return result,
            Err(failure) if failure.is_passing() && backoff.pause() => {
                metrics::counter!("db_retries_total").increment(1);
                tracing::debug!(error = %failure.error, "a unit of work is run anew");
            }
            Err(failure) => return Err(failure.error.into()),
        }
    }
}

/// One try. The outer error is the database's, and may be passing; the inner result goes to the caller.
fn attempt<T, E: From<Error>>(
    pool: &Arc<Pool>,
    opening: &Opening,
    work: &dyn Fn(&mut Tx<'_>) -> Result<T, E>,
) -> Result<Result<T, E>, Failure> {
    let mut session = Session::new(pool.clone(), opening.clone())?;
    session.begin()?;
    match Tx::run_unit(conn::Session::Postgres(&mut session), work) {
        Ending::Keep(value, notices) => session.commit(&notices).map(|()| Ok(value)),
        Ending::Undo(error, _) => {
            session.roll_back();
            Ok(Err(error))
        }
        Ending::Failed(failure) => {
            session.roll_back();
            Err(failure)
        }
        Ending::Panicked => {
            session.roll_back();
            Ok(Err(Error::Panicked.into()))
        }
    }
}

impl Openings {
    fn new(settings: &Settings) -> Openings {
        // SET LOCAL and not the connection's options: a pooler between us and the server refuses or forgets those.
        let limits = |statement: u128, lock: u128| {
            let idle = settings.idle_timeout.as_millis();
            format!(
                "SET LOCAL statement_timeout = {statement}; SET LOCAL lock_timeout = {lock}; \
                 SET LOCAL idle_in_transaction_session_timeout = {idle}"
            )
        };
        let usual = limits(settings.statement_timeout.as_millis(), settings.lock_timeout.as_millis());
        Openings {
            read: format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {usual}").into(),
            write: format!("BEGIN ISOLATION LEVEL READ COMMITTED; {usual}").into(),
            // Another node's migrations may take long, and so may ours.
            migrate: format!("BEGIN ISOLATION LEVEL READ COMMITTED; {}", limits(0, 0)).into(),
        }
    }
}

//! The connections, and the texts they share.

use std::{borrow::Cow, collections::HashMap, sync::Arc, time::Duration};

use deadpool_postgres::{Manager, ManagerConfig, Object, PoolError, RecyclingMethod, Runtime};
use parking_lot::RwLock;
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    time,
};

use super::{backoff::Backoff, connect, errors};
use crate::{
    Engine, Error, Settings, Statement,
    error::{Cause, Failure},
    text,
};

/// Connections for units of work. A permit comes first, so that no thread ever waits for a connection.
pub(super) struct Pool {
    connections: deadpool_postgres::Pool,
    permits: Arc<Semaphore>,
    size: u32,
    patience: Duration,
    runtime: Handle,
    texts: RwLock<HashMap<&'static str, Arc<Numbered>>>,
}

/// A statement's text with `$1` in place of `?`.
pub(super) struct Numbered {
    pub(super) text: String,
    pub(super) places: usize,
}

impl Pool {
    pub(super) fn new(settings: &Settings) -> Result<Pool, Error> {
        let (config, tls) = connect::configure(&settings.url, settings)?;
        let manager = Manager::from_config(config, tls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let size = settings.pool_size.max(1);
        let connections = deadpool_postgres::Pool::builder(manager)
            .max_size(size)
            .create_timeout(Some(settings.connect_timeout))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Pool {
            connections,
            permits: Arc::new(Semaphore::new(size)),
            size: u32::try_from(size).unwrap_or(u32::MAX),
            patience: settings.acquire_timeout,
            runtime: Handle::current(),
            texts: RwLock::default(),
        })
    }

    /// Waits for the right to take a connection.
    pub(super) async fn permit(&self) -> Result<OwnedSemaphorePermit, Error> {
        let waited = time::timeout(self.patience, self.permits.clone().acquire_owned()).await;
        waited
            .map_err(|_| {
                Error::Unavailable(format!("all {} connections were busy for {:?}", self.size, self.patience))
            })?
            .map_err(|_| Error::Unavailable("it has been closed".into()))
    }

    /// A connection, on a blocking thread that holds a permit. Waits a little for a server that restarts.
    pub(super) fn take(&self) -> Result<Object, Failure> {
        let mut backoff = Backoff::default();
        loop {
            match self.try_take() {
                Err(failure) if failure.is_passing() && backoff.pause() => {}
                // It has been tried often enough: the unit is not run anew for this.
                taken => {
                    return taken.map_err(|failure| Failure { cause: Cause::Refused, ..failure });
                }
            }
        }
    }

    fn try_take(&self) -> Result<Object, Failure> {
        self.block_on(self.connections.get()).map_err(|error| match error {
            PoolError::Backend(error) if error.as_db_error().is_some() => errors::statement(error, "connecting"),
            PoolError::Closed => Error::Unavailable("it has been closed".into()).into(),
            error => errors::lost(&error),
        })
    }

    pub(super) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// The text for the server. That of a literal is kept; one put together at run time is made anew each time.
    pub(super) fn numbered(&self, statement: &Statement) -> Arc<Numbered> {
        let Cow::Borrowed(text) = statement.text else {
            return Arc::new(Numbered::new(&statement.text));
        };
        if let Some(known) = self.texts.read().get(text) {
            return known.clone();
        }
        self.texts.write().entry(text).or_insert_with(|| Arc::new(Numbered::new(text))).clone()
    }

    /// Waits for the units under way and closes the connections.
    pub(super) async fn close(&self) {
        if let Ok(all) = self.permits.acquire_many(self.size).await {
            self.permits.close();
            all.forget();
        }
        self.connections.close();
    }
}

impl Numbered {
    fn new(text: &str) -> Numbered {
        let (text, places) = text::number(&text::unwrap(text, Engine::Postgres));
        Numbered { text, places }
    }
}

//! A few connections that read.

use std::{ops::Deref, sync::Arc, time::Duration};

use parking_lot::Mutex;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time,
};

use super::{
    errors,
    file::{self, File},
};
use crate::{Error, Settings};

/// The reading connections that are free.
pub(super) struct Readers {
    free: Arc<Mutex<Vec<File>>>,
    permits: Arc<Semaphore>,
    count: u32,
    patience: Duration,
}

impl Readers {
    pub(super) fn open(settings: &Settings) -> Result<Readers, Error> {
        let count = u32::try_from(settings.readers.max(1)).unwrap_or(u32::MAX);
        let connections = (0..count).map(|_| file::open_reader(settings)).collect::<Result<Vec<_>, _>>()?;
        Ok(Readers {
            permits: Arc::new(Semaphore::new(connections.len())),
            free: Arc::new(Mutex::new(connections)),
            count,
            patience: settings.acquire_timeout,
        })
    }

    /// Waits for a free connection.
    pub(super) async fn take(&self) -> Result<Reader, Error> {
        let waited = time::timeout(self.patience, self.permits.clone().acquire_owned()).await;
        let permit = waited
            .map_err(|_| Error::Unavailable(format!("all {} readers were busy for {:?}", self.count, self.patience)))?
            .map_err(|_| Error::Unavailable("it has been closed".into()))?;
        let connection = self.free.lock().pop();
        Ok(Reader { connection, home: self.free.clone(), _permit: permit })
    }

    /// Waits for those out and closes all.
    pub(super) async fn close(&self) {
        if let Ok(all) = self.permits.acquire_many(self.count).await {
            self.permits.close();
            self.free.lock().clear();
            all.forget();
        }
    }
}

/// A connection taken out; it returns by itself.
pub(super) struct Reader {
    connection: Option<File>,
    home: Arc<Mutex<Vec<File>>>,
    // Declared last: given back after the connection is home.
    _permit: OwnedSemaphorePermit,
}

impl Reader {
    /// Holds on to one state of the database until the connection goes home.
    pub(super) fn begin(&self) -> Result<(), Error> {
        let begun = self.prepare_cached("BEGIN").and_then(|mut begin| begin.raw_execute());
        begun.map(drop).map_err(errors::outside)
    }
}

impl Deref for Reader {
    type Target = File;

    fn deref(&self) -> &File {
        self.connection.as_ref().expect("a permit stands for a free connection, and only drop takes it out")
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        if !connection.is_autocommit()
            && let Err(error) = connection.prepare_cached("ROLLBACK").and_then(|mut end| end.raw_execute())
        {
            tracing::error!(error = %errors::outside(error), "a reader could not end its transaction");
        }
        self.home.lock().push(connection);
    }
}

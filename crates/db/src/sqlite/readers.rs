//! A few connections that read.

mod shelf;

use std::{
    ops::Deref,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time,
};

use super::{
    errors,
    file::{self, File},
};
use crate::{Error, Settings};

pub(super) use shelf::Shelf;
use shelf::{Resting, Round};

/// How long a state of the database is read without a look at whether another *process* has changed it. Our own changes
/// are seen at once.
const FRESH: Duration = Duration::from_millis(10);

/// The reading connections.
pub(super) struct Readers {
    shelf: Arc<Shelf>,
    permits: Arc<Semaphore>,
    count: u32,
    patience: Duration,
}

impl Readers {
    pub(super) fn open(settings: &Settings, shelf: Arc<Shelf>) -> Result<Readers, Error> {
        let count = settings.readers.max(1);
        for _ in 0..count {
            shelf.lay(Resting { file: file::open_reader(settings)?, since: None });
        }
        Ok(Readers {
            shelf,
            permits: Arc::new(Semaphore::new(count)),
            count: u32::try_from(count).unwrap_or(u32::MAX),
            patience: settings.acquire_timeout,
        })
    }

    /// Waits for a free connection. It reads one state of the database until it goes home.
    pub(super) async fn take(&self) -> Result<Reader, Error> {
        let waited = time::timeout(self.patience, self.permits.clone().acquire_owned()).await;
        let permit = waited
            .map_err(|_| Error::Unavailable(format!("all {} readers were busy for {:?}", self.count, self.patience)))?
            .map_err(|_| Error::Unavailable("it has been closed".into()))?;
        let (resting, round) = self.shelf.take().expect("a permit stands for a connection on the shelf");
        let mut reader =
            Reader { file: Some(resting.file), since: resting.since, round, home: self.shelf.clone(), _permit: permit };
        reader.begin()?;
        Ok(reader)
    }

    /// Waits for those out and closes all.
    pub(super) async fn close(&self) {
        if let Ok(all) = self.permits.acquire_many(self.count).await {
            self.permits.close();
            self.shelf.clear();
            all.forget();
        }
    }
}

/// A connection taken out; it returns by itself.
pub(super) struct Reader {
    file: Option<File>,
    /// Since when it reads one state.
    since: Option<Instant>,
    round: Round,
    home: Arc<Shelf>,
    // Declared last: given back after the connection is home.
    _permit: OwnedSemaphorePermit,
}

impl Reader {
    /// Holds on to one state of the database: the one it still holds if that is fresh.
    fn begin(&mut self) -> Result<(), Error> {
        let now = Instant::now();
        if self.since.is_some_and(|since| now - since < FRESH) && !self.is_autocommit() {
            return Ok(());
        }
        shelf::let_go(self);
        let begun = self.prepare_cached("BEGIN").and_then(|mut begin| begin.raw_execute());
        self.since = Some(now);
        begun.map(drop).map_err(errors::outside)
    }
}

impl Deref for Reader {
    type Target = File;

    fn deref(&self) -> &File {
        self.file.as_ref().expect("only drop takes it out")
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            self.home.give_back(Resting { file, since: self.since }, self.round);
        }
    }
}

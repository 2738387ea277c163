//! The floor: threads on bare rusqlite, each with a connection of its own, that wait for each other by `busy_timeout`.

mod writer;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, atomic::AtomicU64},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow};

use crate::{
    rows::run,
    world::{World, sqlite},
};
use writer::Writer;

/// The floor.
pub struct Bare {
    /// Kept from round to round, with their prepared statements.
    writers: Mutex<Vec<Writer>>,
    sent: Arc<AtomicU64>,
    /// The database.
    pub file: PathBuf,
}

impl Bare {
    /// With a database of its own in this folder, which begins as ours does.
    pub fn open(folder: &Path) -> Result<Self> {
        let url = sqlite(folder)?;
        run(async {
            World::new(&url).await?.close().await;
            Ok(())
        })?;
        Ok(Self { writers: Mutex::default(), sent: Arc::default(), file: folder.join("muster.db") })
    }

    /// One invitation.
    pub fn once(&self) -> Result<()> {
        self.with(1, |writers| writers.iter_mut().try_for_each(Writer::invite))
    }

    /// How long so many invitations in one transaction take.
    pub fn batch(&self, size: u64) -> Result<Duration> {
        self.with(1, |writers| {
            let begun = Instant::now();
            writers.iter_mut().try_for_each(|writer| writer.invite_all(size))?;
            Ok(begun.elapsed())
        })
    }

    /// Invitations per second of so many writers.
    pub fn rate(&self, writers: usize, span: Duration) -> Result<f64> {
        self.with(writers, |writers| {
            let end = Instant::now() + span;
            let written = thread::scope(|scope| {
                let threads: Vec<_> =
                    writers.iter_mut().map(|writer| scope.spawn(move || writer.write_until(end))).collect();
                let each = threads.into_iter().map(|thread| thread.join().map_err(|_| anyhow!("a writer panicked"))?);
                each.sum::<Result<u32>>()
            })?;
            Ok(f64::from(written) / span.as_secs_f64())
        })
    }

    fn with<T>(&self, count: usize, work: impl FnOnce(&mut [Writer]) -> Result<T>) -> Result<T> {
        let mut writers = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        while writers.len() < count {
            writers.push(Writer::open(&self.file, Arc::clone(&self.sent))?);
        }
        work(writers.get_mut(..count).context("as many writers as were just opened")?)
    }
}

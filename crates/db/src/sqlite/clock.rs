//! The time a statement may take.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::Connection;

use super::errors;
use crate::Error;

/// Steps of `SQLite`'s machine between two looks at the clock: well below a millisecond.
const STEPS: i32 = 10_000;

/// Runs while a statement does. `SQLite` asks it now and then whether the time is up.
pub(super) struct Clock {
    limit: Duration,
    made: Instant,
    /// Milliseconds after `made`; 0 while no statement runs.
    end: AtomicU64,
}

impl Clock {
    /// A clock that the statements of this connection run against.
    pub(super) fn on(connection: &mut Connection, limit: Duration) -> Result<Arc<Clock>, Error> {
        let clock = Arc::new(Clock { limit, made: Instant::now(), end: AtomicU64::new(0) });
        let asked = clock.clone();
        connection.progress_handler(STEPS, Some(move || asked.is_over())).map_err(errors::outside)?;
        Ok(clock)
    }

    /// Starts; it stops with the value returned.
    pub(super) fn start(&self) -> Running<'_> {
        self.end.store(millis(self.made.elapsed() + self.limit).max(1), Ordering::Relaxed);
        Running { clock: self }
    }

    fn is_over(&self) -> bool {
        let end = self.end.load(Ordering::Relaxed);
        end != 0 && millis(self.made.elapsed()) > end
    }
}

/// A clock that runs.
pub(super) struct Running<'c> {
    clock: &'c Clock,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.clock.end.store(0, Ordering::Relaxed);
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

//! Where reading connections rest, and may keep the state of the database they read for the next one who reads.
//!
//! To begin and end a transaction is most of what a point read costs: `SQLite` asks the kernel for a lock each time, and
//! all connections of a process queue for that. So a connection that comes home keeps its state while nothing is written.
//! The writer takes all states back before it writes: kept ones would be old, and keep the log from beginning anew.

use std::time::Instant;

use parking_lot::Mutex;

use super::{super::errors, File};

/// Counts how often the writer has begun or ended: odd while it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Round(u64);

/// The connections that nobody uses.
pub(in super::super) struct Shelf {
    inside: Mutex<Inside>,
}

struct Inside {
    resting: Vec<Resting>,
    round: Round,
}

/// A connection that nobody uses.
pub(super) struct Resting {
    pub(super) file: File,
    /// Since when it holds a state of the database, which nobody has written to.
    pub(super) since: Option<Instant>,
}

impl Shelf {
    /// An empty one.
    pub(in super::super) fn new() -> Shelf {
        Shelf { inside: Mutex::new(Inside { resting: Vec::new(), round: Round(0) }) }
    }

    /// Lays a new connection down.
    pub(super) fn lay(&self, new: Resting) {
        self.inside.lock().resting.push(new);
    }

    /// The connection that was last in use.
    pub(super) fn take(&self) -> Option<(Resting, Round)> {
        let mut inside = self.inside.lock();
        let resting = inside.resting.pop()?;
        Some((resting, inside.round))
    }

    /// Takes a connection back that was out since this round. It keeps its state if the writer has rested all the time.
    pub(super) fn give_back(&self, mut back: Resting, since: Round) {
        let mut inside = self.inside.lock();
        if inside.round != since || since.is_writing() {
            drop(inside);
            back.release();
            inside = self.inside.lock();
        }
        inside.resting.push(back);
    }

    /// The writer writes until the value returned is dropped.
    pub(in super::super) fn writing(&self) -> Writing<'_> {
        let mut inside = self.inside.lock();
        inside.round.0 += 1;
        inside.resting.iter_mut().for_each(Resting::release);
        Writing { shelf: self }
    }

    /// Closes the connections.
    pub(super) fn clear(&self) {
        self.inside.lock().resting.clear();
    }
}

impl Round {
    fn is_writing(self) -> bool {
        self.0 % 2 == 1
    }
}

impl Resting {
    fn release(&mut self) {
        self.since = None;
        let_go(&self.file);
    }
}

/// Lets go of the state of the database that a connection may hold.
pub(super) fn let_go(file: &File) {
    if !file.is_autocommit()
        && let Err(error) = file.prepare_cached("ROLLBACK").and_then(|mut end| end.raw_execute())
    {
        tracing::error!(error = %errors::outside(error), "a reader could not end its transaction");
    }
}

/// The writer writes.
pub(in super::super) struct Writing<'s> {
    shelf: &'s Shelf,
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.shelf.inside.lock().round.0 += 1;
    }
}

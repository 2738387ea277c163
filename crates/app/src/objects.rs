//! Where bodies of files lie: a store of objects by workspace and digest. A folder beside the database is the one there is;
//! another would be one more implementation of [`Objects`].
//!
//! Invariant: a body is kept before the row that names it, and swept only when no row has named it for a day. So a row
//! never names what is not there, whatever is killed when.

mod local;

use std::{
    io::{self, Read},
    time::Duration,
};

use domain::{attachment::Digest, id::WorkspaceId};

pub use local::Local;

/// Where a body lies. Equal bodies of one workspace lie there once; workspaces share none, so that nobody can find out by an
/// upload what another has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Whose.
    pub workspace: WorkspaceId,
    /// SHA-256 of the body.
    pub digest: Digest,
}

/// How old a body must be that nobody refers to, before it is swept: its row may be on the way.
pub const GRACE: Duration = Duration::from_hours(24);

/// A store of bodies. Calls block; they belong on threads that may.
pub trait Objects: Send + Sync {
    /// Begins a body, which is nothing until it is kept. `unique` tells it from all others that are coming on any node.
    fn begin(&self, unique: [u8; 16]) -> io::Result<Box<dyn Incoming>>;

    /// Opens a body to be read.
    fn open(&self, key: Key) -> io::Result<Box<dyn Read + Send>>;

    /// Whether a body is there.
    fn has(&self, key: Key) -> bool;

    /// Shows the bodies that were kept longer ago than `age`, in any order, and throws away what was begun then and never
    /// kept.
    fn older(&self, age: Duration, see: &mut dyn FnMut(Key)) -> io::Result<()>;

    /// Removes a body, unless it was kept anew within `age`. False if it stays or is not there.
    fn remove(&self, key: Key, age: Duration) -> io::Result<bool>;
}

/// A body that is coming. Dropped before it is kept, it leaves nothing behind.
pub trait Incoming: Send {
    /// Adds bytes at its end.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Keeps it, safe against a loss of power. If it is there already, it counts as kept now.
    fn keep(self: Box<Self>, key: Key) -> io::Result<()>;
}

//! Live updates: open pages hear what has changed, ids only, and read it anew with their own proof.
//!
//! Invariant: nothing of a thing but its id leaves here, and that only to whom its pages would show it.

mod mark;
mod seat;
mod sight;
mod stream;
mod wire;

pub use mark::After;
pub use stream::Stream;
pub use wire::Wire;

//! Mail: the channel it leaves by, the letters, how they are handed over, and the worker that empties the outbox.
//!
//! Invariant: all but [`worker`] knows neither the database nor the clock. The worker brings a [`letter::Letter`],
//! a [`smtp::Connection`] says what became of it.

pub mod address;
pub mod channel;
pub mod letter;
pub mod smtp;
pub mod worker;

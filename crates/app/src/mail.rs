//! Mail: the channel it leaves by, the letters, and how they are handed over.
//!
//! Invariant: this part knows neither the database nor the clock. The outbox worker brings a [`letter::Letter`],
//! a [`smtp::Connection`] says what became of it.

pub mod address;
pub mod channel;
pub mod letter;
pub mod smtp;

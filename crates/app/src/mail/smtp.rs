//! The conversation with the mail server: one connection, many messages, and for each what became of it.
//!
//! Spoken by ourselves rather than through lettre's connection, for four reasons: an outcome depends on the stage at
//! which a code came; a loss before the final dot is harmless and one after it is not; the operator's test mail needs
//! a transcript, also inside TLS; and what a server sends out of turn, above all before the TLS handshake, must end
//! the conversation instead of answering the next command.

mod cause;
mod connection;
mod envelope;
mod login;
mod outcome;
mod reply;
pub(super) mod tls;
mod transaction;
mod transcript;
mod verifier;
mod wire;

pub use cause::{Cause, Flaw};
pub use connection::Connection;
pub use envelope::Envelope;
pub use outcome::{ChannelTrouble, Outcome, Stage};
pub use transcript::Transcript;

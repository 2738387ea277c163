//! What tests stand on: real servers and browsers that start in a moment, and a mail server that misbehaves on demand.
//!
//! Depends on nothing of ours, so that every floor can use it.

pub mod browser;
pub mod postfix;
pub mod postgres;
pub mod process;
pub mod smtp;

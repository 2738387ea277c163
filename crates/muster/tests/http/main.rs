//! The server in process: actors as values, a fixed clock, both engines.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly wherever it stands")]

mod audit;
mod contract;
mod coverage;
mod docs;
mod joining;
mod kit;
mod members;
mod resets;
mod safety;

//! The server in process: actors as values, a fixed clock, both engines.

mod contract;
mod coverage;
mod joining;
mod kit;
mod safety;

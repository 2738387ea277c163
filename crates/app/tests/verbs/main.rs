//! What verbs promise, on both engines: the rules of inviting, joining and what members may do.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod answers;
#[path = "../../../store/tests/store/bed.rs"]
mod bed;
mod ending;
mod holding;
mod inviting;
mod joining;
mod keys;
mod links;
mod members;
mod proofs;
mod races;
mod secrets;
mod sessions;
mod setup;
mod world;

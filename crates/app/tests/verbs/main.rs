//! What verbs promise, on both engines: the rules of inviting, joining and what members may do.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod answers;
mod attachments;
mod audit;
mod backup;
#[path = "../../../store/tests/store/bed.rs"]
mod bed;
mod cases;
mod change_sets;
mod clones;
mod codes;
mod deeds;
mod departing;
mod editing;
mod ending;
mod folders;
mod given;
mod holding;
mod inviting;
mod joining;
mod keys;
mod links;
mod looking;
mod members;
mod proofs;
mod races;
mod renewing;
mod sample;
mod secrets;
mod server;
mod service_accounts;
mod sessions;
mod settling;
mod setup;
mod told;
mod trash;
mod world;

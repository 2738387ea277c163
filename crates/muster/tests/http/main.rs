//! The server in process: actors as values, a fixed clock, both engines.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly wherever it stands")]

mod audit;
mod cases;
mod codes;
mod contract;
mod coverage;
mod description;
mod docs;
mod endings;
mod files;
mod invitation_pages;
mod inviting;
mod joining;
mod keys;
mod kit;
mod live;
mod mail;
mod members;
mod profile;
mod projects;
mod renewing;
mod repository;
mod resets;
mod safety;
mod search;
mod server;
mod settling;
mod step_groups;

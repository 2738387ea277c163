//! The outbox worker against databases and mail servers, good ones and bad ones.
#![allow(clippy::unwrap_used, reason = "what a test rests on may end it")]

mod addresses;
mod crashes;
mod endings;
mod hand_over;
mod matrix;
mod notices;
mod refusals;
mod resets;
mod servers;
mod trouble;
mod world;

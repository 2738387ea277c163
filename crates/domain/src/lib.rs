//! The rules of Muster, pure: no input or output, no async, no SQL, no HTTP and no clock.
//!
//! Everything that can be decided by looking at values is decided here, so that it can be tested without a database
//! and read without knowing one. Time and randomness come in through [`now::Now`].

pub mod access;
pub mod actor;
pub mod attachment;
pub mod case;
pub mod change;
pub mod change_set;
pub mod colour;
pub mod diff;
pub mod email;
pub mod event;
pub mod field;
pub mod folder;
pub mod id;
pub mod invitation;
pub mod mail_domain;
pub mod markdown;
pub mod message;
pub mod now;
pub mod project;
pub mod project_key;
pub mod property;
pub mod rank;
pub mod recipients;
pub mod secret;
pub mod slug;
pub mod step_group;
pub mod steps;
pub mod terms;
pub mod time;
pub mod title;
pub mod words;

//! The product's tables: one file of SQL per noun, the same text for both engines.
//!
//! Reading takes `&mut Conn` and a `May` (or what else proves the caller); writing takes `&mut Tx` and a `Still`.
//! Invariant: the workspace of a statement comes from the proof, never from an argument beside it.

#[macro_use]
mod sql;

pub mod access;
pub mod answers;
pub mod attachments;
pub mod belongings;
pub mod case_list;
pub mod case_words;
pub mod cases;
pub mod change_sets;
pub mod changes;
pub mod channel;
pub mod codes;
pub mod erasure;
pub mod events;
pub mod fields;
pub mod folders;
pub mod holders;
pub mod invitations;
pub mod keys;
pub mod labels;
pub mod links;
pub mod mail_domains;
pub mod mail_server;
pub mod members;
pub mod messages;
pub mod migrations;
pub mod moves;
pub mod operators;
pub mod paging;
pub mod people;
pub mod projects;
pub mod properties;
pub mod quotas;
pub mod saved_views;
pub mod search;
pub mod server;
pub mod service_accounts;
pub mod sessions;
pub mod step_groups;
pub mod tokens;
pub mod trash;
pub mod workspaces;

pub use access::{Again, Lost};
pub use sql::{Column, Param};

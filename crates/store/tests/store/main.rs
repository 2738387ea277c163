//! Every function of the store against both engines.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod access;
mod answers;
mod attachments;
mod bed;
mod belongings;
mod case_words;
mod cases;
mod changes;
mod channel;
mod codes;
mod coverage;
mod erasure;
mod events;
mod fields;
mod folders;
mod holders;
mod house;
mod invitations;
mod keys;
mod labels;
mod links;
mod locks;
mod mail_domains;
mod mail_server;
mod members;
mod messages;
mod operators;
mod people;
mod planted;
mod projects;
mod properties;
mod queue;
mod quotas;
mod renewal;
mod repository;
mod search;
mod server;
mod service_accounts;
mod sessions;
mod stages;
mod step_groups;
mod tokens;
mod trash;
mod workspaces;

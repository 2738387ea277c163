//! The REST API: one file per noun, each handler a sentence. Route and OpenAPI entry are one fact.

pub mod audit;
pub mod case_list;
pub mod cases;
pub mod docs;
pub mod folders;
pub mod invitations;
pub mod joining;
pub mod keys;
pub mod list;
pub mod mail;
pub mod mail_domains;
pub mod me;
pub mod members;
pub mod operator;
pub mod operator_mail;
pub mod profile;
pub mod projects;
pub mod resets;
pub mod roles;
pub mod search;
pub mod service_accounts;
pub mod sessions;
pub mod step_groups;
pub mod trash;
pub mod workspaces;

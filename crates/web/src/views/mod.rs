//! What each page shows: plain structs of display-ready values, each with its template.
//!
//! Invariant: a view decides nothing and knows no request, no database and no right. All words of the product stand in
//! the templates, all words of others (names, servers' answers) come in as text and are escaped.

pub mod api_key;
pub mod audit;
pub mod case;
pub mod change_set;
pub mod clones;
pub mod dashboard;
pub mod error;
pub mod field;
pub mod frame;
pub mod invitation;
pub mod invitations;
pub mod join;
pub mod label;
pub mod mail;
pub mod member;
pub mod operator;
pub mod operator_mail;
pub mod parts;
pub mod paths;
pub mod profile;
pub mod project;
pub mod property;
pub mod repository;
pub mod reset;
pub mod role;
pub mod search;
pub mod service_account;
pub mod setup;
pub mod sign_in;
pub mod users;
pub mod verify;
pub mod workspace;

#[allow(
    clippy::inline_always,
    clippy::unnecessary_wraps,
    clippy::unused_self,
    reason = "the attribute macro of askama writes such code"
)]
mod filters;

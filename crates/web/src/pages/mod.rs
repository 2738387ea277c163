//! Pages: one file per noun. Each handler gathers what its view shows, or runs a verb and goes on to the page after it.

pub mod agent;
pub mod api_keys;
pub mod audit;
pub mod cases;
pub mod dashboard;
pub mod errors;
pub mod events;
pub mod form;
pub mod general;
pub mod home;
pub mod invitation;
pub mod invitations;
pub mod join;
pub mod mail;
pub mod members;
pub mod moment;
pub mod operator;
pub mod operator_mail;
pub mod page;
pub mod profile;
pub mod projects;
pub mod repository;
pub mod resets;
pub mod roles;
pub mod search;
pub mod service_accounts;
pub mod sessions;
pub mod setup;
pub mod shell;
pub mod trash;
pub mod users;
pub mod verify;

pub use page::Page;

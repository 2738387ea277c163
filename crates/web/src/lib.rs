//! The only floor that knows HTTP: the URL table, pages, API, and what every answer has in common.
//!
//! Invariant: it writes no SQL and opens no transaction of its own; a handler takes its proof as an argument.

pub mod api;
pub mod assets;
pub mod client;
pub mod cookies;
mod edge;
pub mod extract;
pub mod failed;
pub mod health;
pub mod live;
mod opened;
pub mod pages;
pub mod problem;
mod respond;
pub mod routes;
pub mod site;
pub mod views;

pub use routes::router;
pub use site::{Settings, Site};

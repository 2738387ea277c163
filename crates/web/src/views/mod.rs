//! What each page shows: plain structs of display-ready values, each with its template.
//!
//! Invariant: a view decides nothing and knows no request, no database and no right. All words of the product stand in
//! the templates, all words of others (names, servers' answers) come in as text and are escaped.

pub mod dashboard;
pub mod frame;
pub mod invitation;
pub mod join;
pub mod parts;
pub mod paths;
pub mod users;

mod filters;

//! One SQL text, two engines: `SQLite` on rusqlite and `PostgreSQL` on tokio-postgres.
//!
//! A unit of work is a plain function that runs on its own thread to its end: [`Db::read`] hands it a [`Conn`],
//! [`Db::write`] a [`Tx`]. Dropping the caller's future never cuts a transaction in two.
//!
//! Invariant: this crate knows nothing of the product; it has no table of its own but the one of its migrations.
//!
//! Rules for SQL that runs on both engines:
//! - `?` stands for a parameter, in order. `PostgreSQL`'s operators with a `?` are written as functions.
//! - `/*pg: FOR UPDATE */` is unwrapped on `PostgreSQL` and stays a comment on `SQLite`, `/*lite: … */` the other way.
//!   Marks hold no `?`, so both engines count the same parameters.
//! - A failed statement ends its transaction, also where the function goes on and answers `Ok`.
//! - A parameter carries its type: integers are `bigint`, so `CAST(? AS integer)` where a function insists.

mod conn;
mod db;
mod error;
mod migration;
mod notice;
mod postgres;
mod row;
mod settings;
mod sqlite;
mod statement;
mod table;
mod text;
mod thread;
mod tx;
mod value;

pub use conn::Conn;
pub use db::Db;
pub use error::{Error, Rule};
pub use migration::{Applied, Migration};
pub use notice::Notice;
pub use row::{Record, Row};
pub use settings::{Engine, Settings};
pub use statement::Statement;
pub use table::{Column, Kind, Reference, Table};
pub use tx::Tx;
pub use value::Value;

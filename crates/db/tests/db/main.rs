//! The data layer against both engines.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod bed;
mod marks;
mod migrations;
mod notices;
mod postgres;
mod proxy;
mod reads;
mod restarts;
mod sqlite;
mod tables;
mod tls;
mod values;
mod writes;

//! The kit itself, tried out.

mod browser;
mod postfix;
mod smtp;
mod with_postgres;

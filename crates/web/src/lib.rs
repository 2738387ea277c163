//! The only floor that knows HTTP.

pub mod assets;
pub mod views;

//! What the product does. So far: its mail.

pub mod mail;

//! Mail without a database: letters read back by another program's parser, and every way a mail server can behave.
#![allow(clippy::unwrap_used, reason = "what a test rests on may end it")]

#[path = "mail/answers.rs"]
mod answers;
#[path = "mail/connections.rs"]
mod connections;
#[path = "mail/encryption.rs"]
mod encryption;
#[path = "mail/letters.rs"]
mod letters;
#[path = "mail/outcomes.rs"]
mod outcomes;
#[path = "mail/real_servers.rs"]
mod real_servers;

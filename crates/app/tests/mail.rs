//! Mail without a database: letters read back by another program's parser, and every way a mail server can behave.

#[path = "mail/letters.rs"]
mod letters;

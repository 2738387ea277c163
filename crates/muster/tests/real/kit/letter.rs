//! What stands in a mail.

use anyhow::{Context, Result};
use mail_parser::MessageParser;

/// The link to join by, from the text part of a raw mail.
pub fn link(mail: &[u8]) -> Result<String> {
    link_into("/join/", mail)
}

/// The link into this folder, from the text part of a raw mail.
pub fn link_into(folder: &str, mail: &[u8]) -> Result<String> {
    let mail = MessageParser::default().parse(mail).context("not a mail")?;
    let text = mail.body_text(0).context("a mail without text")?;
    let words = text.split_whitespace().find(|word| word.contains(folder));
    Ok(words.with_context(|| format!("no link in {text}"))?.to_owned())
}

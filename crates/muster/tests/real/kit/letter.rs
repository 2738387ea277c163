//! What stands in a mail.

use anyhow::{Context, Result};
use mail_parser::MessageParser;

/// The code to type where the link does not open, from the text part of a raw mail.
pub fn code(mail: &[u8]) -> Result<String> {
    let text = text(mail)?;
    let line = text.lines().skip_while(|line| !line.contains("type this code")).nth(2);
    Ok(line.with_context(|| format!("no code in {text}"))?.trim().to_owned())
}

/// The link to join by, from the text part of a raw mail.
pub fn link(mail: &[u8]) -> Result<String> {
    link_into("/join/", mail)
}

/// The link into this folder, from the text part of a raw mail.
pub fn link_into(folder: &str, mail: &[u8]) -> Result<String> {
    let text = text(mail)?;
    let words = text.split_whitespace().find(|word| word.contains(folder));
    Ok(words.with_context(|| format!("no link in {text}"))?.to_owned())
}

fn text(mail: &[u8]) -> Result<String> {
    let mail = MessageParser::default().parse(mail).context("not a mail")?;
    Ok(mail.body_text(0).context("a mail without text")?.into_owned())
}

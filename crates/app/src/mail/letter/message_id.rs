//! The name of a letter, the same on every attempt to send it.

use std::{fmt, str::FromStr};

use url::Url;

use super::LetterError;

/// `<left@right>` (RFC 5322 3.6.4). A letter tried again after an uncertain end has the same one, so that a mail
/// program that gets both shows one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageId(String);

impl MessageId {
    /// `<inv.{invitation}.{send}@{host}>`: `invitation` is its id, `send` counts resendings from 1.
    pub fn of_invitation(invitation: &str, send: u32, base_url: &Url) -> Result<Self, LetterError> {
        let host = base_url.host_str().ok_or(LetterError::MessageId)?;
        format!("<inv.{invitation}.{send}@{host}>").parse()
    }

    /// `<msg.{message}@{host}>`, for letters that carry no invitation: `message` is the id of the row in the outbox.
    pub fn of_message(message: &str, base_url: &Url) -> Result<Self, LetterError> {
        let host = base_url.host_str().ok_or(LetterError::MessageId)?;
        format!("<msg.{message}@{host}>").parse()
    }
}

impl FromStr for MessageId {
    type Err = LetterError;

    fn from_str(text: &str) -> Result<Self, LetterError> {
        let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        let halves = inner.and_then(|inner| inner.split_once('@'));
        let atom = |half: &str| {
            !half.is_empty() && half.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>@()\\\",;".contains(&byte))
        };
        match halves {
            Some((left, right)) if atom(left) && atom(right) && text.len() <= 200 => Ok(Self(text.to_owned())),
            _ => Err(LetterError::MessageId),
        }
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::MessageId;

    #[test]
    fn an_invitation_names_its_letter_by_id_and_send_number() {
        let base = "https://muster.hollinash.example".parse().unwrap();
        let id = MessageId::of_invitation("inv_01h4", 2, &base).unwrap();
        assert_eq!(id.to_string(), "<inv.inv_01h4.2@muster.hollinash.example>");
        assert_eq!(id.to_string().parse::<MessageId>().unwrap(), id);
    }

    #[test]
    fn an_id_with_line_ends_or_brackets_is_none() {
        for bad in ["", "a@b", "<a>", "<@b>", "<a@>", "<a@b>\r\nBcc: <x@y>", "<a b@c>", "<a@b@c>", "<a>@b>"] {
            assert!(bad.parse::<MessageId>().is_err(), "{bad:?}");
        }
    }
}

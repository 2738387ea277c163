//! The one sender of all letters (`--mail-from`).

use std::{fmt, str::FromStr};

use lettre::message::Mailbox;

use crate::mail::address::{self, AddressError};

/// `muster@example.org` or `Muster <muster@example.org>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailFrom(Mailbox);

impl FromStr for MailFrom {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return Err(AddressError::ControlCharacter);
        }
        let unclear = || AddressError::Invalid(format!("{text} is not `address` or `Name <address>`"));
        let (name, email) = match text.strip_suffix('>') {
            Some(named) => named.rsplit_once('<').ok_or_else(unclear)?,
            None => ("", text),
        };
        let name = name.trim().trim_matches('"');
        let name = (!name.is_empty()).then(|| name.to_owned());
        Ok(Self(Mailbox::new(name, address::read(email)?)))
    }
}

impl MailFrom {
    /// From its parts, as a form has them; an empty name is none.
    pub fn of(address: &str, name: &str) -> Result<Self, AddressError> {
        if name.chars().any(char::is_control) {
            return Err(AddressError::ControlCharacter);
        }
        let name = Some(name.trim()).filter(|name| !name.is_empty()).map(str::to_owned);
        Ok(Self(Mailbox::new(name, address::read(address.trim())?)))
    }

    /// What it is called, if anything.
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The bare address, also the envelope's sender.
    pub fn address(&self) -> &str {
        self.0.email.as_ref()
    }

    pub(in crate::mail) fn mailbox(&self) -> Mailbox {
        self.0.clone()
    }
}

impl fmt::Display for MailFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::MailFrom;

    #[test]
    fn a_sender_has_an_address_and_perhaps_a_name() {
        let bare: MailFrom = "muster@hollin.example".parse().unwrap();
        assert_eq!(bare.to_string(), "muster@hollin.example");
        let named: MailFrom = " Hollin & Ash Tests <muster@bücher.example> ".parse().unwrap();
        assert_eq!(named.address(), "muster@xn--bcher-kva.example");
        assert_eq!(named.to_string(), "Hollin & Ash Tests <muster@xn--bcher-kva.example>");
        let quoted: MailFrom = "\"Hollin, Ash\" <muster@hollin.example>".parse().unwrap();
        assert_eq!(quoted.to_string(), "\"Hollin, Ash\" <muster@hollin.example>");
    }

    #[test]
    fn a_sender_is_one_address_on_one_line() {
        for bad in ["", "muster", "a@b.example, c@d.example", "A\r\nBcc: x@y.example <a@b.example>", "A <a@b.example"] {
            assert!(bad.parse::<MailFrom>().is_err(), "{bad:?}");
        }
    }
}

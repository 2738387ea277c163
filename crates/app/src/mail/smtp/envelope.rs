//! Who a message is from and for, apart from what its headers say.

use lettre::Address;

use crate::mail::address::{self, AddressError};

/// One sender, one recipient: one message each, so that one refusal concerns one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub(super) from: Address,
    pub(super) to: Address,
}

impl Envelope {
    /// Domains outside ASCII are written as A-labels; a local part outside ASCII needs SMTPUTF8 (RFC 6531).
    pub fn new(from: &str, to: &str) -> Result<Self, AddressError> {
        Ok(Self { from: address::read(from)?, to: address::read(to)? })
    }

    /// The sender, where bounces go.
    pub fn from(&self) -> &str {
        self.from.as_ref()
    }

    /// The recipient.
    pub fn to(&self) -> &str {
        self.to.as_ref()
    }
}

//! Posting letters of the server to a person: into the outbox, in the transaction of the verb that has something to tell.

use db::Tx;
use domain::{access::System, email::Email, id::PersonId, invitation::GRACE, message::Kind, now::Now, time::Time};
use serde::{Deserialize, Serialize};
use store::messages::{self, NewLetter};

use crate::{
    Failure,
    notices::Notice,
    vault::{CannotOpen, Vault},
};

/// Where verbs post letters.
#[derive(Clone, Copy)]
pub struct Post<'a> {
    /// Seals what lies in the outbox.
    pub vault: &'a Vault,
    /// Whether there is a mail server to send by; without one nothing is posted.
    pub mail: bool,
}

/// What a letter needs to be written, as it lies sealed in the outbox. Each is a kind of message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub enum Says {
    /// Here is a link to set a new password.
    Reset {
        /// The link's token.
        token: String,
        /// When it ends.
        ends_at: Time,
    },
    /// Here is a link to prove the address.
    Verification {
        /// The link's token.
        token: String,
        /// When it ends.
        ends_at: Time,
    },
    /// Something happened.
    Notice(Notice),
}

impl Says {
    /// The kind of message.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Reset { .. } => Kind::Reset,
            Self::Verification { .. } => Kind::Verification,
            Self::Notice(_) => Kind::Notice,
        }
    }
}

/// A letter in the outbox.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Posted {
    /// What the recipient is called.
    pub(crate) name: String,
    /// What it says.
    pub(crate) says: Says,
}

/// To whom a letter goes.
#[derive(Clone, Copy, Debug)]
pub struct Recipient<'a> {
    /// Whose account it is about.
    pub person: PersonId,
    /// What the person is called.
    pub name: &'a str,
    /// Where to.
    pub email: &'a Email,
}

/// What a letter is sealed for in the outbox.
const PURPOSE: &str = "letter";

impl Post<'_> {
    /// Puts a letter into the outbox. After `ends_at` it is not sent any more.
    pub fn put(&self, tx: &mut Tx, to: Recipient, says: Says, ends_at: Time, now: &Now) -> Result<(), Failure> {
        if !self.mail {
            return Ok(());
        }
        let kind = says.kind();
        let posted = Posted { name: to.name.to_owned(), says };
        let plain = serde_json::to_vec(&posted).map_err(|error| Failure::Broken(error.to_string()))?;
        let letter = NewLetter {
            kind,
            person: to.person,
            address: to.email.as_str(),
            normalised: to.email.normalised(),
            secret: &self.vault.seal(PURPOSE, &plain, now),
            ends_at,
        };
        messages::post(tx, &System::because("a letter to a person"), &letter, now)?;
        Ok(())
    }

    /// The same for one that is as good in some days: the outbox gives up when its time is over.
    pub fn put_patiently(&self, tx: &mut Tx, to: Recipient, says: Says, now: &Now) -> Result<(), Failure> {
        self.put(tx, to, says, now.at + GRACE, now)
    }
}

/// Opens what was posted, to write the letter. What a newer version posted, this one cannot read either.
pub(crate) fn open(vault: &Vault, sealed: &[u8]) -> Result<Posted, CannotOpen> {
    serde_json::from_slice(&vault.open(PURPOSE, sealed)?).map_err(|_| CannotOpen)
}

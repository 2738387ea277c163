//! A message of the outbox: which letter it becomes.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::invitation::{UnknownWord, words};

words! {
    /// Which letter a message becomes.
    Kind {
        /// Asks an address to join; told in the list of invitations.
        Invitation = "invitation",
        /// Brings a link to set a new password.
        Reset = "reset",
        /// Brings a link to prove an address.
        Verification = "verification",
        /// Tells a person what happened.
        Notice = "notice",
    }
}

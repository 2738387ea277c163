//! An invitation asks an address to join. Its states, its end, and what becomes of each pasted address.
//! Source: invitations.md, "State machine".

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

use crate::time::{Time, days};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $slug:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$item])* #[serde(rename = $slug)] $variant,)*
        }

        impl $name {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name in API and tables.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.slug())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                Self::ALL.iter().copied().find(|word| word.slug() == text).ok_or_else(|| UnknownWord(text.to_owned()))
            }
        }
    };
}

pub(crate) use words;

/// A word that is none of the known ones.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is none of the known words")]
pub struct UnknownWord(pub String);

words! {
    /// Where an invitation stands. Rows are never deleted.
    State {
        /// Waits for the invitee.
        Pending = "pending",
        /// Its inviter could not grant it any more; comes back by itself when he can (T12).
        OnHold = "on_hold",
        /// Became exactly one membership (I1).
        Accepted = "accepted",
        /// The invitee said no.
        Declined = "declined",
        /// Taken back.
        Revoked = "revoked",
        /// Its end passed.
        Expired = "expired",
        /// The address became a member another way.
        Superseded = "superseded",
    }
}

impl State {
    /// At most one invitation per workspace and address is in one of these (I2).
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::OnHold)
    }

    /// What it is at `now`: the clock expires it, even if nothing ever swept (T7).
    pub fn at(self, ends_at: Time, now: Time) -> Self {
        if self.is_open() && ends_at <= now { Self::Expired } else { self }
    }
}

words! {
    /// What became of one mail. It never changes whether the invitation is valid.
    Delivery {
        /// No mail was wanted, or the server has no way to send one.
        None = "none",
        /// Waits for its turn.
        Queued = "queued",
        /// A worker is talking to the mail server.
        Sending = "sending",
        /// The mail server took it.
        Sent = "sent",
        /// To be tried again later.
        Deferred = "deferred",
        /// Refused for good.
        Failed = "failed",
        /// Came back.
        Bounced = "bounced",
        /// The address is on the suppression list.
        Suppressed = "suppressed",
        /// The invitation ended before the mail left.
        Withdrawn = "withdrawn",
    }
}

impl Delivery {
    /// Whether the worker still has something to do.
    pub const fn is_waiting(self) -> bool {
        matches!(self, Self::Queued | Self::Sending | Self::Deferred)
    }
}

words! {
    /// What becomes of one address of a batch.
    Outcome {
        /// Invited, or would be.
        Invited = "invited",
        /// A member already, perhaps a deactivated one.
        AlreadyMember = "already_member",
        /// Has an open invitation.
        AlreadyInvited = "already_invited",
        /// Stands earlier in the same batch.
        Duplicate = "duplicate",
        /// No address, or a column that is wrong.
        Invalid = "invalid",
        /// Its own role or project role exceeds the ceiling.
        NotAllowed = "not_allowed",
    }
}

/// How many days a link works, 1 to 90.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ValidDays(u32);

/// A number of days outside 1 to 90.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 90 days")]
pub struct BadDays;

impl ValidDays {
    /// As many as this.
    pub fn new(days: i64) -> Result<Self, BadDays> {
        u32::try_from(days).ok().filter(|days| (1..=90).contains(days)).map(Self).ok_or(BadDays)
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The end as counted from the first hand-over or first copy.
    pub fn end_after(self, first_out: Time) -> Time {
        first_out + days(self.0)
    }

    /// The end while nothing has gone out: counting begins at the latest five days after creation.
    pub fn end_unless_out(self, created: Time) -> Time {
        self.end_after(created + GRACE)
    }
}

impl Default for ValidDays {
    fn default() -> Self {
        Self(7)
    }
}

/// How long a mail may be on its way before the end counts all the same. The outbox gives up at the same time.
pub const GRACE: Duration = days(5);

/// At most so many addresses in one batch.
pub const MOST_ADDRESSES: usize = 1_000;

/// At most so many characters in a personal message.
pub const LONGEST_MESSAGE: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    const START: Time = Time::from_micros(1_796_121_600_000_000);

    #[test]
    fn an_open_invitation_past_its_end_is_expired_without_a_sweeper() {
        assert_eq!(State::Pending.at(START, START), State::Expired);
        assert_eq!(State::OnHold.at(START, START + days(1)), State::Expired);
        assert_eq!(State::Pending.at(START + days(1), START), State::Pending);
        assert_eq!(State::Accepted.at(START, START + days(9)), State::Accepted);
    }

    #[test]
    fn the_end_counts_from_the_hand_over_and_at_the_latest_from_the_fifth_day() {
        let week = ValidDays::default();
        assert_eq!(week.end_after(START), START + days(7));
        assert_eq!(week.end_unless_out(START), START + days(12));
    }

    #[test]
    fn a_link_works_one_to_ninety_days() {
        assert_eq!([0, 91, -1, i64::MAX].map(ValidDays::new), [Err(BadDays); 4]);
        assert!(ValidDays::new(1).is_ok() && ValidDays::new(90).is_ok());
    }

    #[test]
    fn words_read_back() {
        for state in State::ALL {
            assert_eq!(state.slug().parse(), Ok(*state));
        }
        assert!("on hold".parse::<State>().is_err());
    }
}

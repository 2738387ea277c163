//! Why a text is no address, where, and what was perhaps meant.

use std::fmt;

use super::repair;
use crate::title::Unseen;

/// A text that is not an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct BadEmail {
    /// Characters (Unicode scalar values) before the trouble in the text that was read.
    pub at: usize,
    /// What the trouble is.
    pub reason: BadEmailReason,
    /// A text to put in its place that reads as good: an address, or several where a
    /// full-width comma stood between them.
    pub suggestion: Option<String>,
}

impl fmt::Display for BadEmail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.reason.is_of_the_whole() {
            return self.reason.fmt(f);
        }
        write!(f, "{}, character {}", self.reason, self.at + 1)
    }
}

/// The kinds of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEmailReason {
    /// The text is empty.
    #[error("Nothing in it")]
    Empty,
    /// No @ anywhere.
    #[error("No @ in it")]
    NoAt,
    /// Two @ in one word.
    #[error("A second @")]
    SecondAt,
    /// Another address where one is expected.
    #[error("A second address")]
    TwoAddresses,
    /// White space within the address.
    #[error("A space inside the address")]
    Space,
    /// A character nobody sees.
    #[error(transparent)]
    Unseen(Unseen),
    /// A full-width or otherwise disguised form of a plain character.
    #[error("A character that only looks like a plain one")]
    LookAlike,
    /// Latin, Greek or Cyrillic letters side by side.
    #[error("Letters of two alphabets in one word")]
    MixedAlphabets,
    /// A character that addresses do not have.
    #[error("A character that cannot stand there")]
    BadCharacter,
    /// `"ann keller"@…`: valid by RFC 5321, handed out by nobody.
    #[error("Quotes around the part before the @")]
    Quotes,
    /// The @ comes first.
    #[error("Nothing before the @")]
    NothingBeforeAt,
    /// More than 64 bytes before the @ (RFC 5321, 4.5.3.1.1).
    #[error("More than 64 bytes before the @")]
    LongBeforeAt,
    /// The @ comes last.
    #[error("Nothing after the @")]
    NothingAfterAt,
    /// A dot at the start or the end of a side.
    #[error("A dot at the edge")]
    DotAtEdge,
    /// Two dots in a row.
    #[error("Two dots in a row")]
    TwoDots,
    /// A comma in the domain.
    #[error("A comma where a dot should be")]
    CommaForDot,
    /// A domain without a dot.
    #[error("No dot after the @")]
    NoDot,
    /// `ann@[192.0.2.1]`.
    #[error("A number in brackets instead of a domain")]
    NumberInBrackets,
    /// A hyphen at the start or the end of a part of the domain.
    #[error("A hyphen at the edge")]
    HyphenAtEdge,
    /// More than 63 bytes between two dots of the domain.
    #[error("More than 63 bytes between two dots")]
    LongLabel,
    /// The last part of the domain is a number.
    #[error("A domain that ends in a number")]
    NumberAtEnd,
    /// A domain that is no IDN by UTS 46.
    #[error("Not a domain name")]
    NotADomain,
    /// More than 254 bytes (RFC 5321, 4.5.3.1.3, without the angle brackets).
    #[error("More than 254 bytes")]
    TooLong,
    /// A `<` without its `>`.
    #[error("A < without its >")]
    OpenBracket,
    /// Text behind `Name <address>`.
    #[error("Something after the >")]
    AfterBracket,
    /// A `%` in a `mailto:` link that does not stand for text.
    #[error("A % that stands for nothing")]
    BadPercent,
    /// The name before the address is longer than a name may be.
    #[error("A name that is too long")]
    LongName,
}

impl BadEmail {
    /// Characters before the one at fault, where it is one character and not all of the text.
    pub fn place(&self) -> Option<usize> {
        (!self.reason.is_of_the_whole()).then_some(self.at)
    }
}

impl BadEmailReason {
    /// A stable word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NoAt => "no_at",
            Self::SecondAt => "second_at",
            Self::TwoAddresses => "two_addresses",
            Self::Space => "space",
            Self::Unseen(what) => what.code(),
            Self::LookAlike => "look_alike",
            Self::MixedAlphabets => "mixed_alphabets",
            Self::BadCharacter => "bad_character",
            Self::Quotes => "quotes",
            Self::NothingBeforeAt => "nothing_before_at",
            Self::LongBeforeAt => "long_before_at",
            Self::NothingAfterAt => "nothing_after_at",
            Self::DotAtEdge => "dot_at_edge",
            Self::TwoDots => "two_dots",
            Self::CommaForDot => "comma_for_dot",
            Self::NoDot => "no_dot",
            Self::NumberInBrackets => "number_in_brackets",
            Self::HyphenAtEdge => "hyphen_at_edge",
            Self::LongLabel => "long_label",
            Self::NumberAtEnd => "number_at_end",
            Self::NotADomain => "not_a_domain",
            Self::TooLong => "too_long",
            Self::OpenBracket => "open_bracket",
            Self::AfterBracket => "after_bracket",
            Self::BadPercent => "bad_percent",
            Self::LongName => "long_name",
        }
    }

    /// Whether it is the text that is wrong and no one character of it.
    fn is_of_the_whole(self) -> bool {
        use BadEmailReason::{Empty, LongBeforeAt, LongName, NoAt, NoDot, NotADomain, NumberAtEnd, TooLong};
        matches!(self, Empty | NoAt | NoDot | LongBeforeAt | LongName | NotADomain | NumberAtEnd | TooLong)
    }
}

/// Trouble at a place, before anybody has thought about a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Characters before it.
    pub at: usize,
    pub reason: BadEmailReason,
}

impl Fault {
    /// Trouble with all of it.
    pub fn whole(reason: BadEmailReason) -> Self {
        Self { at: 0, reason }
    }

    /// The same trouble in a text that has `more` characters before.
    pub fn behind(self, more: usize) -> Self {
        Self { at: self.at + more, ..self }
    }

    /// The error for `text`, in which `at` counts.
    pub fn found_in(self, text: &str) -> BadEmail {
        BadEmail { at: self.at, reason: self.reason, suggestion: repair::suggestion(text) }
    }
}

/// How many characters a text has.
pub(super) fn chars(text: &str) -> usize {
    text.chars().count()
}

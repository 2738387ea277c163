//! E-mail addresses: one type everywhere, and the lists in which people paste them.

mod bad;
mod domain;
mod fields;
mod list;
mod local;
mod people;
mod piece;
mod repair;
mod slip;

use std::{cmp::Ordering, fmt, hash, str::FromStr};

use serde::{Deserialize, Serialize, Serializer};

pub use bad::{BadEmail, BadEmailReason};
pub use list::{Pieces, pieces, read_list};
pub use piece::{Piece, read_row};

use bad::{Fault, chars};

/// An address that exists only valid; equal, ordered and hashed by its normalised form.
///
/// The subset of RFC 5321 and 5322 that mail systems hand out: dot-atoms before the @ (no
/// quotes, no comments), a domain with a dot after it (no number in brackets). Other
/// scripts are allowed on both sides where they cannot deceive: letters, digits and
/// their marks only, no look-alikes of other characters, one alphabet per word.
#[derive(Clone, Debug)]
pub struct Email {
    shown: String,
    /// Bytes before the @ in `shown`.
    at: usize,
    normalised: String,
    /// Bytes before the @ in `normalised`.
    normalised_at: usize,
}

impl Email {
    /// Reads exactly one address with nothing around it. What people type, with spaces
    /// or a name, is for [`read_row`]; what they paste, for [`read_list`].
    pub fn parse(text: &str) -> Result<Self, BadEmail> {
        Self::check(text).map_err(|fault| fault.found_in(text))
    }

    /// As [`parse`](Self::parse), without the search for a suggestion.
    fn check(text: &str) -> Result<Self, Fault> {
        let at = place_of_at(text)?;
        let local = local::Local::check(&text[..at])?;
        let domain = domain::Domain::check(&text[at + 1..]).map_err(|fault| fault.behind(chars(&text[..=at])))?;
        let email = Self {
            at: local.shown.len(),
            shown: format!("{}@{}", local.shown, domain.shown),
            normalised_at: local.folded.len(),
            normalised: format!("{}@{}", local.folded, domain.ascii),
        };
        let longest = email.shown.len().max(email.normalised.len()).max(email.smtp().len());
        if longest > 254 { Err(Fault::whole(BadEmailReason::TooLong)) } else { Ok(email) }
    }

    /// The address as people see it and as it is sent to: the part before the @ as typed
    /// (composed, NFC), the domain in lower case and in the script it was typed in. This is
    /// the API's `address`. Parsing it gives the same address again.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The address for the SMTP envelope: as [`as_str`](Self::as_str), the domain as A-labels.
    pub fn smtp(&self) -> String {
        format!("{}@{}", self.local(), self.domain())
    }

    /// Whether the server must know SMTPUTF8 (RFC 6531) to deliver to it.
    pub fn needs_smtputf8(&self) -> bool {
        !self.local().is_ascii()
    }

    /// The key for comparison: case-folded, composed, domain as A-labels; dots and `+tag`
    /// stay. Folding never turns another letter into an ASCII one, so `ı` is not `i`.
    pub fn normalised(&self) -> &str {
        &self.normalised
    }

    /// The part before the @, as typed.
    pub fn local(&self) -> &str {
        &self.shown[..self.at]
    }

    /// The domain, normalised: lower case, A-labels.
    pub fn domain(&self) -> &str {
        &self.normalised[self.normalised_at + 1..]
    }

    /// The address for people who may only recognise it: of every word before the @ the
    /// first letter, of single letters none.
    pub fn masked(&self) -> String {
        let words: Vec<String> = self.local().split('.').map(masked_word).collect();
        format!("{}{}", words.join("."), &self.shown[self.at..])
    }
}

fn masked_word(word: &str) -> String {
    let length = chars(word);
    let kept = word.chars().next().filter(|_| length > 1);
    let hidden = length - usize::from(kept.is_some());
    kept.into_iter().chain(std::iter::repeat_n('•', hidden)).collect()
}

/// Where the only @ is, once nothing unseen stands anywhere.
fn place_of_at(text: &str) -> Result<usize, Fault> {
    use BadEmailReason::{Empty, LookAlike, NoAt, SecondAt, Space, Unseen};
    for (at, c) in text.chars().enumerate() {
        if let Some(what) = crate::title::Unseen::of(c) {
            return Err(Fault { at, reason: Unseen(what) });
        }
        if c.is_whitespace() {
            return Err(Fault { at, reason: Space });
        }
        if repair::punctuation_behind(c).is_some() {
            return Err(Fault { at, reason: LookAlike });
        }
    }
    let Some(at) = text.find('@') else {
        return Err(Fault::whole(if text.is_empty() { Empty } else { NoAt }));
    };
    match text[at + 1..].find('@') {
        Some(second) => Err(Fault { at: chars(&text[..=at + second]), reason: SecondAt }),
        None => Ok(at),
    }
}

impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.normalised == other.normalised
    }
}

impl Eq for Email {}

impl PartialOrd for Email {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Email {
    fn cmp(&self, other: &Self) -> Ordering {
        self.normalised.cmp(&other.normalised)
    }
}

impl hash::Hash for Email {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.normalised.hash(state);
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl FromStr for Email {
    type Err = BadEmail;

    fn from_str(text: &str) -> Result<Self, BadEmail> {
        Self::parse(text)
    }
}

impl Serialize for Email {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.shown)
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;

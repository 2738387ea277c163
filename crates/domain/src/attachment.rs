//! Files that hang on cases: their names, what they are, and where their bodies lie.
//!
//! What a file is follows from its first bytes, never from its name or from what its sender says; a name that promises
//! a picture over bytes that are none is refused.

mod kind;
mod name;

use std::{fmt, str::FromStr};

use data_encoding::HEXLOWER;

use crate::id::AttachmentId;

pub use kind::{Kind, Lie};
pub use name::FileName;

/// SHA-256 of a body: equal bodies of a workspace lie there once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl From<[u8; 32]> for Digest {
    fn from(hash: [u8; 32]) -> Self {
        Self(hash)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

/// A text that is no digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a digest has 64 hexadecimal digits")]
pub struct NoDigest;

impl FromStr for Digest {
    type Err = NoDigest;

    fn from_str(text: &str) -> Result<Self, NoDigest> {
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| NoDigest)?;
        bytes.try_into().map(Self).map_err(|_| NoDigest)
    }
}

/// The files that texts name as pictures, each once: `![the basket](att_…)`. Not more than a text could have room for.
pub fn named<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<AttachmentId> {
    let mut found = Vec::new();
    for text in texts {
        for (at, _) in text.match_indices(START) {
            let end = text[at + START.len()..].find(|c: char| !c.is_ascii_alphanumeric());
            let word = end.map_or(&text[at..], |end| &text[at..at + START.len() + end]);
            if let Ok(id) = word.parse::<AttachmentId>() {
                found.push(id);
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

const START: &str = "att_";

/// A size as people read it.
pub fn in_words(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1_000 {
        return format!("{bytes} bytes");
    }
    let (mut whole, mut unit) = (bytes, 0);
    while whole >= 1_000_000 && unit + 1 < UNITS.len() {
        (whole, unit) = (whole / 1_000, unit + 1);
    }
    match (whole / 1_000, whole % 1_000 / 100) {
        (many, 0) => format!("{many} {}", UNITS[unit]),
        (many, _) if many >= 100 => format!("{many} {}", UNITS[unit]),
        (few, tenth) => format!("{few}.{tenth} {}", UNITS[unit]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_as_it_was_written() {
        let digest = Digest::from([0xab; 32]);
        assert_eq!(digest.to_string().parse(), Ok(digest));
        for other in ["", "ab", &"AB".repeat(32), &"g".repeat(64)] {
            assert_eq!(other.parse::<Digest>(), Err(NoDigest));
        }
    }

    #[test]
    fn texts_name_files_by_their_ids() {
        let ids: Vec<AttachmentId> = (1..4).map(|n| uuid::Uuid::from_u128(n).into()).collect();
        let first = format!("![basket]({}) and ![again]({})", ids[1], ids[0]);
        let second = format!("{}, att_nothing, att_ and {}", ids[0], ids[2]);
        assert_eq!(named([first.as_str(), &second].into_iter()), ids);
    }

    #[test]
    fn sizes_are_told_by_units_of_a_thousand() {
        let words = [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1 kB"), (1_540, "1.5 kB"), (25_000_000, "25 MB")];
        for (bytes, said) in words.into_iter().chain([(999_999, "999 kB"), (1_250_000_000, "1.2 GB")]) {
            assert_eq!(in_words(bytes), said);
        }
    }
}

//! The word that stands for a workspace in URLs.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::title::{WorkspaceName, folded};

/// Two to forty of `[a-z0-9-]`, no hyphen at either end.
///
/// Invariant: no underscore, so a slug is never taken for an id such as `wsp_…`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Slug(String);

/// Why a text cannot be a slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSlug {
    /// Fewer than two characters.
    #[error("It has at least {} characters", Slug::LEAST)]
    TooShort,
    /// More than forty characters.
    #[error("It has at most {} characters", Slug::MOST)]
    TooLong,
    /// A hyphen is its first or last character.
    #[error("A hyphen stands only between other characters")]
    HyphenAtEdge,
    /// Not a small letter, a digit or a hyphen.
    #[error("It has only the letters a to z, digits and hyphens, look at character {}", at + 1)]
    BadCharacter {
        /// Characters before it.
        at: usize,
    },
}

impl BadSlug {
    /// A stable word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::HyphenAtEdge => "hyphen_at_edge",
            Self::BadCharacter { .. } => "bad_character",
        }
    }
}

impl Slug {
    /// The fewest characters.
    pub const LEAST: usize = 2;
    /// The most characters.
    pub const MOST: usize = 40;

    /// Reads a slug exactly as it stands in a URL.
    pub fn parse(text: &str) -> Result<Self, BadSlug> {
        if let Some(at) = text.chars().position(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-')) {
            return Err(BadSlug::BadCharacter { at });
        }
        match text.len() {
            ..Self::LEAST => Err(BadSlug::TooShort),
            length if length > Self::MOST => Err(BadSlug::TooLong),
            _ if text.starts_with('-') || text.ends_with('-') => Err(BadSlug::HyphenAtEdge),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// A slug to offer for a new workspace, `workspace` when its name has no Latin
    /// letters. Whether it is free is for others to say.
    pub fn suggest(name: &WorkspaceName) -> Self {
        let name = folded(name.as_str()).replace(['\'', '’'], "");
        let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let whole = words.collect::<Vec<_>>().join("-");
        Self::parse(cut(&whole, Self::MOST)).unwrap_or_else(|_| Self("workspace".to_owned()))
    }

    /// The same slug made different by a number: `acme` and 2 make `acme-2`.
    #[must_use]
    pub fn with_number(&self, number: u32) -> Self {
        let number = number.to_string();
        Self(format!("{}-{number}", cut(&self.0, Self::MOST - 1 - number.len())))
    }

    /// The slug as it stands in a URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The first `most` bytes of an ASCII text, without a hyphen at the end.
fn cut(text: &str, most: usize) -> &str {
    text[..text.len().min(most)].trim_end_matches('-')
}

impl TryFrom<String> for Slug {
    type Error = BadSlug;

    fn try_from(text: String) -> Result<Self, BadSlug> {
        Self::parse(&text)
    }
}

impl std::str::FromStr for Slug {
    type Err = BadSlug;

    fn from_str(text: &str) -> Result<Self, BadSlug> {
        Self::parse(text)
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn suggested(name: &str) -> String {
        Slug::suggest(&WorkspaceName::parse(name).unwrap()).to_string()
    }

    #[test]
    fn a_name_suggests_a_slug() {
        for (name, slug) in [
            ("Hollin & Ash", "hollin-ash"),
            ("Ünïcode Straße", "unicode-strasse"),
            ("Ann's team", "anns-team"),
            ("Ann’s team", "anns-team"),
            ("wsp_01", "wsp-01"),
            ("--", "workspace"),
            ("X", "workspace"),
            ("王小明", "workspace"),
        ] {
            assert_eq!(suggested(name), slug, "{name}");
        }
        assert_eq!(suggested(&format!("{} tail", "a".repeat(39))), "a".repeat(39));
    }

    #[test]
    fn a_bad_slug_says_why() {
        for (text, code) in [
            ("a", "too_short"),
            ("-ab", "hyphen_at_edge"),
            ("ab-", "hyphen_at_edge"),
            ("Ab", "bad_character"),
            ("wsp_01", "bad_character"),
        ] {
            assert_eq!(Slug::parse(text).unwrap_err().code(), code, "{text:?}");
        }
        assert_eq!(Slug::parse(&"a".repeat(41)), Err(BadSlug::TooLong));
    }

    #[test]
    fn a_number_makes_another_slug_that_still_fits() {
        assert_eq!(Slug::parse("acme").unwrap().with_number(2).as_str(), "acme-2");
        let long = Slug::parse(&"a".repeat(40)).unwrap().with_number(u32::MAX);
        assert_eq!(Slug::parse(long.as_str()), Ok(long));
    }

    proptest! {
        #[test]
        fn any_name_suggests_a_good_slug(name in any::<String>(), number in any::<u32>()) {
            if let Ok(name) = WorkspaceName::parse(&name) {
                let slug = Slug::suggest(&name).with_number(number);
                prop_assert_eq!(Slug::parse(slug.as_str()), Ok(slug));
            }
        }
    }
}

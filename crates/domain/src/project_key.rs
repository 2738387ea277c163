//! The immutable key of a project, the `WEB` of `WEB-123`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::title::{ProjectName, folded};

/// Two to ten characters, `[A-Z][A-Z0-9]*`. Typed in any case, kept in capitals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ProjectKey(String);

/// Why a text cannot be a project key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadProjectKey {
    /// Fewer than two characters.
    #[error("A key has at least {} characters", ProjectKey::LEAST)]
    TooShort,
    /// More than ten characters.
    #[error("A key has at most {} characters", ProjectKey::MOST)]
    TooLong,
    /// It begins with a digit.
    #[error("A key begins with a letter")]
    StartsWithDigit,
    /// Neither a letter from A to Z nor a digit.
    #[error("A key has only the letters A to Z and digits, look at character {}", at + 1)]
    BadCharacter {
        /// Characters before it.
        at: usize,
    },
}

impl BadProjectKey {
    /// A stable word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::StartsWithDigit => "starts_with_digit",
            Self::BadCharacter { .. } => "bad_character",
        }
    }
}

impl ProjectKey {
    /// The fewest characters.
    pub const LEAST: usize = 2;
    /// The most characters.
    pub const MOST: usize = 10;

    /// Reads a key typed in any case, white space around it aside.
    pub fn parse(text: &str) -> Result<Self, BadProjectKey> {
        let text = text.trim();
        if let Some(at) = text.chars().position(|c| !c.is_ascii_alphanumeric()) {
            return Err(BadProjectKey::BadCharacter { at });
        }
        match text.len() {
            ..Self::LEAST => Err(BadProjectKey::TooShort),
            length if length > Self::MOST => Err(BadProjectKey::TooLong),
            _ if text.starts_with(|c: char| c.is_ascii_digit()) => Err(BadProjectKey::StartsWithDigit),
            _ => Ok(Self(text.to_ascii_uppercase())),
        }
    }

    /// A key to offer for a new project: the start of its first good word, else its
    /// initials, else `PRJ`. Whether it is free is for others to say.
    pub fn suggest(name: &ProjectName) -> Self {
        let name = folded(name.as_str());
        let words =
            || name.split(|c: char| !c.is_ascii_alphanumeric()).map(without_digits_before).filter(|w| !w.is_empty());
        let word = words().find(|word| word.len() >= Self::LEAST).map(|word| &word[..start_of(word)]);
        let initials: String = words().filter_map(|word| word.chars().next()).take(Self::MOST).collect();
        [word, Some(&initials)]
            .into_iter()
            .flatten()
            .find_map(|text| Self::parse(text).ok())
            .unwrap_or_else(|| Self("PRJ".to_owned()))
    }

    /// The same key made different by a number: `WEB` and 2 make `WEB2`.
    #[must_use]
    pub fn with_number(&self, number: u32) -> Self {
        let number = number.to_string();
        // A number has at most ten digits; one letter always stays, so nine of them count.
        let number = &number[number.len().saturating_sub(Self::MOST - 1)..];
        let kept = self.0.len().min(Self::MOST - number.len());
        Self(format!("{}{number}", &self.0[..kept]))
    }

    /// The key in capitals.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn without_digits_before(word: &str) -> &str {
    word.trim_start_matches(|c: char| c.is_ascii_digit())
}

/// Words of up to four letters stay whole, longer ones give three.
fn start_of(word: &str) -> usize {
    if word.len() <= 4 { word.len() } else { 3 }
}

impl TryFrom<String> for ProjectKey {
    type Error = BadProjectKey;

    fn try_from(text: String) -> Result<Self, BadProjectKey> {
        Self::parse(&text)
    }
}

impl std::str::FromStr for ProjectKey {
    type Err = BadProjectKey;

    fn from_str(text: &str) -> Result<Self, BadProjectKey> {
        Self::parse(text)
    }
}

impl fmt::Display for ProjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn suggested(name: &str) -> String {
        ProjectKey::suggest(&ProjectName::parse(name).unwrap()).to_string()
    }

    #[test]
    fn a_key_is_read_in_any_case_and_kept_in_capitals() {
        assert_eq!(ProjectKey::parse(" web2 ").unwrap().as_str(), "WEB2");
    }

    #[test]
    fn a_bad_key_says_why() {
        for (text, code) in [
            ("", "too_short"),
            ("W", "too_short"),
            ("WEBSHOPNORTH", "too_long"),
            ("2WEB", "starts_with_digit"),
            ("WE-B", "bad_character"),
            ("WÉB", "bad_character"),
            ("wıb", "bad_character"),
            ("WE B", "bad_character"),
        ] {
            assert_eq!(ProjectKey::parse(text).unwrap_err().code(), code, "{text:?}");
        }
        assert!(ProjectKey::parse("WE-B").unwrap_err().to_string().ends_with("character 3"));
    }

    #[test]
    fn a_name_suggests_a_key() {
        for (name, key) in [
            ("Web shop", "WEB"),
            ("Payments", "PAY"),
            ("Ünïcode", "UNI"),
            ("Straße", "STR"),
            ("A b c", "ABC"),
            ("2 Fast", "FAST"),
            ("3D viewer", "VIE"),
            ("R2D2", "R2D2"),
            ("王小明", "PRJ"),
            ("X", "PRJ"),
            ("42", "PRJ"),
        ] {
            assert_eq!(suggested(name), key, "{name}");
        }
    }

    #[test]
    fn a_number_makes_another_key_that_still_fits() {
        let key = |text| ProjectKey::parse(text).unwrap();
        assert_eq!(key("WEB").with_number(2), key("WEB2"));
        assert_eq!(key("ABCDEFGHIJ").with_number(12), key("ABCDEFGH12"));
        assert_eq!(key("WEB").with_number(u32::MAX), key("W294967295"));
    }

    proptest! {
        #[test]
        fn any_name_suggests_a_good_key(name in any::<String>(), number in any::<u32>()) {
            if let Ok(name) = ProjectName::parse(&name) {
                let key = ProjectKey::suggest(&name);
                prop_assert_eq!(ProjectKey::parse(key.as_str()), Ok(key.clone()));
                let other = key.with_number(number);
                prop_assert_eq!(ProjectKey::parse(other.as_str()), Ok(other));
            }
        }
    }
}

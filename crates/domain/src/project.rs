//! Where a project stands in its life, and what is said about it.

use unicode_normalization::UnicodeNormalization;

use crate::title::{BadTitle, Unseen};

/// Where a project stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProjectState {
    /// In use.
    #[default]
    Active,
    /// Readable; nothing of what it holds changes.
    Archived,
    /// Deleted, and to be restored for 30 days by who may delete it. For everybody else it is not there.
    Trashed,
}

impl ProjectState {
    /// By when it was archived and when it was deleted, in any time.
    pub fn of<T>(archived_at: Option<T>, trashed_at: Option<T>) -> Self {
        match (archived_at, trashed_at) {
            (_, Some(_)) => Self::Trashed,
            (Some(_), None) => Self::Archived,
            (None, None) => Self::Active,
        }
    }

    /// The name in the API and in addresses.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
            Self::Trashed => "trashed",
        }
    }
}

/// What a project is about: plain text of some lines, perhaps empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    /// The most characters it may have (Unicode scalar values, composed).
    pub const MOST: usize = 2_000;

    /// Trims and composes (NFC) what was typed. Line breaks stay, as `\n`; other control characters are refused.
    pub fn parse(text: &str) -> Result<Self, BadTitle> {
        let text: String = text.trim().replace("\r\n", "\n").nfc().collect();
        let refused = |what: &Unseen| matches!(what, Unseen::Nul | Unseen::Control | Unseen::Direction);
        let unseen = |(at, c): (usize, char)| {
            let what = Unseen::of(c).filter(|what| refused(what) && c != '\t')?;
            Some(BadTitle::Unseen { at, what })
        };
        if let Some(bad) = text.chars().enumerate().find_map(unseen) {
            return Err(bad);
        }
        match text.chars().count() {
            length if length > Self::MOST => Err(BadTitle::TooLong { length, most: Self::MOST }),
            _ => Ok(Self(text)),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_in_the_trash_is_there_whatever_it_was_before() {
        assert_eq!(ProjectState::of(Some(1), Some(2)), ProjectState::Trashed);
        assert_eq!(ProjectState::of(Some(1), None), ProjectState::Archived);
        assert_eq!(ProjectState::of::<i64>(None, None), ProjectState::Active);
    }

    #[test]
    fn a_description_keeps_its_lines_and_may_be_empty() {
        assert_eq!(Description::parse(" one\r\ntwo\n").unwrap().as_str(), "one\ntwo");
        assert_eq!(Description::parse("  ").unwrap(), Description::default());
        assert!(matches!(Description::parse("a\0b"), Err(BadTitle::Unseen { at: 1, what: Unseen::Nul })));
        assert!(Description::parse(&"x".repeat(2_000)).is_ok());
        assert!(matches!(Description::parse(&"x".repeat(2_001)), Err(BadTitle::TooLong { length: 2_001, .. })));
    }
}

//! Names of things and people: one line, trimmed, composed, without hidden characters.

pub(crate) mod characters;
mod fold;

use unicode_normalization::UnicodeNormalization;

pub use characters::Unseen;
pub use fold::folded;

use characters::{is_space, is_visible, joins};

/// Why a text cannot be a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTitle {
    /// Nothing in it that shows.
    #[error("Nothing to read in it")]
    Empty,
    /// More characters than its kind of name allows.
    #[error("{length} characters, at most {most} fit")]
    TooLong {
        /// Characters it has, trimmed and composed.
        length: usize,
        /// Characters allowed.
        most: usize,
    },
    /// A character that changes the text without being seen.
    #[error("{what}, character {}", at + 1)]
    Unseen {
        /// Characters before it in the trimmed text.
        at: usize,
        /// Its kind.
        what: Unseen,
    },
}

impl BadTitle {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too_long",
            Self::Unseen { what, .. } => what.code(),
        }
    }
}

/// The text as a name of at most `most` characters keeps it.
pub(crate) fn clean(text: &str, most: usize) -> Result<String, BadTitle> {
    let text: String = text.trim_matches(is_space).nfc().collect();
    if let Some((at, what)) = first_unseen(&text) {
        return Err(BadTitle::Unseen { at, what });
    }
    if !text.chars().any(is_visible) {
        return Err(BadTitle::Empty);
    }
    match text.chars().count() {
        length if length > most => Err(BadTitle::TooLong { length, most }),
        _ => Ok(text),
    }
}

fn first_unseen(text: &str) -> Option<(usize, Unseen)> {
    let mut before = None;
    text.chars().enumerate().find_map(|(at, c)| {
        let honest = joins(before.replace(c), c);
        Unseen::of(c).filter(|_| !honest).map(|what| (at, what))
    })
}

/// A kind of name with its own type, so that one is never taken for another.
macro_rules! title {
    ($(#[$doc:meta])* $name:ident, $most:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// The most characters it may have (Unicode scalar values, composed).
            pub const MOST: usize = $most;

            /// Trims and composes (NFC) what was typed.
            pub fn parse(text: &str) -> Result<Self, $crate::title::BadTitle> {
                $crate::title::clean(text, Self::MOST).map(Self)
            }

            /// The name as shown.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The key for sorting and uniqueness, see [`folded`]($crate::title::folded).
            pub fn folded(&self) -> String {
                $crate::title::folded(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::title::BadTitle;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::title::BadTitle;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }
    };
}

title!(
    /// What a person is called.
    PersonName, 100
);
title!(
    /// The name of a workspace.
    WorkspaceName, 80
);
title!(
    /// The name of a project.
    ProjectName, 80
);
title!(
    /// The name of a folder.
    FolderName, 120
);
title!(
    /// The name of a group of steps.
    StepGroupName, 120
);
title!(
    /// The name of a value of a property, of a label, or of an option of a field.
    ValueName, 60
);
title!(
    /// The name of a field of one's own.
    FieldName, 60
);
title!(
    /// What an API key is for.
    KeyName, 80
);

title!(
    /// What a test case is called.
    CaseTitle, 250
);
title!(
    /// What a saved view of a list is called.
    ViewName, 60
);
title!(
    /// What a version of a case is called.
    VersionName, 80
);

#[cfg(test)]
mod tests;

//! Long text as people write it.

/// Markdown as typed: line ends are `\n`, and nothing follows the last line. At most 1 MB.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct Markdown(String);

/// Why a text cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMarkdown {
    /// More bytes than allowed.
    #[error("The text has {bytes} bytes, at most {} fit", Markdown::MOST)]
    TooLong {
        /// Bytes it has.
        bytes: usize,
    },
    /// A character that no database of ours keeps.
    #[error("The text holds the character NUL, at character {}", at + 1)]
    Nul {
        /// Characters before it.
        at: usize,
    },
}

impl BadMarkdown {
    /// A stable word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong { .. } => "too_long",
            Self::Nul { .. } => "bad_character",
        }
    }
}

impl Markdown {
    /// The most bytes in UTF-8.
    pub const MOST: usize = 1 << 20;

    /// Reads what was typed or sent.
    pub fn parse(text: &str) -> Result<Self, BadMarkdown> {
        if text.len() > Self::MOST {
            return Err(BadMarkdown::TooLong { bytes: text.len() });
        }
        if let Some(at) = text.chars().position(|c| c == '\0') {
            return Err(BadMarkdown::Nul { at });
        }
        let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
        Ok(Self(text.trim_end().to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<String> for Markdown {
    type Error = BadMarkdown;

    fn try_from(text: String) -> Result<Self, BadMarkdown> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_one_kind_and_the_end_is_trimmed() {
        assert_eq!(Markdown::parse("  a\r\nb\rc \n\n").unwrap().as_str(), "  a\nb\nc");
    }

    #[test]
    fn a_text_that_cannot_be_kept_says_why() {
        assert_eq!(
            Markdown::parse("ab\0").unwrap_err().to_string(),
            "The text holds the character NUL, at character 3"
        );
        let long = "x".repeat(Markdown::MOST);
        assert!(Markdown::parse(&long).is_ok());
        assert_eq!(Markdown::parse(&(long + "x")).unwrap_err().code(), "too_long");
    }
}

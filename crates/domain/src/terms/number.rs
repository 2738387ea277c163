//! The number of a case as it is typed.

use crate::project_key::ProjectKey;

/// `WEB-123`, or its 123 alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The project, if it is said.
    pub key: Option<ProjectKey>,
    /// The number within it.
    pub number: i64,
}

impl Number {
    /// In any case, with a hyphen or a space between; `None` for all other text.
    pub fn read(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        let (key, digits) = match typed.rsplit_once(['-', ' ']) {
            Some((key, digits)) => (Some(ProjectKey::parse(key).ok()?), digits),
            None => (None, typed.strip_prefix('#').unwrap_or(typed)),
        };
        let number = Some(digits).filter(|digits| digits.chars().all(|c| c.is_ascii_digit()))?.parse().ok()?;
        Some(Self { key, number })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_type_it() {
        for typed in ["WEB-123", "web-123", " web 123 "] {
            let web = ProjectKey::parse("WEB").ok();
            assert_eq!(Number::read(typed), Some(Number { key: web, number: 123 }), "{typed}");
        }
        assert_eq!(Number::read("#7"), Some(Number { key: None, number: 7 }));
        assert_eq!(Number::read("7"), Some(Number { key: None, number: 7 }));
    }

    #[test]
    fn other_text_is_no_number() {
        for typed in ["", "WEB", "WEB-", "-7", "WEB-7a", "gift card 7", "99999999999999999999", "7.5", "WEB-+7"] {
            assert_eq!(Number::read(typed), None, "{typed}");
        }
    }
}

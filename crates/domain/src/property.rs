//! Properties of a case that a workspace names as it likes: status, priority, type and automation.

use std::{fmt, str::FromStr};

/// Which property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Whether the case is in use.
    Status,
    /// How much depends on it.
    Priority,
    /// What it is for.
    Type,
    /// Whether a machine runs it.
    Automation,
}

impl Kind {
    /// All of them, in the order pages show them.
    pub const ALL: [Self; 4] = [Self::Status, Self::Priority, Self::Type, Self::Automation];

    /// The word in tables, API and forms.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Priority => "priority",
            Self::Type => "type",
            Self::Automation => "automation",
        }
    }

    /// What pages call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Status => "Status",
            Self::Priority => "Priority",
            Self::Type => "Type",
            Self::Automation => "Automation",
        }
    }

    /// What a workspace begins with. The place counts as key (from 1) and as order.
    pub const fn first_values(self) -> &'static [First] {
        match self {
            Self::Status => STATUSES,
            Self::Priority => PRIORITIES,
            Self::Type => TYPES,
            Self::Automation => AUTOMATIONS,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// A word that is no property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a property is status, priority, type or automation")]
pub struct UnknownKind;

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.slug() == text).ok_or(UnknownKind)
    }
}

/// A value that every workspace begins with.
#[derive(Clone, Copy, Debug)]
pub struct First {
    /// What it is called.
    pub name: &'static str,
    /// Its hue, 0 to 7; 0 is grey.
    pub colour: i64,
    /// Whether new cases have it.
    pub is_default: bool,
}

const fn first(name: &'static str, colour: i64) -> First {
    First { name, colour, is_default: false }
}

const fn usual(name: &'static str, colour: i64) -> First {
    First { name, colour, is_default: true }
}

const STATUSES: &[First] = &[usual("Active", 3), first("Draft", 0), first("Deprecated", 2)];
const PRIORITIES: &[First] = &[first("Low", 0), usual("Medium", 1), first("High", 2), first("Critical", 5)];
const TYPES: &[First] = &[
    usual("Functional", 1),
    first("Smoke", 2),
    first("Regression", 4),
    first("Acceptance", 3),
    first("Integration", 1),
    first("Usability", 4),
    first("Accessibility", 4),
    first("Performance", 2),
    first("Security", 5),
    first("Compatibility", 0),
    first("Exploratory", 3),
    first("Other", 0),
];
const AUTOMATIONS: &[First] = &[usual("Manual", 0), first("To be automated", 2), first("Automated", 3)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_has_one_value_that_new_cases_get() {
        for kind in Kind::ALL {
            assert_eq!(kind.slug().parse(), Ok(kind));
            assert_eq!(kind.first_values().iter().filter(|value| value.is_default).count(), 1, "{kind}");
        }
        assert_eq!("colour".parse::<Kind>(), Err(UnknownKind));
    }

    #[test]
    fn no_property_begins_with_two_values_of_one_name() {
        for kind in Kind::ALL {
            let mut names: Vec<_> = kind.first_values().iter().map(|value| value.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), kind.first_values().len(), "{kind}");
        }
    }
}

//! How far a page has heard: the id of an event, or how old the page is.

use std::{fmt, time::Duration};

/// The place of a change among those a node has told. Another node, or this one after a restart, does not know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which run of which node.
    pub run: String,
    /// The number of the change, from 1.
    pub number: u64,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.run, self.number)
    }
}

/// From where a page wants to hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// After this event.
    Mark(Mark),
    /// From when it was so old: its age.
    Age(Duration),
}

/// A page older than this knows nothing certain any more.
const OLDEST: Duration = Duration::from_hours(1);

impl After {
    /// From the header `Last-Event-ID`, or from the page's age in milliseconds. What cannot be read is too old.
    pub fn read(last_id: Option<&str>, age: Option<u64>) -> Self {
        let mark = last_id.and_then(|id| id.rsplit_once('-')).and_then(|(run, number)| {
            let number = number.parse().ok()?;
            Some(Mark { run: run.to_owned(), number })
        });
        let age = || age.map_or(if last_id.is_some() { OLDEST } else { Duration::ZERO }, Duration::from_millis);
        mark.map_or_else(|| Self::Age(age().min(OLDEST)), Self::Mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_was_sent_is_read_again() {
        let mark = Mark { run: "a1b2".into(), number: 17 };
        assert_eq!(After::read(Some(&mark.to_string()), Some(5)), After::Mark(mark));
    }

    #[test]
    fn without_an_id_the_age_counts_and_garbage_is_too_old() {
        assert_eq!(After::read(None, Some(1500)), After::Age(Duration::from_millis(1500)));
        assert_eq!(After::read(None, None), After::Age(Duration::ZERO));
        assert_eq!(After::read(Some("garbage"), None), After::Age(OLDEST));
        assert_eq!(After::read(Some("a-b"), Some(u64::MAX)), After::Age(OLDEST));
    }
}

//! When a save begins a new version, and what a version keeps.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use super::Fields;
use crate::{
    id::{PersonId, StepGroupId},
    time::Time,
};

/// Saves of one person within this span of the version's beginning are one version.
pub const SPAN: Duration = Duration::from_mins(10);

/// The newest version of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newest {
    /// Who writes it.
    pub author: PersonId,
    /// Since when.
    pub begun_at: Time,
    /// Whether something ended it: another's edit, a review, a name, a pin of a run.
    pub ended: bool,
}

impl Newest {
    /// Whether a save by this person at this moment still belongs to it.
    pub fn takes(self, by: PersonId, at: Time) -> bool {
        !self.ended && self.author == by && at.since(self.begun_at) < SPAN
    }
}

/// All that a version keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// What the case said, with its labels and what it had in the project's own fields.
    #[serde(flatten)]
    pub fields: Fields,
    /// The version of each step group it used.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, i64>,
    /// The version of each data set it used.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<String, i64>,
}

impl Snapshot {
    /// Of what a case says, without what hangs on it.
    pub fn of(fields: Fields) -> Self {
        Self { fields, groups: BTreeMap::new(), data: BTreeMap::new() }
    }

    /// The step groups its steps name, each once, in their order.
    pub fn step_groups(&self) -> Vec<StepGroupId> {
        crate::step_group::groups_of(&self.fields.content.steps)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn person(n: u128) -> PersonId {
        PersonId::from(Uuid::from_u128(n))
    }

    fn newest() -> Newest {
        Newest { author: person(1), begun_at: Time::from_micros(0), ended: false }
    }

    #[test]
    fn saves_of_one_person_within_ten_minutes_are_one_version() {
        let begun_at = newest().begun_at;
        assert!(newest().takes(person(1), begun_at));
        assert!(newest().takes(person(1), begun_at + Duration::from_secs(599)));
        assert!(!newest().takes(person(1), begun_at + SPAN));
    }

    #[test]
    fn anothers_edit_and_an_end_begin_a_new_one() {
        assert!(!newest().takes(person(2), newest().begun_at));
        assert!(!Newest { ended: true, ..newest() }.takes(person(1), newest().begun_at));
    }

    proptest! {
        #[test]
        fn no_version_spans_more_than_ten_minutes_or_two_people(
            saves in prop::collection::vec((1_u128..3, 0_u64..900), 1..60)
        ) {
            let mut at = Time::from_micros(0);
            let mut versions: Vec<(Newest, Time)> = Vec::new();
            for (who, later) in saves {
                at = at + Duration::from_secs(later);
                match versions.last_mut() {
                    Some((newest, last)) if newest.takes(person(who), at) => *last = at,
                    _ => versions.push((Newest { author: person(who), begun_at: at, ended: false }, at)),
                }
                let (newest, last) = versions.last().expect("one was pushed");
                prop_assert_eq!(newest.author, person(who));
                prop_assert!(last.since(newest.begun_at) < SPAN);
            }
        }
    }
}

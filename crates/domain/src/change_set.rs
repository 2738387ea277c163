//! Change sets: what is done to many cases at once, told case by case, and taken back as a whole.

use std::{fmt, str::FromStr};

use serde_json::{Map, Value};

use crate::{
    case::{Field, Fields, Set, label_order},
    title::folded,
};

/// Where a change set stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Some cases still wait for their change.
    Doing,
    /// Every case had its turn.
    Done,
    /// Some cases still wait to be as they were.
    Undoing,
    /// It was taken back.
    Undone,
}

/// What became of one case of a change set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was changed.
    Changed,
    /// It said so already.
    Same,
    /// It is gone, in the trash, or of another project.
    Gone,
    /// A value that was to be set exists no more.
    Refused,
    /// It is as it was.
    Back,
    /// Somebody has changed it since, and that stays.
    Edited,
}

macro_rules! words {
    ($kind:ident, $what:literal: $($name:ident = $slug:literal),*) => {
        impl $kind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word in tables and API.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug),* }
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.slug())
            }
        }

        impl FromStr for $kind {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                Self::ALL.iter().copied().find(|it| it.slug() == text).ok_or(UnknownWord($what))
            }
        }
    };
}

/// A word that is none of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such {0} of a change set")]
pub struct UnknownWord(&'static str);

words!(Phase, "phase": Doing = "doing", Done = "done", Undoing = "undoing", Undone = "undone");
words!(Outcome, "outcome": Changed = "changed", Same = "same", Gone = "gone", Refused = "refused", Back = "back", Edited = "edited");

impl Phase {
    /// Whether cases wait for their turn.
    pub const fn is_on_its_way(self) -> bool {
        matches!(self, Self::Doing | Self::Undoing)
    }
}

/// Values of fields as a change set keeps them: `{"priority": 4, "owner": null}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(Vec<Set>);

impl Values {
    /// Of these fields.
    pub fn of(sets: Vec<Set>) -> Self {
        Self(sets)
    }

    /// Each field with its value.
    pub fn sets(&self) -> &[Set] {
        &self.0
    }
}

impl serde::Serialize for Values {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for set in &self.0 {
            match set {
                // As it is stored, not as the API tells it, which forgets its kind.
                Set::Own(id, value) => map.serialize_entry(&Field::Own(*id).slug(), value)?,
                set => map.serialize_entry(&set.field().slug(), set)?,
            }
        }
        map.end()
    }
}

impl<'de> serde::Deserialize<'de> for Values {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let fields: Map<String, Value> = Map::deserialize(from)?;
        let set = |(name, value): (String, Value)| {
            let field: Field = name.parse().map_err(D::Error::custom)?;
            Set::read(field, value).map_err(D::Error::custom)
        };
        fields.into_iter().map(set).collect::<Result<_, _>>().map(Self)
    }
}

/// What a change set makes of each case.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Change {
    /// The fields that get a value.
    pub set: Values,
    /// Names of labels it gets besides those it has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add_labels: Vec<String>,
    /// Names of labels it has no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove_labels: Vec<String>,
}

impl Change {
    /// Whether it would change nothing.
    pub fn is_empty(&self) -> bool {
        self.set.sets().is_empty() && self.add_labels.is_empty() && self.remove_labels.is_empty()
    }

    /// The fields it is about.
    pub fn fields(&self) -> Vec<Field> {
        let labels = !self.add_labels.is_empty() || !self.remove_labels.is_empty();
        let set = self.set.sets().iter().map(Set::field);
        set.chain(labels.then_some(Field::Labels)).collect()
    }

    /// What it makes another in a case that says this. A label that is both added and removed is added.
    pub fn of_case(&self, fields: &Fields) -> Vec<Set> {
        let mut sets: Vec<Set> = self.set.sets().to_vec();
        if !self.add_labels.is_empty() || !self.remove_labels.is_empty() {
            let gone = |name: &String| self.remove_labels.iter().any(|other| folded(other) == folded(name));
            let kept = fields.labels.iter().filter(|name| !gone(name));
            sets.push(Set::Labels(label_order(kept.chain(&self.add_labels).cloned().collect())));
        }
        sets.retain(|set| fields.get(set.field()) != *set);
        sets
    }
}

/// What a case was before a change set, and which of its revisions the change set made.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Was {
    /// The revision that the change made: what was touched later is somebody's own.
    pub revision: i64,
    /// The values the changed fields had.
    pub values: Values,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Estimate, Markdown};

    #[test]
    fn values_are_read_as_they_were_written() {
        let values = Values::of(vec![
            Set::Priority(4),
            Set::Owner(None),
            Set::Estimate(Some(Estimate::of_seconds(90).unwrap())),
            Set::Preconditions(Markdown::parse("Signed in").unwrap()),
        ]);
        let json = serde_json::to_string(&values).unwrap();
        let mut read = serde_json::from_str::<Values>(&json).unwrap().0;
        read.sort_by_key(|set| values.0.iter().position(|own| own.field() == set.field()));
        assert_eq!(Values::of(read), values, "{json}");
    }

    #[test]
    fn values_of_a_projects_own_fields_keep_their_kind() {
        let id = uuid::Uuid::from_u128(7).into();
        let values =
            Values::of(vec![Set::Own(id, Some(crate::field::FieldValue::Checked)), Set::Labels(vec!["a".into()])]);
        let json = serde_json::to_string(&values).unwrap();
        let mut read = serde_json::from_str::<Values>(&json).unwrap().0;
        read.sort_by_key(|set| values.0.iter().position(|own| own.field() == set.field()));
        assert_eq!(Values::of(read), values, "{json}");
    }

    #[test]
    fn labels_are_added_to_those_a_case_has_and_taken_away() {
        let mut fields = Fields::titled(crate::title::CaseTitle::parse("Pay").unwrap(), |_| 1);
        fields.labels = vec!["Card".into(), "slow".into()];
        let labels = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let change = Change {
            add_labels: labels(&["smoke", "CARD"]),
            remove_labels: labels(&["SLOW", "none"]),
            ..Change::default()
        };
        assert_eq!(change.of_case(&fields), [Set::Labels(labels(&["Card", "smoke"]))]);
        assert_eq!(change.fields(), [Field::Labels]);
        let none = Change { remove_labels: labels(&["none"]), ..Change::default() };
        assert!(none.of_case(&fields).is_empty() && !none.is_empty() && Change::default().is_empty());
    }

    #[test]
    fn a_field_that_does_not_exist_is_named() {
        let error = serde_json::from_str::<Values>(r#"{"colour": 1}"#).unwrap_err();
        assert!(error.to_string().contains("no such field"), "{error}");
        assert!(serde_json::from_str::<Values>(r#"{"priority": "high"}"#).is_err());
    }

    #[test]
    fn every_word_is_its_own() {
        assert!(Phase::ALL.iter().all(|phase| phase.slug().parse() == Ok(*phase)));
        assert!(Outcome::ALL.iter().all(|outcome| outcome.slug().parse() == Ok(*outcome)));
        assert_eq!("lost".parse::<Outcome>(), Err(UnknownWord("outcome")));
    }
}

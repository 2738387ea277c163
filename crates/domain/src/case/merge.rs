//! Saving over a case that others have saved meanwhile: fields merge, and of one field two values make a conflict.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Field, Fields, Set};

/// Of each field the revision that changed it last; a field never changed since the case was made is not named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Touched(BTreeMap<String, i64>);

impl Touched {
    /// The revision that changed it last; 1 made it.
    pub fn of(&self, field: &str) -> i64 {
        self.0.get(field).copied().unwrap_or(1)
    }

    /// That this revision changed it.
    pub fn note(&mut self, field: &str, revision: i64) {
        self.0.insert(field.to_owned(), revision);
    }
}

/// Two values of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// What somebody else has saved.
    pub theirs: Set,
    /// What was to be saved.
    pub yours: Set,
}

impl Conflict {
    /// Of which field.
    pub fn field(&self) -> Field {
        self.theirs.field()
    }
}

/// What a save comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged {
    /// These fields get another value; none, if all have theirs already.
    Changes(Vec<Set>),
    /// Nothing is saved until somebody chooses.
    Conflicts(Vec<Conflict>),
}

/// What becomes of a save: `wanted` was written by somebody who saw the case at revision `base`.
pub fn merge(now: &Fields, touched: &Touched, base: i64, wanted: Vec<Set>) -> Merged {
    let (mut changes, mut conflicts) = (Vec::new(), Vec::new());
    for yours in wanted {
        let theirs = now.get(yours.field());
        if theirs == yours {
            continue;
        }
        if touched.of(&yours.field().slug()) > base {
            conflicts.push(Conflict { theirs, yours });
        } else {
            changes.push(yours);
        }
    }
    if conflicts.is_empty() { Merged::Changes(changes) } else { Merged::Conflicts(conflicts) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::title::CaseTitle;

    fn plain() -> Fields {
        Fields::titled(CaseTitle::parse("Redeem").unwrap(), |_| 1)
    }

    fn title(text: &str) -> Set {
        Set::Title(CaseTitle::parse(text).unwrap())
    }

    /// A case as the verb keeps it.
    struct Kept {
        fields: Fields,
        touched: Touched,
        revision: i64,
    }

    impl Kept {
        fn new() -> Self {
            Self { fields: plain(), touched: Touched::default(), revision: 1 }
        }

        fn save(&mut self, base: i64, wanted: Vec<Set>) -> Merged {
            let merged = merge(&self.fields, &self.touched, base, wanted);
            if let Merged::Changes(changes) = &merged
                && !changes.is_empty()
            {
                self.revision += 1;
                for set in changes {
                    self.touched.note(&set.field().slug(), self.revision);
                    self.fields.put(set.clone());
                }
            }
            merged
        }
    }

    #[test]
    fn different_fields_merge() {
        let mut case = Kept::new();
        case.save(1, vec![title("Pay")]);
        assert_eq!(case.save(1, vec![Set::Priority(3)]), Merged::Changes(vec![Set::Priority(3)]));
        assert_eq!((case.fields.get(Field::Title), case.fields.priority), (title("Pay"), 3));
    }

    #[test]
    fn two_values_of_one_field_are_a_conflict_and_nothing_is_saved() {
        let mut case = Kept::new();
        case.save(1, vec![title("Pay")]);
        let conflict = Conflict { theirs: title("Pay"), yours: title("Buy") };
        assert_eq!(case.save(1, vec![title("Buy"), Set::Priority(3)]), Merged::Conflicts(vec![conflict]));
        assert_eq!((case.fields.priority, case.revision), (1, 2));
    }

    #[test]
    fn who_has_seen_the_other_value_may_replace_it() {
        let mut case = Kept::new();
        case.save(1, vec![title("Pay")]);
        assert_eq!(case.save(2, vec![title("Buy")]), Merged::Changes(vec![title("Buy")]));
    }

    #[test]
    fn the_same_value_twice_is_no_conflict_and_no_change() {
        let mut case = Kept::new();
        case.save(1, vec![title("Pay")]);
        assert_eq!(case.save(1, vec![title("Pay")]), Merged::Changes(Vec::new()));
        assert_eq!(case.revision, 2);
    }

    proptest! {
        /// No lost update: a value that somebody saved is replaced by nobody who had not seen it.
        #[test]
        fn no_saved_value_is_replaced_by_one_who_had_not_seen_it(
            saves in prop::collection::vec((0_i64..6, 1_i64..=4, 1_i64..=4, 0_u8..4), 1..40)
        ) {
            let mut case = Kept::new();
            let mut history = vec![case.fields.clone()];
            for (age, first, second, which) in saves {
                let base = (case.revision - age).max(1);
                let seen = history[usize::try_from(base - 1).unwrap()].clone();
                let wanted = match which {
                    0 => vec![Set::Status(first)],
                    1 => vec![Set::Priority(second)],
                    2 => vec![Set::Status(first), Set::Priority(second)],
                    _ => vec![Set::Type(first)],
                };
                let before = case.fields.clone();
                let merged = case.save(base, wanted.clone());
                for set in &wanted {
                    let field = set.field();
                    let (was, is) = (before.get(field), case.fields.get(field));
                    if was == is {
                        prop_assert!(&was == set || matches!(merged, Merged::Conflicts(_)));
                        continue;
                    }
                    prop_assert_eq!(&is, set);
                    prop_assert!(case.touched.of(&field.slug()) == case.revision);
                    // Nobody's value was in between: what is replaced is what was seen.
                    prop_assert_eq!(was, seen.get(field));
                }
                for field in Field::ALL.iter().filter(|field| wanted.iter().all(|set| set.field() != **field)) {
                    prop_assert_eq!(before.get(*field), case.fields.get(*field));
                }
                while history.len() < usize::try_from(case.revision).unwrap() {
                    history.push(case.fields.clone());
                }
            }
        }
    }
}

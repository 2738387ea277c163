//! The form of a new key, as typed and as shown again. One's own keys and those of service accounts share it.

use app::{Bad, Failure, keys::NewKey};
use domain::{
    access::{Preset, Right, Rights},
    time::{Time, days},
    title::KeyName,
};
use serde::Deserialize;

use crate::{
    pages::form::field,
    views::api_key::{KeyForm, PresetChoice, RightChoice},
};

/// The form as typed.
#[derive(Clone, Debug, Deserialize)]
pub struct Typed {
    name: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    right: Vec<String>,
    #[serde(default)]
    ends: String,
    #[serde(default)]
    date: String,
}

/// A form nobody has filled yet: everything, for a quarter of a year.
impl Default for Typed {
    fn default() -> Self {
        let (scope, ends) = ("all".to_owned(), "90".to_owned());
        Self { name: String::new(), scope, right: Vec::new(), ends, date: String::new() }
    }
}

/// Whose key the form makes.
#[derive(Clone, Copy, Debug)]
pub struct Holder<'a> {
    /// Everything the holder may, in words.
    pub everything: &'a str,
    /// The rights the holder has anywhere.
    pub holds: Rights,
}

impl Typed {
    /// The key that is wanted, or each wrong field.
    pub fn parse(&self, now: Time) -> Result<NewKey, Failure> {
        let name = KeyName::parse(&self.name).map_err(|bad| Bad::new("name", bad.code(), bad.to_string()));
        match (name, self.rights(), self.ends_at(now)) {
            (Ok(name), Ok(rights), Ok(ends_at)) => Ok(NewKey { name, rights, ends_at }),
            (name, rights, ends_at) => {
                let wrong = [name.err(), rights.err(), ends_at.err()];
                Err(Failure::Invalid(wrong.into_iter().flatten().collect()))
            }
        }
    }

    fn rights(&self) -> Result<Option<Rights>, Bad> {
        let none = || Bad::new("right", "required", "Tick at least one right, or choose one of the sets above.");
        match self.scope.as_str() {
            "" | "all" => Ok(None),
            "chosen" => {
                let chosen: Result<Rights, _> = self.right.iter().map(|right| right.parse::<Right>()).collect();
                chosen.ok().filter(|rights| !rights.is_empty()).map(Some).ok_or_else(none)
            }
            set => {
                Preset::ALL.iter().find(|preset| preset.slug == set).map(|preset| Some(preset.rights)).ok_or_else(none)
            }
        }
    }

    fn ends_at(&self, now: Time) -> Result<Option<Time>, Bad> {
        match self.ends.as_str() {
            "" | "never" => Ok(None),
            "date" => {
                let end = Time::of_date(&self.date).map(Time::next_day).ok().filter(|end| *end > now);
                end.map(Some).ok_or_else(|| Bad::new("date", "not_ahead", "Choose the last day, today or later."))
            }
            // A number that is no number is a form that somebody made up.
            number => match number.parse() {
                Ok(number @ 1..=3650) => Ok(Some(now + days(number))),
                _ => Err(Bad::new("date", "unknown_end", "Choose when it ends.")),
            },
        }
    }

    /// The form, as typed, with what is wrong.
    pub fn form(&self, holder: Holder<'_>, bad: &[Bad]) -> KeyForm {
        let fault = |name: &str| bad.iter().find(|bad| bad.field == name).map(|bad| bad.detail.clone());
        let of = |in_project| self.choices(holder.holds, in_project);
        KeyForm {
            name: field("name", &self.name, bad),
            everything: holder.everything.to_owned(),
            scope: if self.scope.is_empty() { "all".to_owned() } else { self.scope.clone() },
            presets: presets(holder.holds),
            in_workspace: of(false),
            in_projects: of(true),
            rights_error: fault("right"),
            ends: if self.ends.is_empty() { "never".to_owned() } else { self.ends.clone() },
            date: field("date", &self.date, bad),
        }
    }

    fn choices(&self, holds: Rights, in_project: bool) -> Vec<RightChoice> {
        let offered = holds.iter().filter(|right| right.in_project() == in_project);
        let choice = |right: Right| RightChoice {
            slug: right.slug(),
            name: right.words(),
            meaning: right.meaning(),
            chosen: self.right.iter().any(|chosen| chosen == right.slug()),
        };
        offered.map(choice).collect()
    }
}

/// The named sets of which the holder has everything.
fn presets(holds: Rights) -> Vec<PresetChoice> {
    let within = Preset::ALL.iter().filter(|preset| preset.rights.within(holds));
    let choice = |preset: &Preset| PresetChoice {
        slug: preset.slug,
        name: preset.name,
        words: preset.words,
        rights: preset.rights.iter().map(Right::slug).collect::<Vec<_>>().join(", "),
    };
    within.map(choice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_micros(1_796_121_600_000_000);

    fn typed(scope: &str, right: &[&str], ends: &str, date: &str) -> Typed {
        let right = right.iter().map(|&right| right.to_owned()).collect();
        Typed { name: "CI".into(), scope: scope.into(), right, ends: ends.into(), date: date.into() }
    }

    fn wrong(typed: &Typed) -> String {
        match typed.parse(NOW) {
            Err(Failure::Invalid(bad)) => bad.iter().map(|bad| bad.field.as_str()).collect::<Vec<_>>().join(" "),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_set_stands_for_its_rights_and_a_period_for_its_end() {
        let key = typed("ci", &["import"], "90", "").parse(NOW).unwrap();
        assert_eq!(key.rights.unwrap().to_words(), "read write_cases manage_runs execute_runs");
        assert_eq!(key.ends_at, Some(NOW + days(90)));
        let key = typed("chosen", &["import"], "never", "").parse(NOW).unwrap();
        assert_eq!((key.rights.unwrap().to_words().as_str(), key.ends_at), ("import", None));
    }

    #[test]
    fn the_last_day_counts_whole() {
        let key = typed("all", &[], "date", "2026-12-01").parse(NOW).unwrap();
        assert_eq!(key.ends_at.unwrap().to_string(), "2026-12-02T00:00:00Z");
        assert_eq!(wrong(&typed("all", &[], "date", "2026-11-30")), "date");
    }

    #[test]
    fn nothing_ticked_is_no_limit_to_nothing_but_a_mistake() {
        assert_eq!(wrong(&typed("chosen", &[], "never", "")), "right");
        assert_eq!(wrong(&typed("root", &[], "0", "")), "right date");
    }
}

//! The form of a case as typed, without scripts as well as with them.

use std::collections::BTreeMap;

use app::Bad;
use data_encoding::HEXLOWER;
use domain::{
    actor::Actor,
    case::{Estimate, Field, Fields, Set, Step},
    field::FieldValue,
    id::{FolderId, OptionId},
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::{
    api::cases::body::{FieldsSet, StepBody},
    views::case::StepForm,
};

/// What the fields of the form hold.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    values: BTreeMap<String, String>,
    /// The lines of the steps.
    pub steps: Vec<StepForm>,
}

impl Typed {
    /// From a posted form: lines of steps come as `action`, `expected` and `group`, each once a line.
    pub fn of(pairs: &[(String, String)]) -> Self {
        let all =
            |wanted: &'static str| pairs.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value.clone());
        let (mut expected, mut groups) = (all("expected"), all("group"));
        let step = |action| StepForm {
            action,
            expected: expected.next().unwrap_or_default(),
            group: groups.next().unwrap_or_default(),
        };
        let steps = all("action").map(step).collect();
        let mut values: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in pairs {
            match values.get_mut(name) {
                // Several options come one by one, after an empty one that says that they were asked for.
                Some(kept) if name.starts_with(OWN) && kept.is_empty() => kept.clone_from(value),
                Some(kept) if name.starts_with(OWN) => *kept = format!("{kept},{value}"),
                _ => drop(values.insert(name.clone(), value.clone())),
            }
        }
        Self { values, steps }
    }

    /// An empty form of a new case in a folder.
    pub fn in_folder(folder: &str) -> Self {
        Self { values: BTreeMap::from([("folder".to_owned(), folder.to_owned())]), steps: Vec::new() }
    }

    /// As a case stands. `actor` says how an owner is named outside.
    pub fn of_fields(fields: &Fields, actor: impl Fn(domain::id::PersonId) -> Actor) -> Self {
        let person = |id: Option<domain::id::PersonId>| id.map(|id| actor(id).to_string()).unwrap_or_default();
        let content = &fields.content;
        let values = [
            ("title", fields.title.as_str().to_owned()),
            ("template", fields.template.slug().to_owned()),
            ("description", content.description.as_str().to_owned()),
            ("preconditions", content.preconditions.as_str().to_owned()),
            ("text", content.text.as_str().to_owned()),
            ("status", fields.status.to_string()),
            ("priority", fields.priority.to_string()),
            ("type", fields.r#type.to_string()),
            ("automation", fields.automation.to_string()),
            ("owner", person(fields.owner)),
            ("reviewer", person(fields.reviewer)),
            ("estimate", fields.estimate.map(|estimate| estimate.to_string()).unwrap_or_default()),
            ("labels", fields.labels.join(", ")),
        ];
        let step = |step: &Step| match step {
            Step::Group { group } => StepForm { group: group.to_string(), ..StepForm::default() },
            Step::Own { action, expected } => StepForm {
                action: action.as_str().to_owned(),
                expected: expected.as_str().to_owned(),
                group: String::new(),
            },
        };
        let mut values: BTreeMap<String, String> =
            values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        values.extend(fields.values.iter().map(|(id, value)| (Field::Own(*id).to_string(), typed(value))));
        Self { values, steps: content.steps.iter().map(step).collect() }
    }

    /// What a field holds; nothing if it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// The same; `None` if it was not sent.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The revision the form was made from.
    pub fn revision(&self) -> i64 {
        self.get("revision").parse().unwrap_or(0)
    }

    /// Takes the values of another form for one field.
    pub fn take(&mut self, field: &str, other: &Self) {
        if field == "steps" {
            self.steps.clone_from(&other.steps);
        } else {
            self.values.insert(field.to_owned(), other.get(field).to_owned());
        }
    }

    /// The folder a new case is to lie in.
    pub fn folder(&self, bad: &mut Vec<Bad>) -> Option<FolderId> {
        let folder =
            Some(self.get("folder")).filter(|folder| !folder.is_empty()).map(str::parse::<FolderId>).transpose();
        folder.unwrap_or_else(|_| {
            bad.push(Bad::new("folder", "unknown", "There is no such folder in this project."));
            None
        })
    }

    /// All fields but the title, as the verb takes them. What was not sent is left out.
    pub fn sets(&self, bad: &mut Vec<Bad>) -> Vec<Set> {
        let text = |name: &str| self.values.get(name).cloned();
        let mut key = |name: &str| {
            let typed = self.get(name);
            let read = (!typed.is_empty()).then(|| typed.parse::<i64>());
            read.and_then(|read| {
                read.map_err(|_| bad.push(Bad::new(name, "unknown", "There is no such value here."))).ok()
            })
        };
        let fields = FieldsSet {
            template: text("template"),
            description: text("description"),
            preconditions: text("preconditions"),
            text: text("text"),
            steps: (!self.steps.is_empty()).then(|| self.steps.iter().map(line).collect()),
            status: key("status"),
            priority: key("priority"),
            r#type: key("type"),
            automation: key("automation"),
            owner: text("owner").map(Some),
            reviewer: text("reviewer").map(Some),
            labels: text("labels").map(|typed| listed(&typed)),
            ..FieldsSet::default()
        };
        let mut sets = fields.read(bad);
        match text("estimate").map(|typed| estimate(&typed)).transpose() {
            Ok(estimate) => sets.extend(estimate.map(Set::Estimate)),
            Err(wrong) => bad.push(wrong),
        }
        sets
    }

    /// Those that differ from what the form showed, and that somebody chose to keep where two had changed one.
    pub fn changed(&self, sets: Vec<Set>) -> Vec<Set> {
        let shown = self.shown();
        let as_shown = |set: &Set| shown.get(&*set.field().slug()).is_some_and(|shown| *shown == mark(set));
        sets.into_iter().filter(|set| !as_shown(set) && !self.gives_up(&set.field().slug())).collect()
    }

    /// What was typed into the project's own fields, by their ids.
    pub fn own(&self) -> Map<String, Value> {
        let own = self.values.iter().filter_map(|(name, typed)| Some((name.strip_prefix(OWN)?, typed)));
        own.map(|(id, typed)| (id.to_owned(), Value::String(typed.clone()))).collect()
    }

    /// The same, as far as it differs from what the form showed.
    pub fn own_changed(&self) -> Map<String, Value> {
        let shown = self.shown();
        let as_shown = |name: &str, typed: &str| {
            shown.get(name).map_or_else(|| typed.trim().is_empty(), |shown| *shown == mark_of(typed))
        };
        let mut own = self.own();
        own.retain(|id, typed| {
            let name = format!("{OWN}{id}");
            !as_shown(&name, typed.as_str().unwrap_or_default()) && !self.gives_up(&name)
        });
        own
    }

    fn shown(&self) -> BTreeMap<&str, &str> {
        self.get("marks").split(' ').filter_map(|mark| mark.split_once('=')).collect()
    }

    fn gives_up(&self, field: &str) -> bool {
        self.get(&format!("keep_{field}")) == "theirs"
    }
}

/// What names of the project's own fields begin with.
const OWN: &str = "fields.";

/// Names with commas between.
fn listed(typed: &str) -> Vec<String> {
    typed.split([',', '\n']).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// What the form holds of a value.
fn typed(value: &FieldValue) -> String {
    match value {
        FieldValue::Options(ids) => ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        FieldValue::Checked => "true".to_owned(),
        value => value.words(|_| None, |id| Some(id.to_string())),
    }
}

fn line(step: &StepForm) -> StepBody {
    if step.group.is_empty() {
        StepBody { action: Some(step.action.clone()), expected: Some(step.expected.clone()), group: None }
    } else {
        StepBody { group: Some(step.group.clone()), ..StepBody::default() }
    }
}

/// A span as people type it, `5m` or `1h 30m`; nothing is none.
pub fn estimate(typed: &str) -> Result<Option<Estimate>, Bad> {
    let typed = Some(typed.trim()).filter(|typed| !typed.is_empty());
    let read = typed.map(Estimate::parse).transpose();
    read.map_err(|wrong| Bad::new("estimate", wrong.code(), wrong.to_string()))
}

/// Of each field a mark of what it holds; the project's own are left out where a case has nothing.
pub fn marks(fields: &Fields) -> String {
    let marks = Field::ALL.iter().map(|field| format!("{field}={}", mark(&fields.get(*field))));
    let own = fields.values.iter().map(|(id, value)| format!("{}={}", Field::Own(*id), mark_of(&typed(value))));
    marks.chain(own).collect::<Vec<_>>().join(" ")
}

/// A mark of what was typed into one of the project's own fields. Options are the same in any order.
fn mark_of(typed: &str) -> String {
    let mut pieces: Vec<&str> = typed.trim().split(',').collect();
    if pieces.iter().all(|piece| piece.parse::<OptionId>().is_ok()) {
        pieces.sort_unstable();
    }
    HEXLOWER.encode(&Sha256::digest(pieces.join(",").replace("\r\n", "\n"))[..8])
}

fn mark(set: &Set) -> String {
    let text = serde_json::to_vec(set).expect("a field is texts and numbers");
    HEXLOWER.encode(&Sha256::digest(text)[..8])
}

#[cfg(test)]
mod tests {
    use domain::title::CaseTitle;

    use super::*;

    fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
        all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn lines_of_steps_stay_together() {
        let typed = Typed::of(&pairs(&[
            ("action", "Open"),
            ("expected", ""),
            ("group", ""),
            ("action", ""),
            ("expected", "Shown"),
            ("group", ""),
        ]));
        let mut bad = Vec::new();
        let sets = typed.sets(&mut bad);
        assert!(bad.is_empty());
        let Some(Set::Steps(steps)) = sets.into_iter().find(|set| matches!(set, Set::Steps(_))) else { panic!() };
        let text = serde_json::to_string(&steps).unwrap();
        assert_eq!(text, r#"[{"action":"Open","expected":""},{"action":"","expected":"Shown"}]"#);
    }

    #[test]
    fn what_is_sent_as_it_was_shown_changes_nothing() {
        let fields = Fields::titled(CaseTitle::parse("Redeem").unwrap(), |_| 1);
        let marks = marks(&fields);
        let typed =
            Typed::of(&pairs(&[("marks", &marks), ("status", "1"), ("priority", "3"), ("description", "\r\n")]));
        let changed = typed.changed(typed.sets(&mut Vec::new()));
        assert_eq!(changed, [Set::Priority(3)]);
        let labels = Typed::of(&pairs(&[("marks", &marks), ("labels", " , ")]));
        assert!(labels.changed(labels.sets(&mut Vec::new())).is_empty());
        let given_up = Typed::of(&pairs(&[("marks", &marks), ("priority", "3"), ("keep_priority", "theirs")]));
        assert!(given_up.changed(given_up.sets(&mut Vec::new())).is_empty());
    }

    #[test]
    fn of_the_projects_own_fields_only_what_was_typed_over_is_sent() {
        let id = |kind: &str, n: u8| format!("{kind}_{n}{}", "0".repeat(25));
        let mut fields = Fields::titled(CaseTitle::parse("Redeem").unwrap(), |_| 1);
        let options = [3, 2].map(|n| id("opt", n).parse().unwrap()).to_vec();
        fields.values.insert(id("fie", 7).parse().unwrap(), FieldValue::Options(options));
        fields.values.insert(id("fie", 6).parse().unwrap(), FieldValue::Text("a, b".to_owned()));
        let name = |n: u8| format!("{OWN}{}", id("fie", n));
        let (several, text, empty) = (name(7), name(6), name(5));
        let (first, second, marks) = (id("opt", 2), id("opt", 3), marks(&fields));
        let mut form = vec![
            ("marks", marks.as_str()),
            (&several, ""),
            (&several, &first),
            (&several, &second),
            (&text, "b, a"),
            (&empty, ""),
        ];
        let sent = Typed::of(&pairs(&form)).own_changed();
        assert_eq!(serde_json::to_value(&sent).unwrap(), serde_json::json!({text[OWN.len()..]: "b, a"}));
        form[3].1 = "";
        let sent = Typed::of(&pairs(&form)).own_changed();
        assert!(sent.contains_key(&several[OWN.len()..]), "{sent:?}");
    }
}

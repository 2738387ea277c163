//! The project's own fields on the pages of its cases, and labels.

use std::collections::HashMap;

use app::{Bad, Failure};
use db::Conn;
use domain::{
    access::May,
    case::{Field as OfCase, Fields},
    colour::Colour,
    field::{FieldKind, FieldValue},
    id::{FieldId, OptionId, PersonId},
};
use store::{
    cases::{Candidate, Case},
    fields::{self, Choice as Offered, Field},
    labels,
};

use super::typed::Typed;
use crate::{
    pages::form::fault,
    views::{
        case::{OwnFact, OwnForm, Tag},
        parts::Choice,
    },
};

/// The fields of a project with their options.
pub struct Own {
    fields: Vec<Field>,
    options: Vec<Offered>,
}

impl Own {
    /// Those that cases have now.
    pub fn of<R>(db: &mut Conn, may: &May<R>) -> Result<Self, Failure> {
        let fields = fields::in_project(db, may)?;
        Self::with_options(db, fields)
    }

    /// These among them that lie in the trash too, as versions remember them.
    pub fn remembered<R>(db: &mut Conn, may: &May<R>, sides: &[&Fields]) -> Result<Self, Failure> {
        let mut all = fields::in_project(db, may)?;
        for id in sides.iter().flat_map(|fields| fields.values.keys()) {
            if all.iter().all(|field| field.id != *id) {
                all.extend(fields::find(db, may, *id)?);
            }
        }
        Self::with_options(db, all)
    }

    fn with_options(db: &mut Conn, fields: Vec<Field>) -> Result<Self, Failure> {
        let ids: Vec<FieldId> = fields.iter().filter(|field| field.kind.has_options()).map(|field| field.id).collect();
        Ok(Self { options: fields::options(db, &ids)?, fields })
    }

    /// Which, in their order.
    pub fn ids(&self) -> impl Iterator<Item = FieldId> {
        self.fields.iter().map(|field| field.id)
    }

    /// What pages call a field of a case.
    pub fn name(&self, field: OfCase) -> String {
        match field {
            OfCase::Own(id) => {
                let found = self.fields.iter().find(|field| field.id == id);
                found.map_or_else(|| "A field that is gone".to_owned(), |field| field.name.clone())
            }
            field => field.words().to_owned(),
        }
    }

    /// A value as people read it.
    pub fn words(&self, value: Option<&FieldValue>, people: &[&Candidate]) -> String {
        let person = |id: PersonId| people.iter().find(|one| one.id == id).map(|one| one.name.clone());
        value.map_or_else(|| "Nothing".to_owned(), |value| value.words(|id| self.option(id), person))
    }

    fn option(&self, id: OptionId) -> Option<String> {
        self.options.iter().find(|option| option.id == id).map(|option| option.name.clone())
    }

    /// What a case has, field by field.
    pub fn facts(&self, case: &Fields, people: &[Candidate]) -> Vec<OwnFact> {
        let people: Vec<&Candidate> = people.iter().collect();
        let fact = |field: &Field| {
            let value = case.values.get(&field.id);
            OwnFact {
                name: field.name.clone(),
                tags: self.tags(value),
                link: matches!(value, Some(FieldValue::Url(_))),
                value: value.map(|value| self.words(Some(value), &people)),
            }
        };
        self.fields.iter().map(fact).collect()
    }

    fn tags(&self, value: Option<&FieldValue>) -> Vec<Tag> {
        let Some(FieldValue::Options(ids)) = value else { return Vec::new() };
        let has = self.options.iter().filter(|option| ids.contains(&option.id));
        has.map(|option| Tag { name: option.name.clone(), colour: Colour::of(option.colour).slug() }).collect()
    }

    /// The inputs of a form. A new case shows the defaults.
    pub fn forms(&self, typed: &Typed, is_new: bool, people: &[Candidate], bad: &[Bad]) -> Vec<OwnForm> {
        let form = |field: &Field| {
            let name = OfCase::Own(field.id).to_string();
            let value = match typed.find(&name) {
                Some(value) => value.to_owned(),
                None if is_new => initial(field),
                None => String::new(),
            };
            OwnForm {
                error: fault(&name, bad),
                words: field.name.clone(),
                kind: field.kind.slug(),
                required: field.required,
                choices: self.choices(field, &value, people),
                name,
                value,
            }
        };
        self.fields.iter().map(form).collect()
    }

    fn choices(&self, field: &Field, value: &str, people: &[Candidate]) -> Vec<Choice> {
        let chosen = |id: &str| value.split(',').any(|one| one == id);
        if field.kind == FieldKind::Person {
            let people = people.iter().filter(|one| !one.service).map(|one| (one.id.to_string(), one.name.clone()));
            return people.map(|(id, name)| Choice::new(id.clone(), name, chosen(&id))).collect();
        }
        let of_field = self.options.iter().filter(|option| option.field == field.id);
        let offered = of_field.filter(|option| !option.archived || chosen(&option.id.to_string()));
        offered
            .map(|option| {
                let id = option.id.to_string();
                let is_chosen = chosen(&id);
                Choice::new(id, option.name.clone(), is_chosen)
            })
            .collect()
    }
}

/// The people that a case's fields name.
pub fn people(fields: &Fields) -> impl Iterator<Item = PersonId> {
    fields.values.values().filter_map(|value| match value {
        FieldValue::Person(id) => Some(*id),
        _ => None,
    })
}

/// A default as the form holds it.
fn initial(field: &Field) -> String {
    let json: serde_json::Value =
        field.initial.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let word = |json: &serde_json::Value| json.as_str().map_or_else(|| json.to_string(), str::to_owned);
    match &json {
        serde_json::Value::Null => String::new(),
        serde_json::Value::Array(all) => all.iter().map(word).collect::<Vec<_>>().join(","),
        one => word(one),
    }
}

/// The labels of a case with their colours.
pub fn tags(db: &mut Conn, case: &Case) -> Result<Vec<Tag>, Failure> {
    let tag = |label: labels::OnCase| Tag { name: label.name, colour: Colour::of(label.colour).slug() };
    Ok(labels::of_cases(db, &[case.id])?.into_iter().map(tag).collect())
}

/// So many labels are offered beside the form.
const OFFERED: usize = 30;

/// The labels of a project that most cases have, by name.
pub fn known<R>(db: &mut Conn, may: &May<R>) -> Result<Vec<String>, Failure> {
    let uses: HashMap<_, _> = labels::uses(db, may)?.into_iter().collect();
    let mut all = labels::list(db, may)?;
    if all.len() > OFFERED {
        all.sort_by_key(|label| std::cmp::Reverse(uses.get(&label.id).copied().unwrap_or(0)));
        all.truncate(OFFERED);
    }
    Ok(domain::case::label_order(all.into_iter().map(|label| label.name).collect()))
}

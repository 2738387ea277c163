//! The fields of a case that are saved one by one.

use std::{borrow::Cow, collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize, Serializer};

use super::{Content, Estimate, Markdown, Step, Template};
use crate::{
    field::FieldValue,
    id::{FieldId, PersonId},
    property::Kind,
    title::{CaseTitle, folded},
};

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $words:literal, $kind:ty, $($path:ident).+;)*) => {
        /// Which field.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $($(#[$doc])* $name,)*
            /// One of the project's own fields.
            Own(FieldId),
        }

        impl Field {
            /// Those every case has, in the order pages show them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in tables, API and forms; `fields.fie_…` for a field of the project's own.
            pub fn slug(self) -> Cow<'static, str> {
                match self {
                    $(Self::$name => Cow::Borrowed($slug),)*
                    Self::Own(id) => Cow::Owned(format!("{OWN}{id}")),
                }
            }

            /// What pages call it; the names of a project's own fields stand in its settings.
            pub const fn words(self) -> &'static str {
                match self {
                    $(Self::$name => $words,)*
                    Self::Own(_) => "A field",
                }
            }
        }

        /// A field with a value it is to have.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[serde(untagged)]
        pub enum Set {
            $($(#[$doc])* $name($kind),)*
            /// What it has in one of the project's own fields, if anything.
            #[serde(serialize_with = "own_value")]
            Own(FieldId, Option<FieldValue>),
        }

        impl Set {
            /// Of which field.
            pub fn field(&self) -> Field {
                match self {
                    $(Self::$name(_) => Field::$name,)*
                    Self::Own(id, _) => Field::Own(*id),
                }
            }

            /// From what it is as JSON; a value of a project's own field as it is stored.
            pub(crate) fn read(field: Field, value: serde_json::Value) -> serde_json::Result<Self> {
                match field {
                    $(Field::$name => serde_json::from_value(value).map(Self::$name),)*
                    Field::Own(id) => serde_json::from_value(value).map(|value| Self::Own(id, value)),
                }
            }
        }

        impl Fields {
            /// What a field holds.
            pub fn get(&self, field: Field) -> Set {
                match field {
                    $(Field::$name => Set::$name(self.$($path).+.clone()),)*
                    Field::Own(id) => Set::Own(id, self.values.get(&id).cloned()),
                }
            }

            /// Gives a field a value.
            pub fn put(&mut self, set: Set) {
                match set {
                    $(Set::$name(value) => self.$($path).+ = value,)*
                    Set::Own(id, Some(value)) => drop(self.values.insert(id, value)),
                    Set::Own(id, None) => drop(self.values.remove(&id)),
                }
            }
        }
    };
}

/// What the slug of a project's own field begins with.
const OWN: &str = "fields.";

/// As the API tells values; `null` is nothing.
#[allow(clippy::ref_option, reason = "so serde calls it")]
fn own_value<S: Serializer>(_: &FieldId, value: &Option<FieldValue>, to: S) -> Result<S::Ok, S::Error> {
    value.as_ref().map(FieldValue::to_json).serialize(to)
}

/// Names of labels as a case has them: in order of the alphabet, none twice, whatever their case.
pub fn label_order(mut names: Vec<String>) -> Vec<String> {
    names.sort_by_key(|name| folded(name));
    names.dedup_by_key(|name| folded(name));
    names
}

fields! {
    /// The title.
    Title = "title", "Title", CaseTitle, title;
    /// How it is laid out.
    Template = "template", "Template", Template, template;
    /// What it is about.
    Description = "description", "Description", Markdown, content.description;
    /// What must hold before.
    Preconditions = "preconditions", "Preconditions", Markdown, content.preconditions;
    /// The steps.
    Steps = "steps", "Steps", Vec<Step>, content.steps;
    /// The text of a document.
    Text = "text", "Text", Markdown, content.text;
    /// Whether it is in use: the key of a property's value, as are the next three.
    Status = "status", "Status", i64, status;
    /// How much depends on it.
    Priority = "priority", "Priority", i64, priority;
    /// What it is for.
    Type = "type", "Type", i64, r#type;
    /// Whether a machine runs it.
    Automation = "automation", "Automation", i64, automation;
    /// Who answers for it.
    Owner = "owner", "Owner", Option<PersonId>, owner;
    /// Who is to review it.
    Reviewer = "reviewer", "Reviewer", Option<PersonId>, reviewer;
    /// How long it takes.
    Estimate = "estimate", "Estimate", Option<Estimate>, estimate;
    /// The names of its labels, in [`label_order`].
    Labels = "labels", "Labels", Vec<String>, labels;
}

impl Set {
    /// Whom it names.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Owner(person) | Self::Reviewer(person) => *person,
            Self::Own(_, Some(FieldValue::Person(person))) => Some(*person),
            _ => None,
        }
    }
}

/// What a case says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields {
    /// The title.
    pub title: CaseTitle,
    /// How it is laid out.
    pub template: Template,
    /// The long part.
    #[serde(flatten)]
    pub content: Content,
    /// Whether it is in use.
    pub status: i64,
    /// How much depends on it.
    pub priority: i64,
    /// What it is for.
    pub r#type: i64,
    /// Whether a machine runs it.
    pub automation: i64,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    /// Who is to review it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewer: Option<PersonId>,
    /// How long it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Estimate>,
    /// The names of its labels, in [`label_order`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// What it has in the project's own fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<FieldId, FieldValue>,
}

impl Fields {
    /// A case that says nothing but its title.
    pub fn titled(title: CaseTitle, defaults: impl Fn(Kind) -> i64) -> Self {
        Self {
            title,
            template: Template::default(),
            content: Content::default(),
            status: defaults(Kind::Status),
            priority: defaults(Kind::Priority),
            r#type: defaults(Kind::Type),
            automation: defaults(Kind::Automation),
            owner: None,
            reviewer: None,
            estimate: None,
            labels: Vec::new(),
            values: BTreeMap::new(),
        }
    }
}

impl Field {
    /// The property whose values it takes, if it takes such.
    pub const fn property(self) -> Option<Kind> {
        match self {
            Self::Status => Some(Kind::Status),
            Self::Priority => Some(Kind::Priority),
            Self::Type => Some(Kind::Type),
            Self::Automation => Some(Kind::Automation),
            _ => None,
        }
    }

    /// Whether its values are too long to be told in one line.
    pub const fn is_long(self) -> bool {
        matches!(self, Self::Description | Self::Preconditions | Self::Steps | Self::Text)
    }

    /// Whether many cases can be given one value of it. Titles and steps are each case's own.
    pub const fn is_for_many(self) -> bool {
        !matches!(self, Self::Title | Self::Steps)
    }

    /// Whether a change of it changes what is tested, so that who approved the case would have to look again.
    pub const fn is_substance(self) -> bool {
        self.is_long() || matches!(self, Self::Title | Self::Template)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.slug())
    }
}

/// A word that is no field of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a case has no such field")]
pub struct UnknownField;

impl FromStr for Field {
    type Err = UnknownField;

    fn from_str(text: &str) -> Result<Self, UnknownField> {
        match text.strip_prefix(OWN) {
            Some(id) => id.parse().map(Self::Own).map_err(|_| UnknownField),
            None => Self::ALL.iter().copied().find(|field| field.slug() == text).ok_or(UnknownField),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> Fields {
        Fields::titled(CaseTitle::parse("Redeem a gift card").unwrap(), |_| 1)
    }

    #[test]
    fn what_is_put_into_a_field_is_what_is_got() {
        let mut fields = plain();
        for set in [
            Set::Title(CaseTitle::parse("Pay").unwrap()),
            Set::Template(Template::Document),
            Set::Text(Markdown::parse("All of it").unwrap()),
            Set::Priority(4),
            Set::Estimate(Some(Estimate::of_seconds(90).unwrap())),
        ] {
            fields.put(set.clone());
            assert_eq!(fields.get(set.field()), set);
        }
        assert_ne!(fields, plain());
    }

    #[test]
    fn what_a_case_has_in_fields_of_its_projects_own_is_read_as_it_was_written() {
        let id = |n| uuid::Uuid::from_u128(n);
        let values = [
            FieldValue::Text("A\nB".to_owned()),
            FieldValue::Url("https://a.example".to_owned()),
            FieldValue::Number(crate::field::Number::of_millionths(-1_500_000)),
            FieldValue::Day("2026-12-24".parse().unwrap()),
            FieldValue::Options(vec![id(3).into(), id(4).into()]),
            FieldValue::Person(id(5).into()),
            FieldValue::Checked,
        ];
        let mut fields = plain();
        fields.put(Set::Labels(vec!["smoke".to_owned()]));
        for (n, value) in (10..).zip(values) {
            fields.put(Set::Own(id(n).into(), Some(value)));
        }
        let text = serde_json::to_string(&fields).unwrap();
        assert_eq!(serde_json::from_str::<Fields>(&text).unwrap(), fields, "{text}");
        let own = Field::Own(id(10).into());
        assert_eq!(own.slug().parse(), Ok(own));
        assert_eq!(serde_json::to_string(&fields.get(own)).unwrap(), r#""A\nB""#);
        fields.put(Set::Own(id(10).into(), None));
        assert_eq!(serde_json::to_string(&fields.get(own)).unwrap(), "null");
    }

    #[test]
    fn labels_stand_in_order_and_none_twice() {
        let names = ["b", "A", "B", "a"].map(str::to_owned).to_vec();
        assert_eq!(label_order(names), ["A", "b"]);
    }

    #[test]
    fn a_case_is_read_as_it_was_written() {
        let mut fields = plain();
        fields.put(Set::Description(Markdown::parse("*Why*").unwrap()));
        let json = serde_json::to_string(&fields).unwrap();
        assert!(!json.contains("owner") && !json.contains("steps\":"), "{json}");
        assert_eq!(serde_json::from_str::<Fields>(&json).unwrap(), fields);
    }

    #[test]
    fn every_field_has_its_word() {
        for field in Field::ALL {
            assert_eq!(field.slug().parse(), Ok(*field));
        }
        assert_eq!("number".parse::<Field>(), Err(UnknownField));
    }
}

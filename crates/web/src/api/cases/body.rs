//! What the API says of a case, and what it takes.

use std::collections::BTreeMap;

use app::{
    Bad, Failure,
    cases::{NewCase, Save},
};
use db::Conn;
use domain::{
    access::May,
    actor::Actor,
    case::{Estimate, Fields, Markdown, Set, Step, Template, checked_steps, label_order},
    id::{FolderId, PersonId},
    time::Time,
    title::{CaseTitle, ValueName},
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use store::cases::{self, Candidate, Case};
use utoipa::ToSchema;

/// A person or service account.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Who {
    /// `per_…` or `svc_…`.
    pub id: String,
    /// What he is called.
    pub name: String,
}

impl Who {
    /// As the store tells of somebody.
    pub fn of(one: &Candidate) -> Self {
        Self { id: Actor::of(one.id, one.service).to_string(), name: one.name.clone() }
    }
}

/// A step: `action` and `expected`, or the id of a `group` of steps that cases share.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepBody {
    /// What to do; Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// What is to be seen then; Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// A group of steps in place of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// What a case says. Values of status, priority, type and automation are keys of the project's properties.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FieldsBody {
    #[schema(example = "Redeem a gift card and pay the rest by card")]
    title: String,
    #[schema(value_type = String, example = "steps")]
    template: Template,
    description: String,
    preconditions: String,
    /// In the order they are taken; kept while the template is `document`.
    steps: Vec<StepBody>,
    /// The text of a document; kept while the template is `steps`.
    text: String,
    status: i64,
    priority: i64,
    r#type: i64,
    automation: i64,
    owner: Option<Who>,
    reviewer: Option<Who>,
    /// In seconds.
    estimate: Option<i64>,
    /// Names of its labels.
    labels: Vec<String>,
    /// What it has in the project's own fields, by their ids: a text, number, day, `true`, the id of a person, or a list of
    /// ids of options. What is empty is left out.
    #[schema(value_type = Object)]
    fields: BTreeMap<String, Value>,
}

/// A case.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CaseBody {
    id: String,
    /// The 123 of `WEB-123`.
    number: i64,
    /// The folder it lies in; null at the top of the project.
    folder: Option<String>,
    #[serde(flatten)]
    fields: FieldsBody,
    review: ReviewBody,
    /// Counts saves; send it back when you save.
    revision: i64,
    /// The newest version.
    version: i64,
    #[schema(value_type = String)]
    created_at: Time,
    created_by: Option<Who>,
    #[schema(value_type = String)]
    changed_at: Time,
    changed_by: Option<Who>,
    /// In the trash since then.
    #[schema(value_type = Option<String>)]
    trashed_at: Option<Time>,
}

/// Where the review of a case stands.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReviewBody {
    /// `draft`, `in_review`, `ready` or `rework`.
    state: String,
    /// Who said so; null if nobody did yet.
    by: Option<Who>,
    #[schema(value_type = Option<String>)]
    at: Option<Time>,
    /// Why it is to be written again.
    note: Option<String>,
}

/// The people a case names.
pub struct People(Vec<Candidate>);

impl People {
    /// Of one case.
    pub fn of<R>(db: &mut Conn, may: &May<R>, case: &Case) -> Result<Self, Failure> {
        let fields = [case.fields.owner, case.fields.reviewer, case.review_by];
        let all = fields.into_iter().flatten().chain([case.created_by, case.changed_by]);
        Self::among(db, may, all)
    }

    /// These.
    pub fn among<R>(db: &mut Conn, may: &May<R>, people: impl IntoIterator<Item = PersonId>) -> Result<Self, Failure> {
        let mut people: Vec<PersonId> = people.into_iter().collect();
        people.sort_unstable();
        people.dedup();
        Ok(Self(cases::named(db, may, &people)?))
    }

    /// Who this is.
    pub fn find(&self, id: PersonId) -> Option<&Candidate> {
        self.0.iter().find(|one| one.id == id)
    }

    fn who(&self, id: impl Into<Option<PersonId>>) -> Option<Who> {
        id.into().and_then(|id| self.find(id)).map(Who::of)
    }
}

impl FieldsBody {
    /// As they stand, with the names of people.
    pub fn of(fields: &Fields, people: &People) -> Self {
        let step = |step: &Step| match step {
            Step::Group { group } => StepBody { group: Some(group.to_string()), ..StepBody::default() },
            Step::Own { action, expected } => StepBody {
                action: Some(action.as_str().to_owned()),
                expected: Some(expected.as_str().to_owned()),
                group: None,
            },
        };
        Self {
            title: fields.title.as_str().to_owned(),
            template: fields.template,
            description: fields.content.description.as_str().to_owned(),
            preconditions: fields.content.preconditions.as_str().to_owned(),
            steps: fields.content.steps.iter().map(step).collect(),
            text: fields.content.text.as_str().to_owned(),
            status: fields.status,
            priority: fields.priority,
            r#type: fields.r#type,
            automation: fields.automation,
            owner: people.who(fields.owner),
            reviewer: people.who(fields.reviewer),
            estimate: fields.estimate.map(Estimate::seconds),
            labels: fields.labels.clone(),
            fields: fields.values.iter().map(|(id, value)| (id.to_string(), value.to_json())).collect(),
        }
    }
}

impl CaseBody {
    /// With the names of the people it names.
    pub fn of<R>(db: &mut Conn, may: &May<R>, case: Case) -> Result<Self, Failure> {
        let people = People::of(db, may, &case)?;
        Ok(Self {
            id: case.id.to_string(),
            number: case.number,
            folder: (!case.at_top).then(|| case.folder.to_string()),
            fields: FieldsBody::of(&case.fields, &people),
            review: ReviewBody {
                state: case.review.slug().to_owned(),
                by: people.who(case.review_by),
                at: case.review_at,
                note: case.review_note,
            },
            revision: case.revision,
            version: case.version,
            created_at: case.created_at,
            created_by: people.who(case.created_by),
            changed_at: case.changed_at,
            changed_by: people.who(case.changed_by),
            trashed_at: case.trashed_at,
        })
    }
}

/// Fields to be set; what is left out stays as it is, or has the project's default. `null` empties owner,
/// reviewer and estimate.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct FieldsSet {
    /// `steps` or `document`.
    pub template: Option<String>,
    /// Markdown, 1 MB at most.
    pub description: Option<String>,
    /// Markdown, 1 MB at most.
    pub preconditions: Option<String>,
    /// 5,000 at most.
    pub steps: Option<Vec<StepBody>>,
    /// Markdown, 1 MB at most.
    pub text: Option<String>,
    /// Key of a value.
    pub status: Option<i64>,
    /// Key of a value.
    pub priority: Option<i64>,
    /// Key of a value.
    pub r#type: Option<i64>,
    /// Key of a value.
    pub automation: Option<i64>,
    /// `per_…` or `svc_…` of an active member.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub owner: Option<Option<String>>,
    /// `per_…` or `svc_…` of an active member.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub reviewer: Option<Option<String>>,
    /// In seconds.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>)]
    pub estimate: Option<Option<i64>>,
    /// Names of all its labels, 50 at most. Those that the project does not have yet are made.
    pub labels: Option<Vec<String>>,
    /// Values of the project's own fields by id; `null` empties one, those left out stay. Options by id or name, one or a
    /// list.
    #[schema(value_type = Option<Object>)]
    pub fields: Option<Map<String, Value>>,
    /// What no case has; refused by name.
    #[serde(flatten)]
    #[schema(ignore)]
    pub unknown: Map<String, Value>,
}

/// Tells `null` from what is left out.
#[expect(clippy::option_option, reason = "null empties a field, and what is left out stays")]
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// A case to be written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct CaseWritten {
    #[schema(example = "Redeem a gift card and pay the rest by card", max_length = 250)]
    title: String,
    /// The folder it is to lie in; left out or null, the top of the project.
    folder: Option<String>,
    #[serde(flatten)]
    fields: FieldsSet,
}

/// Fields of a case to be saved.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct CaseChange {
    /// The revision you have read.
    revision: i64,
    #[schema(max_length = 250)]
    title: Option<String>,
    #[serde(flatten)]
    fields: FieldsSet,
}

impl CaseWritten {
    /// As the verb takes it, or all that is wrong.
    pub fn read(&self) -> Result<NewCase, Failure> {
        let mut bad = Vec::new();
        let title = CaseTitle::parse(&self.title).map_err(|wrong| title_fault(&wrong));
        let folder = self.folder.as_deref().map(str::parse::<FolderId>).transpose();
        let folder = folder.map_err(|_| Bad::new("folder", "unknown", "There is no such folder in this project."));
        let sets = self.fields.read(&mut bad);
        match (title, folder) {
            (Ok(title), Ok(folder)) if bad.is_empty() => {
                let values = self.fields.fields.clone().unwrap_or_default();
                Ok(NewCase { folder, title, sets, values })
            }
            (title, folder) => Err(Failure::Invalid(title.err().into_iter().chain(folder.err()).chain(bad).collect())),
        }
    }
}

impl CaseChange {
    /// As the verb takes it, or all that is wrong.
    pub fn read(&self) -> Result<Save, Failure> {
        let mut bad = Vec::new();
        let mut sets = Vec::new();
        if let Some(title) = &self.title {
            match CaseTitle::parse(title) {
                Ok(title) => sets.push(Set::Title(title)),
                Err(wrong) => bad.push(title_fault(&wrong)),
            }
        }
        sets.extend(self.fields.read(&mut bad));
        let values = self.fields.fields.clone().unwrap_or_default();
        if bad.is_empty() { Ok(Save { base: self.revision, sets, values }) } else { Err(Failure::Invalid(bad)) }
    }
}

/// What is wrong with a title.
pub fn title_fault(wrong: &domain::title::BadTitle) -> Bad {
    Bad::new("title", wrong.code(), wrong.to_string())
}

impl FieldsSet {
    /// As the verb takes them; what is wrong goes to `bad`.
    pub fn read(&self, bad: &mut Vec<Bad>) -> Vec<Set> {
        bad.extend(self.unknown.keys().map(|name| Bad::new(name, "unknown", "A case has no such field to be set.")));
        let mut sets = Vec::new();
        let mut take = |read: Result<Set, Bad>| match read {
            Ok(set) => sets.push(set),
            Err(wrong) => bad.push(wrong),
        };
        if let Some(template) = &self.template {
            let read = template.parse().map(Set::Template);
            take(read.map_err(|_| Bad::new("template", "unknown", "A template is steps or document.")));
        }
        for (field, text, set) in [
            ("description", &self.description, Set::Description as fn(Markdown) -> Set),
            ("preconditions", &self.preconditions, Set::Preconditions),
            ("text", &self.text, Set::Text),
        ] {
            if let Some(text) = text {
                take(markdown(field, text).map(set));
            }
        }
        if let Some(steps) = &self.steps {
            take(read_steps(steps).map(Set::Steps));
        }
        for (key, set) in [
            (self.status, Set::Status as fn(i64) -> Set),
            (self.priority, Set::Priority),
            (self.r#type, Set::Type),
            (self.automation, Set::Automation),
        ] {
            if let Some(key) = key {
                take(Ok(set(key)));
            }
        }
        for (field, person, set) in [
            ("owner", &self.owner, Set::Owner as fn(Option<PersonId>) -> Set),
            ("reviewer", &self.reviewer, Set::Reviewer),
        ] {
            if let Some(person) = person {
                take(somebody(field, person.as_deref()).map(set));
            }
        }
        if let Some(seconds) = self.estimate {
            let read = seconds.map(Estimate::of_seconds).transpose().map(Set::Estimate);
            take(read.map_err(|wrong| Bad::new("estimate", wrong.code(), wrong.to_string())));
        }
        if let Some(names) = &self.labels {
            take(labels(names).map(Set::Labels));
        }
        sets
    }
}

/// Names of labels, or what is wrong with the first bad one.
pub fn labels(names: &[String]) -> Result<Vec<String>, Bad> {
    let read = names.iter().map(|name| {
        let read = ValueName::parse(name).map(|read| read.as_str().to_owned());
        read.map_err(|wrong| Bad::new("labels", wrong.code(), format!("{name}: {wrong}.")))
    });
    read.collect::<Result<Vec<String>, Bad>>().map(label_order)
}

/// Long text, or what is wrong with it.
pub fn markdown(field: &str, text: &str) -> Result<Markdown, Bad> {
    Markdown::parse(text).map_err(|wrong| Bad::new(field, wrong.code(), wrong.to_string()))
}

/// Somebody by the outer form of his id, or nobody.
pub fn somebody(field: &str, id: Option<&str>) -> Result<Option<PersonId>, Bad> {
    let read = id.filter(|id| !id.is_empty()).map(str::parse::<Actor>).transpose();
    let unknown = |_| Bad::new(field, "unknown", "There is no such member here.");
    Ok(read.map_err(unknown)?.map(Actor::key))
}

/// Steps as sent, or what is wrong with the first bad one.
pub fn read_steps(steps: &[StepBody]) -> Result<Vec<Step>, Bad> {
    let read = steps.iter().enumerate().map(|(at, step)| {
        let field = |name: &str| format!("steps[{at}].{name}");
        match (&step.group, &step.action, &step.expected) {
            (Some(group), None, None) => {
                let group = group.parse();
                let unknown = || Bad::new(field("group"), "unknown", "There is no such group of steps.");
                Ok(Step::Group { group: group.map_err(|_| unknown())? })
            }
            (Some(_), ..) => {
                Err(Bad::new(field("group"), "malformed", "A step is a group, or has action and expected."))
            }
            (None, action, expected) => Ok(Step::Own {
                action: markdown(&field("action"), action.as_deref().unwrap_or_default())?,
                expected: markdown(&field("expected"), expected.as_deref().unwrap_or_default())?,
            }),
        }
    });
    let steps = read.collect::<Result<Vec<Step>, Bad>>()?;
    checked_steps(steps).map_err(|wrong| Bad::new("steps", wrong.code(), wrong.to_string()))
}

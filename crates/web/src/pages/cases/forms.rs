//! The form of a case, with what was typed and what is wrong with it.

use app::{App, Bad, Failure};
use db::Conn;
use domain::{
    access::{May, Membership, WriteCases},
    actor::Actor,
    case::{Conflict, Field, Set, Step, Template},
    id::PersonId,
    property::Kind,
};
use store::{
    cases::{self, Candidate, Case},
    projects::Project,
    properties::{self, PropertyValue},
};

use super::{
    own::{self, Own},
    typed::{Typed, marks},
};
use crate::{
    pages::{
        form::{fault, field},
        shell::Visit,
    },
    views::{
        case::{CaseForm, ConflictRow, Editing, PropertyForm, StepForm},
        parts::Choice,
    },
};

/// So many people are offered.
pub const OFFERED: i64 = 200;

/// Empty lines at the end, so that steps can be added without scripts.
const SPARE: usize = 3;

/// All that a form is made of.
struct Ground {
    project: Project,
    values: Vec<PropertyValue>,
    people: Vec<Candidate>,
    reviewers: Vec<Candidate>,
    own: Own,
    labels: Vec<String>,
}

impl Ground {
    fn of(db: &mut Conn, may: &May<WriteCases>, besides: &[PersonId]) -> Result<Self, Failure> {
        let id = may.project().ok_or(Failure::Unknown)?;
        let project = store::projects::find(db, &may.member().visible(), id)?.ok_or(Failure::Unknown)?;
        let mut reviewers = cases::reviewers(db, may, project.private, OFFERED)?;
        let missing: Vec<PersonId> =
            besides.iter().copied().filter(|id| reviewers.iter().all(|one| one.id != *id)).collect();
        reviewers.extend(cases::named(db, may, &missing)?);
        let people = cases::candidates(db, may, besides, OFFERED)?;
        let (own, labels) = (Own::of(db, may)?, own::known(db, may)?);
        Ok(Self { project, values: properties::in_project(db, may)?, people, reviewers, own, labels })
    }
}

/// The form of a new case.
pub fn new(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<WriteCases>,
    typed: &Typed,
    bad: &[Bad],
) -> Result<CaseForm, Failure> {
    let ground = Ground::of(db, may, &[])?;
    form(app, db, visit, may, ground, None, typed, bad)
}

/// The form of a case that is changed. What was typed stays; what was left as it was shown is shown as it stands now.
pub fn edit(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<WriteCases>,
    case: &Case,
    typed: Option<(&Typed, &[Conflict])>,
    bad: &[Bad],
) -> Result<CaseForm, Failure> {
    let people = [case.fields.owner, case.fields.reviewer].into_iter().flatten().chain(own::people(&case.fields));
    let people: Vec<PersonId> = people.collect();
    let ground = Ground::of(db, may, &people)?;
    let actor = |id: PersonId| {
        let service = ground.people.iter().chain(&ground.reviewers).any(|one| one.id == id && one.service);
        Actor::of(id, service)
    };
    let mut shown = Typed::of_fields(&case.fields, actor);
    if let Some((typed, _)) = typed {
        let wrong: Vec<&str> = bad.iter().map(|bad| bad.field.as_str()).collect();
        let mut changed: Vec<Field> = typed.changed(typed.sets(&mut Vec::new())).iter().map(Set::field).collect();
        changed.push(Field::Title);
        for field in Field::ALL.iter().filter(|field| changed.contains(field) || wrong.contains(&&*field.slug())) {
            shown.take(&field.slug(), typed);
        }
        let own_changed = typed.own_changed();
        for id in ground.own.ids().filter(|id| own_changed.contains_key(&id.to_string())) {
            shown.take(&Field::Own(id).slug(), typed);
        }
    }
    let conflicts = typed.map_or(&[][..], |(_, conflicts)| conflicts);
    let editing = Editing {
        number: case.number,
        revision: case.revision,
        marks: marks(&case.fields),
        conflicts: conflicts.iter().map(|conflict| row(conflict, &ground)).collect(),
    };
    form(app, db, visit, may, ground, Some(editing), &shown, bad)
}

#[expect(clippy::too_many_arguments, reason = "all that stands in the form")]
fn form(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<WriteCases>,
    ground: Ground,
    case: Option<Editing>,
    typed: &Typed,
    bad: &[Bad],
) -> Result<CaseForm, Failure> {
    let belongs: May<Membership> = may.member().may()?;
    let text = |name: &str| field(name, typed.get(name), bad);
    let template = typed.get("template").parse::<Template>().unwrap_or_default();
    let steps_error = bad.iter().find(|bad| bad.field.starts_with("steps")).map(|bad| bad.detail.clone());
    let own = ground.own.forms(typed, case.is_none(), &ground.people, bad);
    let spare = std::iter::repeat_n(StepForm::default(), SPARE);
    Ok(CaseForm {
        frame: visit.inside(app, db, &belongs, &ground.project.key)?,
        case,
        folder: typed.get("folder").to_owned(),
        title: text("title"),
        template: template.slug().to_owned(),
        description: text("description"),
        preconditions: text("preconditions"),
        text: text("text"),
        steps: typed.steps.iter().cloned().chain(spare).collect(),
        steps_error,
        properties: Kind::ALL.into_iter().map(|kind| property(kind, &ground.values, typed, bad)).collect(),
        owners: choices(&ground.people, typed.get("owner")),
        reviewers: choices(&ground.reviewers, typed.get("reviewer")),
        estimate: text("estimate"),
        labels: text("labels"),
        known_labels: ground.labels,
        own,
        limit: app.settings().attachments.limit,
        draft: belongs.member().person().to_string(),
        key: ground.project.key,
        project: ground.project.name,
    })
}

fn property(kind: Kind, values: &[PropertyValue], typed: &Typed, bad: &[Bad]) -> PropertyForm {
    let chosen = typed.get(kind.slug());
    let is_chosen = |value: &PropertyValue| {
        if chosen.is_empty() { value.is_default } else { value.key.to_string() == chosen }
    };
    let of_kind = values.iter().filter(|value| value.kind == kind && (!value.archived || is_chosen(value)));
    let choice = |value: &PropertyValue| Choice::new(value.key.to_string(), value.name.clone(), is_chosen(value));
    PropertyForm {
        field: kind.slug(),
        words: kind.words(),
        choices: of_kind.map(choice).collect(),
        error: fault(kind.slug(), bad),
    }
}

/// People to choose from.
pub fn choices(people: &[Candidate], chosen: &str) -> Vec<Choice> {
    let choice = |one: &Candidate| {
        let id = Actor::of(one.id, one.service).to_string();
        let is_chosen = id == chosen;
        Choice::new(id, one.name.clone(), is_chosen)
    };
    people.iter().map(choice).collect()
}

fn row(conflict: &Conflict, ground: &Ground) -> ConflictRow {
    ConflictRow {
        field: conflict.field().to_string(),
        words: ground.own.name(conflict.field()),
        theirs: ground.words(&conflict.theirs),
        yours: ground.words(&conflict.yours),
    }
}

impl Ground {
    fn words(&self, set: &Set) -> String {
        let people: Vec<&Candidate> = self.people.iter().chain(&self.reviewers).collect();
        in_words(set, &self.values, &people, &self.own)
    }
}

/// A field's value as people read it.
pub fn in_words(set: &Set, values: &[PropertyValue], people: &[&Candidate], own: &Own) -> String {
    let kind = set.field().property();
    let value = |key: i64| {
        let found = values.iter().find(|value| Some(value.kind) == kind && value.key == key);
        found.map_or_else(|| key.to_string(), |value| value.name.clone())
    };
    let person = |id: Option<PersonId>| {
        let name = id.and_then(|id| people.iter().find(|one| one.id == id)).map(|one| one.name.clone());
        name.unwrap_or_else(|| "Nobody".to_owned())
    };
    match set {
        Set::Title(title) => title.as_str().to_owned(),
        Set::Template(template) => match template {
            Template::Steps => "Steps".to_owned(),
            Template::Document => "Document".to_owned(),
        },
        Set::Description(text) | Set::Preconditions(text) | Set::Text(text) => text.as_str().to_owned(),
        Set::Steps(steps) => (1..).zip(steps).map(|(n, step)| step_in_words(n, step)).collect::<Vec<_>>().join("\n"),
        Set::Status(key) | Set::Priority(key) | Set::Type(key) | Set::Automation(key) => value(*key),
        Set::Owner(id) | Set::Reviewer(id) => person(*id),
        Set::Estimate(estimate) => estimate.map_or_else(|| "None".to_owned(), |estimate| estimate.to_string()),
        Set::Labels(names) if names.is_empty() => "None".to_owned(),
        Set::Labels(names) => names.join(", "),
        Set::Own(_, value) => own.words(value.as_ref(), people),
    }
}

fn step_in_words(n: usize, step: &Step) -> String {
    match step {
        Step::Group { group } => format!("{n}. Shared steps {group}"),
        Step::Own { action, expected } if expected.is_empty() => format!("{n}. {}", action.as_str()),
        Step::Own { action, expected } => format!("{n}. {}\n→ {}", action.as_str(), expected.as_str()),
    }
}

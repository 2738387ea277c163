//! A case as it is read.

use app::{App, Failure};
use db::Conn;
use domain::{
    access::{May, Membership, Right},
    actor::Actor,
    attachment,
    case::{Content, Markdown, Set, Step, Template, review::Review as State},
    id::{AttachmentId, PersonId},
    markdown,
    now::Now,
    property::Kind,
};
use store::{
    attachments::{self, Attachment},
    cases::{self, Candidate, Case},
    paging::Page,
    projects::Project,
    properties::{self, PropertyValue},
};

use super::{
    forms::{OFFERED, choices},
    own::{self, Own},
};
use crate::{
    pages::{moment::moment, shell::Visit},
    views::{
        case::{self, CaseText, Fact, Facts, File, Files, Heading, Prose, Review, Somebody, StepText},
        parts::{Face, Field, Moment},
        paths,
    },
};

/// What was said in the forms of the review and is wrong.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The reason, as typed.
    pub rework: Field,
    /// What is wrong with the reviewer.
    pub fault: Option<String>,
    /// What is wrong with a file.
    pub file: Option<String>,
}

/// The page of a case.
pub fn page<R>(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<R>,
    case: &Case,
    mut said: Said,
    now: &Now,
) -> Result<case::Case, Failure> {
    let belongs: May<Membership> = may.member().may()?;
    let project = project(db, may)?;
    let people = people(db, may, case)?;
    let values = properties::in_project(db, may)?;
    let frame = visit.inside(app, db, &belongs, &project.key)?;
    let heading = heading(may, &project, case, now);
    let pictures = Pictures { workspace: frame.slug.clone(), key: project.key.clone() };
    let mut files = files(db, may, case, &pictures, now)?;
    files.writes = heading.writes && case.trashed_at.is_none();
    files.limit = app.settings().attachments.limit;
    files.limit_in_words = attachment::in_words(files.limit);
    files.error = said.file.take();
    Ok(case::Case {
        text: text(&case.fields.content, case.fields.template, &pictures),
        frame,
        heading,
        files,
        facts: Facts {
            labels: own::tags(db, case)?,
            own: Own::of(db, may)?.facts(&case.fields, &people),
            ..facts(case, &values, &people, now)
        },
        review: if project.review { Some(review(db, may, &project, case, &people, said, now)?) } else { None },
    })
}

/// The proof's project.
pub fn project<R>(db: &mut Conn, may: &May<R>) -> Result<Project, Failure> {
    let id = may.project().ok_or(Failure::Unknown)?;
    store::projects::find(db, &may.member().visible(), id)?.ok_or(Failure::Unknown)
}

/// What stands above each page of a case.
pub fn heading<R>(may: &May<R>, project: &Project, case: &Case, now: &Now) -> Heading {
    Heading {
        id: case.id.to_string(),
        key: project.key.clone(),
        project: project.name.clone(),
        number: case.number,
        title: case.fields.title.as_str().to_owned(),
        version: case.version,
        writes: may.member().rights_in(project.facts()).contains(Right::WriteCases),
        trashed: case.trashed_at.map(|at| moment(at, now.at)),
    }
}

fn people<R>(db: &mut Conn, may: &May<R>, case: &Case) -> Result<Vec<Candidate>, Failure> {
    let named = [case.fields.owner, case.fields.reviewer, case.review_by, Some(case.created_by), Some(case.changed_by)];
    let mut people: Vec<PersonId> = named.into_iter().flatten().chain(own::people(&case.fields)).collect();
    people.sort_unstable();
    people.dedup();
    Ok(cases::named(db, may, &people)?)
}

/// Where pictures of a project are served.
#[derive(Clone, Debug)]
pub struct Pictures {
    /// The workspace's slug.
    pub workspace: String,
    /// The project's key.
    pub key: String,
}

impl Pictures {
    /// The path of a picture that a text names by its id.
    pub fn path(&self, address: &str) -> Option<String> {
        let id: AttachmentId = address.parse().ok()?;
        Some(paths::attachment(&self.workspace, &self.key, &id.to_string()))
    }
}

const FILES: i64 = 100;

fn files<R>(db: &mut Conn, may: &May<R>, case: &Case, pictures: &Pictures, now: &Now) -> Result<Files, Failure> {
    let slice = attachments::on_case(db, may, case.id, &Page::first(FILES))?;
    let mut people: Vec<PersonId> = slice.rows.iter().map(|row| row.created_by).collect();
    people.sort_unstable();
    people.dedup();
    let people = cases::named(db, may, &people)?;
    let file = |row: Attachment| File {
        id: row.id.to_string(),
        path: paths::attachment(&pictures.workspace, &pictures.key, &row.id.to_string()),
        name: row.name.to_string(),
        picture: row.kind.is_shown(),
        size: attachment::in_words(u64::try_from(row.size).unwrap_or_default()),
        by: somebody(row.created_by, &people).map_or_else(|| "Somebody".to_owned(), |one| one.name),
        at: moment(row.created_at, now.at),
    };
    Ok(Files { rows: slice.rows.into_iter().map(file).collect(), more: slice.more, ..Files::default() })
}

/// What a case says, as HTML.
pub fn text(content: &Content, template: Template, pictures: &Pictures) -> CaseText {
    let prose = |text: &Markdown| prose(text, pictures);
    CaseText {
        description: prose(&content.description),
        preconditions: prose(&content.preconditions),
        text: if template == Template::Document { prose(&content.text) } else { Prose::default() },
        steps: (template == Template::Steps).then(|| content.steps.iter().map(|one| step(one, pictures)).collect()),
    }
}

fn prose(text: &Markdown, pictures: &Pictures) -> Prose {
    Prose(markdown::html(text.as_str(), &|address| pictures.path(address)))
}

fn step(step: &Step, pictures: &Pictures) -> StepText {
    let prose = |text: &Markdown| prose(text, pictures);
    match step {
        Step::Group { group } => {
            StepText { action: Prose::default(), expected: Prose::default(), group: Some(group.to_string()) }
        }
        Step::Own { action, expected } => StepText { action: prose(action), expected: prose(expected), group: None },
    }
}

/// Somebody by name and face.
pub fn somebody(id: PersonId, people: &[Candidate]) -> Option<Somebody> {
    let one = people.iter().find(|one| one.id == id)?;
    let key = Actor::of(one.id, one.service).to_string();
    Some(Somebody { face: Face::of(&one.name, &key), name: one.name.clone() })
}

fn facts(case: &Case, values: &[PropertyValue], people: &[Candidate], now: &Now) -> Facts {
    let by = |id: PersonId, at: domain::time::Time| {
        let name = somebody(id, people).map_or_else(|| "Somebody".to_owned(), |one| one.name);
        (name, moment(at, now.at))
    };
    let one = |id: Option<PersonId>| id.and_then(|id| somebody(id, people));
    Facts {
        properties: Kind::ALL.into_iter().map(|kind| fact(kind, case, values)).collect(),
        owner: one(case.fields.owner),
        reviewer: one(case.fields.reviewer),
        estimate: case.fields.estimate.map(|estimate| estimate.to_string()),
        created: by(case.created_by, case.created_at),
        changed: by(case.changed_by, case.changed_at),
        ..Facts::default()
    }
}

fn fact(kind: Kind, case: &Case, values: &[PropertyValue]) -> Fact {
    let key = match kind {
        Kind::Status => case.fields.status,
        Kind::Priority => case.fields.priority,
        Kind::Type => case.fields.r#type,
        Kind::Automation => case.fields.automation,
    };
    let of_kind: Vec<&PropertyValue> = values.iter().filter(|value| value.kind == kind).collect();
    let place = of_kind.iter().position(|value| value.key == key);
    let found = place.map(|at| of_kind[at]);
    // Strokes say how high a priority is, where there are four of them.
    let level =
        place.filter(|_| kind == Kind::Priority && of_kind.len() == 4).and_then(|at| i64::try_from(at + 1).ok());
    Fact {
        name: kind.words(),
        value: found.map_or_else(|| key.to_string(), |value| value.name.clone()),
        colour: found.map_or(0, |value| value.colour),
        level,
    }
}

fn review<R>(
    db: &mut Conn,
    may: &May<R>,
    project: &Project,
    case: &Case,
    people: &[Candidate],
    said: Said,
    now: &Now,
) -> Result<Review, Failure> {
    let rights = may.member().rights_in(project.facts());
    let live = case.trashed_at.is_none();
    let (writes, reviews) = (rights.contains(Right::WriteCases), rights.contains(Right::ReviewCases));
    let asks = live && writes && matches!(case.review, State::Draft | State::Rework);
    let reviewers = if asks { cases::reviewers(db, may, project.private, OFFERED)? } else { Vec::new() };
    let chosen = case.fields.reviewer.and_then(|id| reviewers.iter().find(|one| one.id == id));
    let chosen = chosen.map(|one| Actor::of(one.id, one.service).to_string()).unwrap_or_default();
    let by = |id: PersonId, at: Moment| somebody(id, people).map(|one| (one.name, at));
    Ok(Review {
        state: case.review.slug(),
        words: case.review.words(),
        by: case.review_by.zip(case.review_at).and_then(|(id, at)| by(id, moment(at, now.at))),
        note: case.review_note.clone().filter(|_| case.review == State::Rework),
        reviewers: choices(&reviewers, &chosen),
        asks,
        answers: live && reviews && case.review == State::InReview,
        withdraws: live && writes && case.review == State::InReview,
        revision: case.revision,
        rework: said.rework,
        fault: said.fault,
    })
}

/// A field of a version as one text.
pub fn in_words(set: &Set, values: &[PropertyValue], people: &[Candidate], own: &Own) -> String {
    let people: Vec<&Candidate> = people.iter().collect();
    super::forms::in_words(set, values, &people, own)
}

//! Versions of a case: the list, one beside another, named and taken up again.

use std::collections::BTreeSet;

use app::{App, Failure, cases::versions};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{May, Membership, Read, WriteCases},
    actor::Actor,
    case::{Field, Fields},
    diff::{self, Piece},
    id::{FieldId, PersonId},
    now::Now,
};
use serde::Deserialize;
use store::{
    cases::{self, Candidate, Case, Reference, Told},
    paging::Page as Rows,
    properties::{self, PropertyValue},
};

use super::{
    onward,
    own::{self, Own},
    reading,
};
use crate::{
    api::cases::versions::named,
    client,
    extract::{CanIn, OfCase, OfVersion, Paging},
    failed::Failed,
    pages::{
        form::{Form, field},
        moment::moment,
        page::Page,
        shell::Visit,
    },
    views::{
        case::{ChangeRow, Compared, PieceText, Somebody, VersionRow, Versions},
        frame::Flash,
        parts::{Choice, Face, Field as Input},
        paths,
    },
};

const ROWS: i64 = 50;

/// So many versions are offered to compare with.
const OFFERED: i64 = 200;

/// Where the list continues.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    after: Option<String>,
}

/// The versions, newest first.
pub async fn list(
    CanIn(may): CanIn<Read>,
    visit: Visit,
    State(app): State<App>,
    OfCase(which): OfCase,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    let page = Rows { limit: ROWS, after: Paging::after::<i64>(asked.after.as_deref())? };
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, now| {
        let case = cases::find(db, &may, which)?.ok_or(Failure::Unknown)?;
        let belongs: May<Membership> = may.member().may()?;
        let project = reading::project(db, &may)?;
        let frame = visit.inside(&gather, db, &belongs, &project.key)?;
        let slice = cases::versions(db, &may, case.id, &page)?;
        let last = slice.rows.last().filter(|_| slice.more).map(|row| Paging::cursor(&row.version));
        let list = paths::case_versions(&frame.slug, &project.key, &case.number);
        Ok(Versions {
            heading: reading::heading(&may, &project, &case, now),
            rows: slice.rows.into_iter().map(|row| row_of(row, now)).collect(),
            more: last.map(|cursor| format!("{list}?after={cursor}")),
            frame,
        })
    });
    Ok((jar, Page::of(view.await?)).into_response())
}

fn row_of(row: Told, now: &Now) -> VersionRow {
    let key = Actor::of(row.author, row.service).to_string();
    VersionRow {
        version: row.version,
        name: row.name,
        by: Somebody { face: Face::of(&row.author_name, &key), name: row.author_name },
        at: moment(row.saved_at, now.at),
        restored: row.restored,
    }
}

/// What to compare with, and how.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Comparing {
    against: Option<i64>,
    #[serde(default)]
    show: String,
}

/// One version beside another, by default the one before.
pub async fn show(
    CanIn(may): CanIn<Read>,
    visit: Visit,
    State(app): State<App>,
    OfVersion(which, version): OfVersion,
    Query(asked): Query<Comparing>,
) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, now| compared(&gather, db, &visit, &may, (which, version), &asked, None, now));
    Ok((jar, Page::of(view.await?)).into_response())
}

#[expect(clippy::too_many_arguments, reason = "all that the page shows")]
fn compared<R>(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<R>,
    (which, version): (Reference, i64),
    asked: &Comparing,
    name: Option<Input>,
    now: &Now,
) -> Result<Compared, Failure> {
    let case = cases::find(db, may, which)?.ok_or(Failure::Unknown)?;
    let kept = cases::version(db, may, case.id, version)?.ok_or(Failure::Unknown)?;
    let against = asked.against.or_else(|| Some(version - 1).filter(|before| *before > 0));
    let other = match against {
        Some(other) => Some(cases::version(db, may, case.id, other)?.ok_or(Failure::Unknown)?),
        None => None,
    };
    let all = cases::versions(db, may, case.id, &Rows::first(OFFERED))?.rows;
    let near = cases::versions(db, may, case.id, &Rows { limit: 1, after: Some(version + 1) })?.rows;
    let told = near.into_iter().find(|row| row.version == version).ok_or(Failure::Unknown)?;
    let belongs: May<Membership> = may.member().may()?;
    let project = reading::project(db, may)?;
    let changes = match &other {
        Some(other) => changes(db, may, &other.snapshot.fields, &kept.snapshot.fields)?,
        None => Vec::new(),
    };
    let frame = visit.inside(app, db, &belongs, &project.key)?;
    let pictures = reading::Pictures { workspace: frame.slug.clone(), key: project.key.clone() };
    Ok(Compared {
        frame,
        heading: reading::heading(may, &project, &case, now),
        name: name.unwrap_or_else(|| Input::new(told.name.clone().unwrap_or_default())),
        version: row_of(told, now),
        against,
        choices: all.iter().filter(|row| row.version != version).map(|row| choice(row, against)).collect(),
        beside: asked.show == "sides",
        changes,
        text: reading::text(&kept.snapshot.fields.content, kept.snapshot.fields.template, &pictures),
    })
}

fn choice(row: &Told, against: Option<i64>) -> Choice {
    let name = row.name.as_ref().map(|name| format!(" · {name}")).unwrap_or_default();
    let label = format!("With version {}{name}", row.version);
    Choice::new(row.version.to_string(), label, against == Some(row.version))
}

/// The fields in which two versions differ.
fn changes<R>(db: &mut Conn, may: &May<R>, before: &Fields, after: &Fields) -> Result<Vec<ChangeRow>, Failure> {
    let values = properties::in_project(db, may)?;
    let mut people: Vec<PersonId> =
        [before, after].iter().flat_map(|fields| [fields.owner, fields.reviewer]).flatten().collect();
    people.extend([before, after].into_iter().flat_map(own::people));
    people.sort_unstable();
    people.dedup();
    let people = cases::named(db, may, &people)?;
    let own = Own::remembered(db, may, &[before, after])?;
    let known: BTreeSet<FieldId> = own.ids().collect();
    let gone = before.values.keys().chain(after.values.keys()).copied().filter(|id| !known.contains(id));
    let own_ids: Vec<FieldId> = own.ids().chain(gone.collect::<BTreeSet<_>>()).collect();
    let all = Field::ALL.iter().copied().chain(own_ids.into_iter().map(Field::Own));
    let differs = |field: &Field| before.get(*field) != after.get(*field);
    Ok(all.filter(differs).map(|field| change(field, before, after, &values, &people, &own)).collect())
}

fn change(
    field: Field,
    before: &Fields,
    after: &Fields,
    values: &[PropertyValue],
    people: &[Candidate],
    own: &Own,
) -> ChangeRow {
    let words = |fields: &Fields| reading::in_words(&fields.get(field), values, people, own);
    let (old, new) = (words(before), words(after));
    let side = |side: Option<Vec<Piece>>| side.map(|pieces| pieces.into_iter().map(piece).collect());
    ChangeRow {
        words: own.name(field),
        inline: diff::inline(&old, &new).into_iter().map(piece).collect(),
        sides: diff::sides(&old, &new).into_iter().map(|line| (side(line.before), side(line.after))).collect(),
    }
}

fn piece(piece: Piece) -> PieceText {
    PieceText { fate: piece.fate.slug(), text: piece.text.to_owned() }
}

/// Makes the case say again what it said in a version.
pub async fn restore(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    OfVersion(which, version): OfVersion,
) -> Result<Response, Failed> {
    let acts = may.clone();
    let case = app.write(from.client, move |tx, now| versions::restore(tx, &acts, which, version, now)).await?;
    onward(&app, visit, &may, &case, |_| Flash::VersionRestored { version }).await
}

/// A name as typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Name {
    #[serde(default)]
    name: String,
}

/// Names a version.
pub async fn name(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    OfVersion(which, version): OfVersion,
    Form(typed): Form<Name>,
) -> Result<Response, Failed> {
    let acts = may.clone();
    let done: Result<Case, Failure> = match named(Some(&typed.name)) {
        Ok(name) => {
            let done =
                app.write(from.client, move |tx, now| versions::name(tx, &acts, which, version, name.as_ref(), now));
            done.await
        }
        Err(wrong) => Err(wrong),
    };
    match done {
        Ok(case) => {
            let (slug, key) = super::place(&app, &may).await?;
            let path = paths::case_version(&slug, &key, &case.number, &version);
            Ok(crate::pages::page::on(visit.jar, app.settings(), &path, &Flash::VersionNamed { version }))
        }
        Err(Failure::Invalid(bad)) => {
            let (gather, name) = (app.clone(), field("name", &typed.name, &bad));
            let view = app.read(move |db, now| {
                let asked = Comparing::default();
                compared(&gather, db, &visit, &may, (which, version), &asked, Some(name), now)
            });
            Ok(Page::wrong(view.await?).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

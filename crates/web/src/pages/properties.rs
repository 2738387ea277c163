//! Settings > Properties, of the workspace or of one project.

use app::{App, Failure, properties};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{May, Membership, Read, Settle},
    colour::Colour,
    property::Kind,
};
use serde::Deserialize;
use store::properties::PropertyValue;

use super::{
    form::{Form, faults, field},
    page::Page,
    settled::{back, scope, settles, swatches},
    shell::Visit,
};
use crate::{
    api::properties::{Of, coloured, named},
    client,
    extract::CanAt,
    failed::Failed,
    views::{
        self,
        frame::{Flash, Place},
        parts::Field,
        paths,
        property::{Properties, Property, Value},
    },
};

/// A form about a value, as typed; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Typed {
    name: Option<String>,
    #[serde(default)]
    colour: String,
    #[serde(default)]
    default: bool,
    place: Option<String>,
}

/// What cases get in place of an archived value.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Replacement {
    #[serde(default)]
    replacement: String,
}

/// All values.
pub async fn list(CanAt(may): CanAt<Read>, visit: Visit, State(app): State<App>) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, _| gathered(&gather, db, &visit, &may, None)).await?;
    Ok((jar, Page::of(view)).into_response())
}

/// One value.
pub async fn show(CanAt(may): CanAt<Settle>, of: Of, visit: Visit, State(app): State<App>) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, _| one(&gather, db, &visit, &may, of, None, None)).await?;
    Ok((jar, Page::of(view)).into_response())
}

/// Adds a value.
pub async fn add(
    CanAt(may): CanAt<Settle>,
    of: Of,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let (proof, text) = (may.clone(), typed.name.clone().unwrap_or_default());
    let added = match (named(&text), coloured(Some(&typed.colour))) {
        (Ok(name), Ok(colour)) => {
            app.write(from.client, move |tx, now| properties::add(tx, &may, of.kind, &name, colour, now)).await
        }
        (Err(wrong), _) | (_, Err(wrong)) => Err(wrong),
    };
    match added {
        Ok(value) => Ok(back(&app, visit, &proof, paths::properties, &Flash::Saved { name: value.name }).await?),
        Err(wrong) => {
            let typed = (of.kind, field("name", &text, &faults(wrong)?));
            let gather = app.clone();
            let view = app.read(move |db, _| gathered(&gather, db, &visit, &proof, Some(&typed))).await?;
            Ok(Page::wrong(view).into_response())
        }
    }
}

/// Changes a value.
pub async fn change(
    CanAt(may): CanAt<Settle>,
    of: Of,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let proof = may.clone();
    let changed = match read(&typed) {
        Ok(change) => {
            app.write(from.client, move |tx, now| properties::change(tx, &may, of.kind, of.key, &change, now)).await
        }
        Err(wrong) => Err(wrong),
    };
    match changed {
        Ok(value) => Ok(back(&app, visit, &proof, paths::properties, &Flash::Saved { name: value.name }).await?),
        Err(wrong) => {
            let name = field("name", typed.name.as_deref().unwrap_or_default(), &faults(wrong)?);
            let gather = app.clone();
            let view = app.read(move |db, _| one(&gather, db, &visit, &proof, of, Some(name), None)).await?;
            Ok(Page::wrong(view).into_response())
        }
    }
}

fn read(typed: &Typed) -> Result<properties::Change, Failure> {
    let name = typed.name.as_deref().map(named).transpose()?;
    let place = typed.place.as_deref().and_then(|place| place.parse().ok());
    Ok(properties::Change { name, colour: coloured(Some(&typed.colour))?, place, default: typed.default })
}

/// Archives a value.
pub async fn archive(
    CanAt(may): CanAt<Settle>,
    of: Of,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Replacement>,
) -> Result<Response, Failed> {
    let (proof, to) = (may.clone(), typed.replacement.parse().ok());
    let archived = app.write(from.client, move |tx, now| properties::archive(tx, &may, of.kind, of.key, to, now)).await;
    match archived {
        Ok(archived) => {
            let flash = Flash::ValueArchived { name: archived.name, cases: archived.cases };
            Ok(back(&app, visit, &proof, paths::properties, &flash).await?)
        }
        Err(Failure::Conflict { detail, .. }) => {
            let gather = app.clone();
            let view = app.read(move |db, _| one(&gather, db, &visit, &proof, of, None, Some(detail))).await?;
            Ok(Page::wrong(view).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Offers a value again.
pub async fn offer(
    CanAt(may): CanAt<Settle>,
    of: Of,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    let proof = may.clone();
    let value = app.write(from.client, move |tx, now| properties::offer(tx, &may, of.kind, of.key, now)).await?;
    Ok(back(&app, visit, &proof, paths::properties, &Flash::Saved { name: value.name }).await?)
}

fn gathered<R>(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<R>,
    typed: Option<&(Kind, Field)>,
) -> Result<Properties, Failure> {
    let belongs: May<Membership> = may.member().may()?;
    let (may_settle, scope) = (settles(may).is_some(), scope(db, may)?);
    let all = store::properties::in_project(db, may)?;
    let here = if scope.key.is_some() { Place::Projects } else { Place::Properties };
    let kind = |kind: Kind| {
        let of_kind = all.iter().filter(|value| value.kind == kind);
        let (rows, wide): (Vec<_>, Vec<_>) = of_kind.partition(|value| value.project == may.project());
        let adding = match typed {
            Some((same, typed)) if *same == kind => typed.clone(),
            _ => Field::default(),
        };
        views::property::Kind {
            slug: kind.slug(),
            words: kind.words(),
            colours: swatches(Colour::after(rows.len() + wide.len())),
            wide: wide.into_iter().enumerate().map(shown).collect(),
            rows: rows.into_iter().enumerate().map(shown).collect(),
            adding: may_settle.then_some(adding),
        }
    };
    let kinds = Kind::ALL.into_iter().map(kind).collect();
    Ok(Properties { frame: visit.frame(app, db, &belongs, here)?, scope, kinds })
}

fn shown((place, row): (usize, &PropertyValue)) -> Value {
    Value {
        key: row.key,
        name: row.name.clone(),
        colour: Colour::of(row.colour).slug(),
        default: row.is_default,
        archived: row.archived,
        place,
    }
}

fn one(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<Settle>,
    of: Of,
    name: Option<Field>,
    why_not: Option<String>,
) -> Result<Property, Failure> {
    let belongs: May<Membership> = may.member().may()?;
    let settled = store::properties::settled(db, may)?;
    let value = settled.iter().find(|row| row.kind == of.kind && row.key == of.key).ok_or(Failure::Unknown)?;
    let others = store::properties::in_project(db, may)?;
    let others = others.iter().filter(|row| row.kind == of.kind && !row.archived && row.key != of.key);
    let (colour, scope) = (Colour::of(value.colour), scope(db, may)?);
    let here = if scope.key.is_some() { Place::Projects } else { Place::Properties };
    Ok(Property {
        frame: visit.frame(app, db, &belongs, here)?,
        scope,
        kind: of.kind.slug(),
        words: of.kind.words(),
        name: name.unwrap_or_else(|| Field::new(value.name.clone())),
        value: shown((0, value)),
        colours: swatches(colour),
        cases: store::properties::cases_with(db, may, of.kind, of.key)?,
        others: others.enumerate().map(shown).collect(),
        why_not,
    })
}

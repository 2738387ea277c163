//! Settings of a project > Labels.

use std::collections::HashMap;

use app::{App, Failure, labels};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{May, Membership, Read, WriteCases},
    colour::Colour,
    id::LabelId,
};
use serde::Deserialize;

use super::{
    form::{Form, faults, field},
    page::Page,
    settled::{back, scope, swatches},
    shell::Visit,
};
use crate::{
    api::properties::{coloured, named},
    client,
    extract::{CanIn, Id},
    failed::Failed,
    views::{
        frame::{Flash, Place},
        label::{Label, Labels, OneLabel},
        parts::Field,
        paths,
    },
};

/// A label as typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    colour: String,
}

/// The label that stays.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Into {
    #[serde(default)]
    into: String,
}

/// All labels.
pub async fn list(CanIn(may): CanIn<Read>, visit: Visit, State(app): State<App>) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, _| gathered(&gather, db, &visit, &may, Field::default())).await?;
    Ok((jar, Page::of(view)).into_response())
}

/// One label.
pub async fn show(
    CanIn(may): CanIn<WriteCases>,
    Id(id): Id<LabelId>,
    visit: Visit,
    State(app): State<App>,
) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, _| one(&gather, db, &visit, &may, id, None)).await?;
    Ok((jar, Page::of(view)).into_response())
}

/// Makes a label.
pub async fn create(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let proof = may.clone();
    let made = match (named(&typed.name), coloured(Some(&typed.colour))) {
        (Ok(name), Ok(colour)) => {
            app.write(from.client, move |tx, now| labels::create(tx, &may, &name, colour, now)).await
        }
        (Err(wrong), _) | (_, Err(wrong)) => Err(wrong),
    };
    match made {
        Ok(label) => Ok(back(&app, visit, &proof, all, &Flash::Saved { name: label.name }).await?),
        Err(wrong) => {
            let name = field("name", &typed.name, &faults(wrong)?);
            let gather = app.clone();
            let view = app.read(move |db, _| gathered(&gather, db, &visit, &proof, name)).await?;
            Ok(Page::wrong(view).into_response())
        }
    }
}

/// Renames or recolours a label.
pub async fn change(
    CanIn(may): CanIn<WriteCases>,
    Id(id): Id<LabelId>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let proof = may.clone();
    let changed = match (named(&typed.name), coloured(Some(&typed.colour))) {
        (Ok(name), Ok(colour)) => {
            let change = labels::Change { name: Some(name), colour };
            app.write(from.client, move |tx, now| labels::change(tx, &may, id, &change, now)).await
        }
        (Err(wrong), _) | (_, Err(wrong)) => Err(wrong),
    };
    match changed {
        Ok(label) => Ok(back(&app, visit, &proof, all, &Flash::Saved { name: label.name }).await?),
        Err(wrong) => {
            let name = field("name", &typed.name, &faults(wrong)?);
            let gather = app.clone();
            let view = app.read(move |db, _| one(&gather, db, &visit, &proof, id, Some(name))).await?;
            Ok(Page::wrong(view).into_response())
        }
    }
}

/// Makes one label of two.
pub async fn merge(
    CanIn(may): CanIn<WriteCases>,
    Id(id): Id<LabelId>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Into>,
) -> Result<Response, Failed> {
    let proof = may.clone();
    let into = typed.into.parse();
    let into = into.map_err(|_| Failure::invalid("into", "unknown", "Take another label of this project."))?;
    let gone = app.write(from.client, move |tx, now| labels::merge(tx, &may, id, into, now)).await?;
    Ok(back(&app, visit, &proof, all, &Flash::LabelGone { name: gone.name, cases: gone.cases }).await?)
}

/// Deletes a label.
pub async fn delete(
    CanIn(may): CanIn<WriteCases>,
    Id(id): Id<LabelId>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    let proof = may.clone();
    let gone = app.write(from.client, move |tx, now| labels::delete(tx, &may, id, now)).await?;
    Ok(back(&app, visit, &proof, all, &Flash::LabelGone { name: gone.name, cases: gone.cases }).await?)
}

fn all(slug: &str, project: Option<&str>) -> String {
    paths::labels(slug, project.unwrap_or_default())
}

fn rows<R>(db: &mut Conn, may: &May<R>) -> Result<Vec<Label>, Failure> {
    let uses: HashMap<LabelId, i64> = store::labels::uses(db, may)?.into_iter().collect();
    let row = |row: store::labels::Label| Label {
        cases: uses.get(&row.id).copied().unwrap_or(0),
        id: row.id.to_string(),
        name: row.name,
        colour: Colour::of(row.colour).slug(),
    };
    Ok(store::labels::list(db, may)?.into_iter().map(row).collect())
}

fn gathered<R>(app: &App, db: &mut Conn, visit: &Visit, may: &May<R>, typed: Field) -> Result<Labels, Failure> {
    let belongs: May<Membership> = may.member().may()?;
    let project = may.facts().ok_or(Failure::Unknown)?;
    let writes = may.member().may_in::<WriteCases>(project).is_ok();
    let rows = rows(db, may)?;
    Ok(Labels {
        frame: visit.frame(app, db, &belongs, Place::Projects)?,
        scope: scope(db, may)?,
        colours: swatches(Colour::after(rows.len())),
        rows,
        adding: writes.then_some(typed),
    })
}

fn one(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<WriteCases>,
    id: LabelId,
    name: Option<Field>,
) -> Result<OneLabel, Failure> {
    let belongs: May<Membership> = may.member().may()?;
    let found = store::labels::find(db, may, id)?.ok_or(Failure::Unknown)?;
    let (mine, others): (Vec<_>, Vec<_>) = rows(db, may)?.into_iter().partition(|label| label.id == id.to_string());
    Ok(OneLabel {
        frame: visit.frame(app, db, &belongs, Place::Projects)?,
        scope: scope(db, may)?,
        label: mine.into_iter().next().ok_or(Failure::Unknown)?,
        name: name.unwrap_or_else(|| Field::new(found.name)),
        colours: swatches(Colour::of(found.colour)),
        others,
    })
}

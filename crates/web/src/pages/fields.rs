//! Settings > Fields, of the workspace or of one project.

mod one;

use app::{
    App, Failure,
    fields::{self, NewField},
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{May, Membership, Read, Settle},
    field::FieldKind,
    id::FieldId,
    now::Now,
};
use serde::Deserialize;
use store::fields::Field as Stored;

use super::{
    form::{Form, faults, field},
    moment::moment,
    page::Page,
    settled::{back, scope, settles},
    shell::Visit,
};
use crate::{
    api::fields::titled,
    client,
    extract::{CanAt, Id},
    failed::Failed,
    views::{
        field::{Adding, Fields, Row, Trashed},
        frame::{Flash, Place},
        parts::Choice,
        paths,
    },
};

pub use one::{add_option, change, change_option, show};

/// A new field as typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    options: String,
}

/// All fields.
pub async fn list(CanAt(may): CanAt<Read>, visit: Visit, State(app): State<App>) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, now| gathered(&gather, db, &visit, &may, empty(), now)).await?;
    Ok((jar, Page::of(view)).into_response())
}

/// Makes a field.
pub async fn create(
    CanAt(may): CanAt<Settle>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let proof = may.clone();
    let made = match read(&typed) {
        Ok(new) => app.write(from.client, move |tx, now| fields::create(tx, &may, &new, now)).await,
        Err(wrong) => Err(wrong),
    };
    match made {
        Ok(made) => Ok(back(&app, visit, &proof, paths::fields, &Flash::Saved { name: made.name }).await?),
        Err(wrong) => {
            let bad = faults(wrong)?;
            let form = Adding {
                name: field("name", &typed.name, &bad),
                kinds: kinds(&typed.kind),
                required: typed.required,
                options: field("options", &typed.options, &bad),
            };
            let gather = app.clone();
            let view = app.read(move |db, now| gathered(&gather, db, &visit, &proof, form, now)).await?;
            Ok(Page::wrong(view).into_response())
        }
    }
}

fn read(typed: &Typed) -> Result<NewField, Failure> {
    let kind: FieldKind = typed
        .kind
        .parse()
        .map_err(|bad: domain::field::UnknownFieldKind| Failure::invalid("name", "unknown", bad.to_string()))?;
    let lines = typed.options.lines().map(str::trim).filter(|line| !line.is_empty() && kind.has_options());
    let options = lines.map(str::to_owned).collect();
    Ok(NewField { name: titled(&typed.name)?, kind, required: typed.required, options })
}

/// Puts a field into the trash.
pub async fn delete(
    CanAt(may): CanAt<Settle>,
    Id(id): Id<FieldId>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    let proof = may.clone();
    let gone = app.write(from.client, move |tx, now| fields::delete(tx, &may, id, now)).await?;
    let flash = Flash::FieldDeleted { name: gone.name, cases: gone.cases };
    Ok(back(&app, visit, &proof, paths::fields, &flash).await?)
}

/// Takes a field out of the trash.
pub async fn restore(
    CanAt(may): CanAt<Settle>,
    Id(id): Id<FieldId>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    let proof = may.clone();
    let restored = app.write(from.client, move |tx, now| fields::restore(tx, &may, id, now)).await?;
    Ok(back(&app, visit, &proof, paths::fields, &Flash::Saved { name: restored.name }).await?)
}

fn kinds(chosen: &str) -> Vec<Choice> {
    let choice = |kind: &FieldKind| Choice::new(kind.slug(), kind.words(), kind.slug() == chosen);
    FieldKind::ALL.iter().map(choice).collect()
}

fn empty() -> Adding {
    Adding { kinds: kinds(FieldKind::Text.slug()), ..Adding::default() }
}

fn gathered<R>(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<R>,
    form: Adding,
    now: &Now,
) -> Result<Fields, Failure> {
    let belongs: May<Membership> = may.member().may()?;
    let (settles, scope) = (settles(may), scope(db, may)?);
    let all = store::fields::in_project(db, may)?;
    let ids: Vec<FieldId> = all.iter().map(|row| row.id).collect();
    let options = store::fields::options(db, &ids)?;
    let row = |(place, row): (usize, Stored)| {
        let own = options.iter().filter(|option| option.field == row.id && !option.archived);
        let options = own.map(|option| option.name.as_str()).collect::<Vec<_>>().join(", ");
        Row { id: row.id.to_string(), kind: row.kind.words(), name: row.name, required: row.required, options, place }
    };
    let (rows, wide): (Vec<_>, Vec<_>) = all.into_iter().partition(|row| row.project == may.project());
    let trash = match &settles {
        Some(settles) => store::fields::trashed(db, settles)?,
        None => Vec::new(),
    };
    let trashed = |row: Stored| Trashed {
        id: row.id.to_string(),
        gone: moment(row.trashed_at.unwrap_or(now.at) + fields::KEPT, now.at),
        name: row.name,
    };
    let here = if scope.key.is_some() { Place::Projects } else { Place::Fields };
    Ok(Fields {
        frame: visit.frame(app, db, &belongs, here)?,
        scope,
        wide: wide.into_iter().enumerate().map(row).collect(),
        rows: rows.into_iter().enumerate().map(row).collect(),
        trash: trash.into_iter().map(trashed).collect(),
        adding: settles.is_some().then_some(form),
    })
}

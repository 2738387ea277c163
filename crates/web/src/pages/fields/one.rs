//! The page of one field, with its options.

use app::{
    App, Failure,
    fields::{self, Change, options},
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{May, Membership, Settle},
    colour::Colour,
    id::FieldId,
};
use serde::Deserialize;
use serde_json::Value;
use store::fields::{Choice, Field as Stored};

use super::super::{
    form::{Form, faults, field},
    page::Page,
    settled::{back, scope, swatches},
    shell::Visit,
};
use crate::{
    api::{
        fields::{Which, titled},
        properties::{coloured, named},
    },
    client,
    extract::{CanAt, Id},
    failed::Failed,
    views::{
        field::{Choosable, OneField},
        frame::{Flash, Place},
        parts::Field,
        paths,
    },
};

/// The form as typed: `whole` says that it is all of it, and not only a place.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    whole: bool,
    #[serde(default)]
    name: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    default: String,
    place: Option<String>,
}

/// An option as typed; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct TypedOption {
    name: Option<String>,
    #[serde(default)]
    colour: String,
    place: Option<String>,
    archived: Option<bool>,
}

/// What was typed, to be shown again with what is wrong with it.
#[derive(Clone, Debug, Default)]
struct Again {
    settings: Option<(Field, Field, bool)>,
    adding: Field,
}

/// The page.
pub async fn show(
    CanAt(may): CanAt<Settle>,
    Id(id): Id<FieldId>,
    visit: Visit,
    State(app): State<App>,
) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, _| gathered(&gather, db, &visit, &may, id, Again::default())).await?;
    Ok((jar, Page::of(view)).into_response())
}

/// Changes the field.
pub async fn change(
    CanAt(may): CanAt<Settle>,
    Id(id): Id<FieldId>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let proof = may.clone();
    let changed = match read(&typed) {
        Ok(change) => app.write(from.client, move |tx, now| fields::change(tx, &may, id, &change, now)).await,
        Err(wrong) => Err(wrong),
    };
    match changed {
        Ok(changed) => Ok(back(&app, visit, &proof, paths::fields, &Flash::Saved { name: changed.name }).await?),
        Err(wrong) => {
            let bad = faults(wrong)?;
            let settings = (field("name", &typed.name, &bad), field("default", &typed.default, &bad), typed.required);
            again(&app, visit, proof, id, Again { settings: Some(settings), ..Again::default() }).await
        }
    }
}

fn read(typed: &Typed) -> Result<Change, Failure> {
    let place = typed.place.as_deref().and_then(|place| place.parse().ok());
    if !typed.whole {
        return Ok(Change { place, ..Change::default() });
    }
    // Several options of a default stand with commas between them.
    let default = Value::String(typed.default.clone());
    Ok(Change { name: Some(titled(&typed.name)?), required: Some(typed.required), initial: Some(default), place })
}

/// Adds an option.
pub async fn add_option(
    CanAt(may): CanAt<Settle>,
    Id(id): Id<FieldId>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<TypedOption>,
) -> Result<Response, Failed> {
    let (proof, text) = (may.clone(), typed.name.unwrap_or_default());
    let added = match (named(&text), coloured(Some(&typed.colour))) {
        (Ok(name), Ok(colour)) => {
            app.write(from.client, move |tx, now| options::add(tx, &may, id, &name, colour, now)).await
        }
        (Err(wrong), _) | (_, Err(wrong)) => Err(wrong),
    };
    answered(&app, visit, proof, id, added, &text).await
}

/// Changes an option.
pub async fn change_option(
    CanAt(may): CanAt<Settle>,
    Id(id): Id<FieldId>,
    Which(option): Which,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<TypedOption>,
) -> Result<Response, Failed> {
    let (proof, text) = (may.clone(), typed.name.clone().unwrap_or_default());
    let changed = match option_change(&typed) {
        Ok(change) => app.write(from.client, move |tx, now| options::change(tx, &may, id, option, &change, now)).await,
        Err(wrong) => Err(wrong),
    };
    answered(&app, visit, proof, id, changed, &text).await
}

fn option_change(typed: &TypedOption) -> Result<options::Change, Failure> {
    let name = typed.name.as_deref().map(named).transpose()?;
    let place = typed.place.as_deref().and_then(|place| place.parse().ok());
    Ok(options::Change { name, colour: coloured(Some(&typed.colour))?, place, archived: typed.archived })
}

async fn answered(
    app: &App,
    visit: Visit,
    may: May<Settle>,
    id: FieldId,
    done: Result<Choice, Failure>,
    typed: &str,
) -> Result<Response, Failed> {
    match done {
        Ok(option) => {
            let page = |slug: &str, project: Option<&str>| paths::field(slug, project, &id.to_string());
            Ok(back(app, visit, &may, page, &Flash::Saved { name: option.name }).await?)
        }
        Err(wrong) => {
            let adding = field("name", typed, &faults(wrong)?);
            again(app, visit, may, id, Again { adding, ..Again::default() }).await
        }
    }
}

async fn again(app: &App, visit: Visit, may: May<Settle>, id: FieldId, again: Again) -> Result<Response, Failed> {
    let gather = app.clone();
    let view = app.read(move |db, _| gathered(&gather, db, &visit, &may, id, again)).await?;
    Ok(Page::wrong(view).into_response())
}

fn gathered(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<Settle>,
    id: FieldId,
    again: Again,
) -> Result<OneField, Failure> {
    let belongs: May<Membership> = may.member().may()?;
    let row = store::fields::settled(db, may)?.into_iter().find(|row| row.id == id).ok_or(Failure::Unknown)?;
    let options = store::fields::options(db, &[id])?;
    let scope = scope(db, may)?;
    let here = if scope.key.is_some() { Place::Projects } else { Place::Fields };
    let (name, default, required) = again.settings.unwrap_or_else(|| saved(&row, &options));
    Ok(OneField {
        frame: visit.frame(app, db, &belongs, here)?,
        scope,
        id: id.to_string(),
        kind: row.kind.slug(),
        kind_words: row.kind.words(),
        title: row.name,
        name,
        required,
        default,
        colours: swatches(Colour::after(options.len())),
        options: row.kind.has_options().then(|| options.into_iter().enumerate().map(choosable).collect()),
        adding: again.adding,
        cases: store::fields::cases_with(db, may, id)?,
    })
}

fn saved(row: &Stored, options: &[Choice]) -> (Field, Field, bool) {
    let json: Value = row.initial.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let called = |id: &Value| options.iter().find(|option| id.as_str() == Some(&option.id.to_string()));
    let default = match &json {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(ids) => {
            ids.iter().filter_map(called).map(|option| option.name.as_str()).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    };
    (Field::new(row.name.clone()), Field::new(default), row.required)
}

fn choosable((place, option): (usize, Choice)) -> Choosable {
    let colour = Colour::of(option.colour);
    Choosable {
        id: option.id.to_string(),
        name: option.name,
        colour: colour.slug(),
        colours: swatches(colour),
        archived: option.archived,
        place,
    }
}

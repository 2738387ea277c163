//! Fields of one's own: those of the workspace and a project's.

pub mod own;
pub mod wide;

use std::collections::HashMap;

use app::{
    App, Failure,
    answers::{Asked, once},
    fields::{self, Change, NewField, options},
};
use axum::{
    Json,
    extract::{FromRequestParts, RawPathParams},
};
use db::{Conn, Tx};
use domain::{
    access::{May, Settle},
    colour::Colour,
    id::{FieldId, OptionId},
    now::Now,
    title::FieldName,
};
use http::{StatusCode, request::Parts};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::fields::{Choice, Field};
use utoipa::ToSchema;

use super::properties::{coloured, named};
use crate::{
    client,
    extract::{Body, Caller},
    failed::Failed,
    site::Site,
};

/// An option of a field.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OptionBody {
    id: String,
    #[schema(example = "Firefox")]
    name: String,
    /// One of grey, blue, amber, green, purple, red, teal and brown.
    #[schema(example = "teal")]
    colour: String,
    /// Whether it is offered no more. Cases that have it keep it.
    archived: bool,
}

impl From<Choice> for OptionBody {
    fn from(row: Choice) -> Self {
        let colour = Colour::of(row.colour).slug().to_owned();
        Self { id: row.id.to_string(), name: row.name, colour, archived: row.archived }
    }
}

/// A field.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FieldBody {
    id: String,
    #[schema(example = "Browser")]
    name: String,
    /// `text`, `number`, `date`, `select`, `multi_select`, `person`, `url` or `checkbox`.
    #[schema(example = "select")]
    kind: String,
    /// Whether it is a project's own, and not the workspace's.
    own: bool,
    /// Whether a case must have a value.
    required: bool,
    /// What new cases have, as cases tell values; null is nothing.
    #[schema(value_type = Option<Object>)]
    default: Option<Value>,
    /// In order; empty for kinds without.
    options: Vec<OptionBody>,
}

/// Fields in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnFieldsBody {
    items: Vec<FieldBody>,
    /// Those in the trash, for those who may restore them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trash: Vec<FieldBody>,
}

/// A field to be made, as the last one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFieldBody {
    #[schema(example = "Browser", max_length = 60)]
    name: String,
    /// Never changes.
    #[schema(example = "select")]
    kind: String,
    #[serde(default)]
    required: bool,
    /// Names of options, for the kinds `select` and `multi_select`.
    #[serde(default)]
    options: Vec<String>,
}

/// What is to change about a field; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldChange {
    #[schema(max_length = 60)]
    name: Option<String>,
    required: Option<bool>,
    /// What new cases have; `{"value": null}` is nothing.
    default: Option<Initial>,
    /// Its place among the others, from 0.
    place: Option<usize>,
}

/// What new cases have.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FieldDefault)]
pub struct Initial {
    #[schema(value_type = Option<Object>)]
    value: Value,
}

/// How many cases had a value.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldDeletedBody {
    cases: i64,
}

/// An option to be added, as the last one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOption {
    #[schema(max_length = 60)]
    name: String,
    /// Chosen for you if left out.
    colour: Option<String>,
}

/// What is to change about an option; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionChange {
    #[schema(max_length = 60)]
    name: Option<String>,
    colour: Option<String>,
    /// Its place among the others, from 0.
    place: Option<usize>,
    /// True offers it no more, false again.
    archived: Option<bool>,
}

/// The `{option}` of a URL.
#[derive(Clone, Copy, Debug)]
pub struct Which(pub OptionId);

impl FromRequestParts<Site> for Which {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Failed> {
        let params = RawPathParams::from_request_parts(parts, site).await.map_err(|_| Failure::Unknown)?;
        let id = params.iter().find(|(name, _)| *name == "option").and_then(|(_, text)| text.parse().ok());
        Ok(id.map(Self).ok_or(Failure::Unknown)?)
    }
}

/// Fields with their options.
pub fn bodies(db: &mut Conn, rows: Vec<Field>) -> Result<Vec<FieldBody>, Failure> {
    let ids: Vec<FieldId> = rows.iter().filter(|row| row.kind.has_options()).map(|row| row.id).collect();
    let mut options: HashMap<FieldId, Vec<OptionBody>> = HashMap::new();
    for option in store::fields::options(db, &ids)? {
        options.entry(option.field).or_default().push(option.into());
    }
    let body = |row: Field| FieldBody {
        options: options.remove(&row.id).unwrap_or_default(),
        id: row.id.to_string(),
        name: row.name,
        kind: row.kind.slug().to_owned(),
        own: row.project.is_some(),
        required: row.required,
        default: row.initial.as_deref().and_then(|text| serde_json::from_str(text).ok()),
    };
    Ok(rows.into_iter().map(body).collect())
}

/// A name as typed, or what is wrong with it.
pub fn titled(name: &str) -> Result<FieldName, Failure> {
    FieldName::parse(name).map_err(|bad| Failure::invalid("name", bad.code(), bad.to_string()))
}

fn whole(db: &mut Conn, row: Field) -> Result<FieldBody, Failure> {
    bodies(db, vec![row])?.pop().ok_or(Failure::Unknown)
}

async fn create(
    app: &App,
    may: May<Settle>,
    from: client::From,
    caller: &Caller,
    body: Body<NewFieldBody>,
) -> Result<(StatusCode, Json<FieldBody>), Failed> {
    let (asked, verbs) = (body.keyed.by(&caller.who), app.clone());
    let NewFieldBody { name, kind, required, options } = body.value;
    let kind = kind
        .parse()
        .map_err(|bad: domain::field::UnknownFieldKind| Failure::invalid("kind", "unknown", bad.to_string()))?;
    let new = NewField { name: titled(&name)?, kind, required, options };
    let verb = move |tx: &mut Tx, now: &Now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            let made = fields::create(tx, &may, &new, now)?;
            whole(tx, made)
        })
    };
    Ok((StatusCode::CREATED, Json(app.write(from.0.client, verb).await?)))
}

async fn change(
    app: &App,
    may: May<Settle>,
    from: client::From,
    id: FieldId,
    asked: Body<FieldChange>,
) -> Result<Json<FieldBody>, Failed> {
    let FieldChange { name, required, default, place } = asked.value;
    let name = name.as_deref().map(titled).transpose()?;
    let change = Change { name, required, initial: default.map(|default| default.value), place };
    let verb = move |tx: &mut Tx, now: &Now| {
        let changed = fields::change(tx, &may, id, &change, now)?;
        whole(tx, changed)
    };
    Ok(Json(app.write(from.0.client, verb).await?))
}

async fn delete(
    app: &App,
    may: May<Settle>,
    from: client::From,
    id: FieldId,
) -> Result<Json<FieldDeletedBody>, Failed> {
    let deleted = app.write(from.0.client, move |tx, now| fields::delete(tx, &may, id, now)).await?;
    Ok(Json(FieldDeletedBody { cases: deleted.cases }))
}

async fn restore(
    app: &App,
    may: May<Settle>,
    from: client::From,
    asked: Option<Asked>,
    id: FieldId,
) -> Result<Json<FieldBody>, Failed> {
    let verbs = app.clone();
    let verb = move |tx: &mut Tx, now: &Now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            let restored = fields::restore(tx, &may, id, now)?;
            whole(tx, restored)
        })
    };
    Ok(Json(app.write(from.0.client, verb).await?))
}

async fn add_option(
    app: &App,
    may: May<Settle>,
    from: client::From,
    caller: &Caller,
    id: FieldId,
    body: Body<NewOption>,
) -> Result<(StatusCode, Json<OptionBody>), Failed> {
    let (name, colour) = (named(&body.value.name)?, coloured(body.value.colour.as_deref())?);
    let (asked, verbs) = (body.keyed.by(&caller.who), app.clone());
    let verb = move |tx: &mut Tx, now: &Now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            Ok(OptionBody::from(options::add(tx, &may, id, &name, colour, now)?))
        })
    };
    Ok((StatusCode::CREATED, Json(app.write(from.0.client, verb).await?)))
}

async fn change_option(
    app: &App,
    may: May<Settle>,
    from: client::From,
    id: FieldId,
    option: OptionId,
    asked: Body<OptionChange>,
) -> Result<Json<OptionBody>, Failed> {
    let OptionChange { name, colour, place, archived } = asked.value;
    let name = name.as_deref().map(named).transpose()?;
    let change = options::Change { name, colour: coloured(colour.as_deref())?, place, archived };
    let verb = move |tx: &mut Tx, now: &Now| options::change(tx, &may, id, option, &change, now);
    Ok(Json(app.write(from.0.client, verb).await?.into()))
}

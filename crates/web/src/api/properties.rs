//! Values of status, priority, type and automation: those of the workspace and a project's own.

pub mod own;
pub mod wide;

use app::{App, Failure, answers::once, properties};
use axum::{
    Json,
    extract::{FromRequestParts, RawPathParams},
};
use domain::{
    access::{May, Settle},
    colour::Colour,
    property::Kind,
    title::ValueName,
};
use http::{StatusCode, request::Parts};
use serde::{Deserialize, Serialize};
use store::properties::PropertyValue;
use utoipa::ToSchema;

use crate::{
    client,
    extract::{Body, Caller},
    failed::Failed,
    site::Site,
};

/// A value of a property.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ValueBody {
    /// `status`, `priority`, `type` or `automation`.
    #[schema(example = "priority")]
    property: String,
    /// What cases name it by.
    key: i64,
    #[schema(example = "High")]
    name: String,
    /// One of grey, blue, amber, green, purple, red, teal and brown.
    #[schema(example = "amber")]
    colour: String,
    /// Whether it is a project's own, and not the workspace's.
    own: bool,
    /// Whether new cases have it.
    default: bool,
    /// Whether it is offered no more. Cases that have it keep it.
    archived: bool,
}

impl From<PropertyValue> for ValueBody {
    fn from(row: PropertyValue) -> Self {
        Self {
            property: row.kind.slug().to_owned(),
            key: row.key,
            colour: Colour::of(row.colour).slug().to_owned(),
            own: row.project.is_some(),
            default: row.is_default,
            archived: row.archived,
            name: row.name,
        }
    }
}

/// All values, by property and in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValuesBody {
    items: Vec<ValueBody>,
}

impl From<Vec<PropertyValue>> for ValuesBody {
    fn from(rows: Vec<PropertyValue>) -> Self {
        Self { items: rows.into_iter().map(ValueBody::from).collect() }
    }
}

/// A value to be added, as the last one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewValue {
    #[schema(example = "Blocker", max_length = 60)]
    name: String,
    /// Chosen for you if left out.
    colour: Option<String>,
}

/// What is to change about a value; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueChange {
    #[schema(max_length = 60)]
    name: Option<String>,
    colour: Option<String>,
    /// Its place among the others, from 0.
    place: Option<usize>,
    /// True makes it the one new cases have.
    #[serde(default)]
    default: bool,
}

/// What cases that have the value get.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// The key of another value; left out, cases keep the archived one.
    replacement: Option<i64>,
}

/// What became of the cases.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplacedBody {
    /// Cases that got the replacement.
    cases: u64,
}

/// The property the URL names, and the key of a value where it names one.
#[derive(Clone, Copy, Debug)]
pub struct Of {
    /// The property.
    pub kind: Kind,
    /// The value.
    pub key: i64,
}

impl FromRequestParts<Site> for Of {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Failed> {
        let params = RawPathParams::from_request_parts(parts, site).await.map_err(|_| Failure::Unknown)?;
        let named = |wanted: &str| params.iter().find(|(name, _)| *name == wanted).map(|(_, text)| text.to_owned());
        let kind = named("kind").and_then(|kind| kind.parse().ok()).ok_or(Failure::Unknown)?;
        let key = named("key").map_or(Ok(0), |key| key.parse().map_err(|_| Failure::Unknown))?;
        Ok(Self { kind, key })
    }
}

/// A name as typed, or what is wrong with it.
pub fn named(name: &str) -> Result<ValueName, Failure> {
    ValueName::parse(name).map_err(|bad| Failure::invalid("name", bad.code(), bad.to_string()))
}

/// A colour as typed; none if nothing was.
pub fn coloured(colour: Option<&str>) -> Result<Option<Colour>, Failure> {
    let colour = colour.filter(|colour| !colour.is_empty()).map(str::parse).transpose();
    colour.map_err(|bad: domain::colour::UnknownColour| Failure::invalid("colour", "unknown", bad.to_string()))
}

async fn add(
    app: &App,
    may: May<Settle>,
    from: client::From,
    caller: &Caller,
    of: Of,
    body: Body<NewValue>,
) -> Result<(StatusCode, Json<ValueBody>), Failed> {
    let (name, colour) = (named(&body.value.name)?, coloured(body.value.colour.as_deref())?);
    let (asked, verbs) = (body.keyed.by(&caller.who), app.clone());
    let verb = move |tx: &mut db::Tx, now: &domain::now::Now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            Ok(ValueBody::from(properties::add(tx, &may, of.kind, &name, colour, now)?))
        })
    };
    Ok((StatusCode::CREATED, Json(app.write(from.0.client, verb).await?)))
}

async fn change(
    app: &App,
    may: May<Settle>,
    from: client::From,
    of: Of,
    body: Body<ValueChange>,
) -> Result<Json<ValueBody>, Failed> {
    let ValueChange { name, colour, place, default } = body.value;
    let name = name.as_deref().map(named).transpose()?;
    let change = properties::Change { name, colour: coloured(colour.as_deref())?, place, default };
    let verb =
        move |tx: &mut db::Tx, now: &domain::now::Now| properties::change(tx, &may, of.kind, of.key, &change, now);
    Ok(Json(app.write(from.0.client, verb).await?.into()))
}

async fn archive(
    app: &App,
    may: May<Settle>,
    from: client::From,
    of: Of,
    body: Body<Replacement>,
) -> Result<Json<ReplacedBody>, Failed> {
    let to = body.value.replacement;
    let verb = move |tx: &mut db::Tx, now: &domain::now::Now| properties::archive(tx, &may, of.kind, of.key, to, now);
    Ok(Json(ReplacedBody { cases: app.write(from.0.client, verb).await?.cases }))
}

async fn offer(app: &App, may: May<Settle>, from: client::From, of: Of) -> Result<Json<ValueBody>, Failed> {
    let verb = move |tx: &mut db::Tx, now: &domain::now::Now| properties::offer(tx, &may, of.kind, of.key, now);
    Ok(Json(app.write(from.0.client, verb).await?.into()))
}

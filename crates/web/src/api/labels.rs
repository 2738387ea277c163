//! Labels of a project's cases.

use std::collections::HashMap;

use app::{App, Failure, answers::once, labels};
use axum::{Json, extract::State};
use domain::{
    access::{Read, WriteCases},
    colour::Colour,
    id::LabelId,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::labels::Label;
use utoipa::ToSchema;

use super::properties::{coloured, named};
use crate::{
    client,
    extract::{Body, Caller, CanIn, Id},
    failed::Failed,
    problem::Problem,
};

/// A label.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LabelBody {
    id: String,
    #[schema(example = "smoke")]
    name: String,
    /// One of grey, blue, amber, green, purple, red, teal and brown.
    #[schema(example = "green")]
    colour: String,
    /// Cases that have it, where labels are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cases: Option<i64>,
}

impl From<Label> for LabelBody {
    fn from(row: Label) -> Self {
        let colour = Colour::of(row.colour).slug().to_owned();
        Self { id: row.id.to_string(), name: row.name, colour, cases: None }
    }
}

/// Labels by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct LabelsBody {
    items: Vec<LabelBody>,
}

/// A label to be made. Saving a case makes labels too.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLabel {
    #[schema(example = "smoke", max_length = 60)]
    name: String,
    /// Chosen for you if left out.
    colour: Option<String>,
}

/// What is to change about a label; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelChange {
    #[schema(max_length = 60)]
    name: Option<String>,
    colour: Option<String>,
}

/// The label that stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// Its id.
    into: String,
}

/// How many cases had the label.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LabelGoneBody {
    cases: u64,
}

/// The labels of the project, by name, with how many cases have each.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/labels", tag = "Labels",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    responses((status = OK, body = LabelsBody), (status = NOT_FOUND, body = Problem)))]
pub async fn list(CanIn(may): CanIn<Read>, State(app): State<App>) -> Result<Json<LabelsBody>, Failed> {
    let body = app.read(move |db, _| {
        let uses: HashMap<LabelId, i64> = store::labels::uses(db, &may)?.into_iter().collect();
        let body = |row: Label| LabelBody { cases: Some(uses.get(&row.id).copied().unwrap_or(0)), ..row.into() };
        Ok(LabelsBody { items: store::labels::list(db, &may)?.into_iter().map(body).collect() })
    });
    Ok(Json(body.await?))
}

/// Makes a label.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/labels", tag = "Labels",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    request_body = NewLabel,
    responses((status = CREATED, body = LabelBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn create(
    CanIn(may): CanIn<WriteCases>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<NewLabel>,
) -> Result<(StatusCode, Json<LabelBody>), Failed> {
    let (name, colour) = (named(&body.value.name)?, coloured(body.value.colour.as_deref())?);
    let (asked, verbs) = (body.keyed.by(&caller.who), app.clone());
    let made = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            Ok(LabelBody::from(labels::create(tx, &may, &name, colour, now)?))
        })
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// Renames or recolours a label.
#[utoipa::path(patch, path = "/api/v1/workspaces/{workspace}/projects/{project}/labels/{id}", tag = "Labels",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("id" = String, Path)),
    request_body = LabelChange,
    responses((status = OK, body = LabelBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn change(
    CanIn(may): CanIn<WriteCases>,
    client::From(from): client::From,
    Id(id): Id<LabelId>,
    State(app): State<App>,
    body: Body<LabelChange>,
) -> Result<Json<LabelBody>, Failed> {
    let name = body.value.name.as_deref().map(named).transpose()?;
    let change = labels::Change { name, colour: coloured(body.value.colour.as_deref())? };
    let changed = app.write(from.client, move |tx, now| labels::change(tx, &may, id, &change, now)).await?;
    Ok(Json(changed.into()))
}

/// Makes one label of two: cases that have this one get the other, and this one is deleted.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/labels/{id}/merging", tag = "Labels",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("id" = String, Path)),
    request_body = Merge,
    responses((status = OK, body = LabelGoneBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn merge(
    CanIn(may): CanIn<WriteCases>,
    caller: Caller,
    client::From(from): client::From,
    Id(id): Id<LabelId>,
    State(app): State<App>,
    body: Body<Merge>,
) -> Result<Json<LabelGoneBody>, Failed> {
    let why = || Failure::invalid("into", "unknown", "The id of another label, lbl_….");
    let into = body.value.into.parse().map_err(|_| why())?;
    let (asked, verbs) = (body.keyed.by(&caller.who), app.clone());
    let gone = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            Ok(LabelGoneBody { cases: labels::merge(tx, &may, id, into, now)?.cases })
        })
    });
    Ok(Json(gone.await?))
}

/// Deletes a label, also from the cases that have it.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/projects/{project}/labels/{id}", tag = "Labels",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("id" = String, Path)),
    responses((status = OK, body = LabelGoneBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn delete(
    CanIn(may): CanIn<WriteCases>,
    client::From(from): client::From,
    Id(id): Id<LabelId>,
    State(app): State<App>,
) -> Result<Json<LabelGoneBody>, Failed> {
    let gone = app.write(from.client, move |tx, now| labels::delete(tx, &may, id, now)).await?;
    Ok(Json(LabelGoneBody { cases: gone.cases }))
}

//! What an editor asks while somebody types: how Markdown will look, and what steps a pasted text holds.

use app::{App, Failure};
use axum::{Json, extract::State};
use domain::{
    access::Read,
    markdown,
    steps::{self, Pasted},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::StepBody;
use crate::{
    extract::{Body, CanIn},
    failed::Failed,
    pages::cases::{Pictures, place},
    problem::Problem,
};

/// Text as typed or pasted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    text: String,
}

/// Markdown as it will be shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Shown {
    /// HTML of a few safe tags.
    html: String,
}

/// Shows Markdown as pages will. Nothing is kept.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/markdown", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    request_body = Sent,
    responses((status = OK, body = Shown), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn preview(CanIn(may): CanIn<Read>, State(app): State<App>, body: Body<Sent>) -> Result<Json<Shown>, Failed> {
    let text = super::body::markdown("text", &body.value.text).map_err(|bad| Failure::Invalid(vec![bad]))?;
    let (workspace, key) = place(&app, &may).await?;
    let pictures = Pictures { workspace, key };
    let html = markdown::html(text.as_str(), &|address| pictures.path(address));
    Ok(Json(Shown { html: html.as_str().to_owned() }))
}

/// The steps in a text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Found {
    steps: Vec<StepBody>,
}

/// Reads a list or a part of a spreadsheet as steps. Nothing is kept.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/pasted-steps", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    request_body = Sent,
    responses((status = OK, body = Found), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn pasted(CanIn(_may): CanIn<Read>, body: Body<Sent>) -> Result<Json<Found>, Failed> {
    let found = steps::pasted(&body.value.text);
    let found = found.map_err(|bad| Failure::invalid("text", bad.code(), bad.to_string()))?;
    let step = |step: Pasted| StepBody { action: Some(step.action), expected: Some(step.expected), group: None };
    Ok(Json(Found { steps: found.into_iter().map(step).collect() }))
}

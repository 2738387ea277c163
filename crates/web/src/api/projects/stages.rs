//! A project in the archive, in the trash, and among one's favourites.

use app::{
    App,
    projects::{marks, trash},
};
use axum::{Json, extract::State};
use domain::access::{ManageProject, Read, RestoreProject};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ProjectBody;
use crate::{
    client,
    extract::{Body, CanIn},
    failed::Failed,
    problem::Problem,
};

/// Archives a project: it is read, and nothing in it changes. Lists leave it out unless it is asked for.
#[utoipa::path(put, path = "/api/v1/workspaces/{workspace}/projects/{project}/archive", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    responses((status = OK, body = ProjectBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn archive(
    CanIn(may): CanIn<ManageProject>,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Json<ProjectBody>, Failed> {
    Ok(Json(app.write(from.client, move |tx, now| trash::archive(tx, &may, now)).await?.into()))
}

/// Reopens an archived project.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/projects/{project}/archive", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    responses((status = OK, body = ProjectBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn reopen(
    CanIn(may): CanIn<ManageProject>,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Json<ProjectBody>, Failed> {
    Ok(Json(app.write(from.client, move |tx, now| trash::reopen(tx, &may, now)).await?.into()))
}

/// What confirms that a project is to be deleted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The project's key.
    #[schema(example = "WEB")]
    confirm: String,
}

/// Puts a project into the trash. For 30 days whoever may delete it can restore it; then it is gone with all it holds.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/deletion", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    request_body = Confirmation,
    responses((status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn delete(
    CanIn(may): CanIn<ManageProject>,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<Confirmation>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| trash::delete(tx, &may, &body.value.confirm, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a project out of the trash, with all it holds.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/restoration", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    responses((status = OK, body = ProjectBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn restore(
    CanIn(may): CanIn<RestoreProject>,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Json<ProjectBody>, Failed> {
    Ok(Json(app.write(from.client, move |tx, now| trash::restore(tx, &may, now)).await?.into()))
}

/// Makes a project one of the caller's favourites. Nobody else sees it.
#[utoipa::path(put, path = "/api/v1/workspaces/{workspace}/projects/{project}/favourite", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem)))]
pub async fn mark(
    CanIn(may): CanIn<Read>,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| marks::mark(tx, &may, true, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a project out of the caller's favourites.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/projects/{project}/favourite", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem)))]
pub async fn unmark(
    CanIn(may): CanIn<Read>,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| marks::mark(tx, &may, false, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

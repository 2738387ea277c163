//! A project: its own values of properties, and those of the workspace that it has too.

use app::App;
use axum::{Json, extract::State};
use domain::access::{Read, Settle};
use http::StatusCode;

use super::{NewValue, Of, ReplacedBody, Replacement, ValueBody, ValueChange, ValuesBody};
use crate::{
    client,
    extract::{Body, Caller, CanIn},
    failed::Failed,
    problem::Problem,
};

/// The values of all properties that cases of the project may have, by property and in order.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/properties", tag = "Properties",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    responses((status = OK, body = ValuesBody), (status = NOT_FOUND, body = Problem)))]
pub async fn list(CanIn(may): CanIn<Read>, State(app): State<App>) -> Result<Json<ValuesBody>, Failed> {
    Ok(Json(app.read(move |db, _| Ok(store::properties::in_project(db, &may)?.into())).await?))
}

/// Adds a value to a property, as the last one.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/properties/{kind}", tag = "Properties",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("kind" = String, Path, description = "status, priority, type or automation")),
    request_body = NewValue,
    responses((status = CREATED, body = ValueBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn add(
    CanIn(may): CanIn<Settle>,
    caller: Caller,
    from: client::From,
    of: Of,
    State(app): State<App>,
    body: Body<NewValue>,
) -> Result<(StatusCode, Json<ValueBody>), Failed> {
    super::add(&app, may, from, &caller, of, body).await
}

/// Renames, recolours or moves a value, or makes it the default.
#[utoipa::path(patch, path = "/api/v1/workspaces/{workspace}/projects/{project}/properties/{kind}/{key}", tag = "Properties",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("kind" = String, Path, description = "status, priority, type or automation"), ("key" = i64, Path)),
    request_body = ValueChange,
    responses((status = OK, body = ValueBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn change(
    CanIn(may): CanIn<Settle>,
    from: client::From,
    of: Of,
    State(app): State<App>,
    body: Body<ValueChange>,
) -> Result<Json<ValueBody>, Failed> {
    super::change(&app, may, from, of, body).await
}

/// Archives a value: it is offered no more. Cases that have it keep it, or get the replacement.
#[utoipa::path(put, path = "/api/v1/workspaces/{workspace}/projects/{project}/properties/{kind}/{key}/archive", tag = "Properties",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("kind" = String, Path, description = "status, priority, type or automation"), ("key" = i64, Path)),
    request_body = Replacement,
    responses((status = OK, body = ReplacedBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn archive(
    CanIn(may): CanIn<Settle>,
    from: client::From,
    of: Of,
    State(app): State<App>,
    body: Body<Replacement>,
) -> Result<Json<ReplacedBody>, Failed> {
    super::archive(&app, may, from, of, body).await
}

/// Offers an archived value again.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/projects/{project}/properties/{kind}/{key}/archive", tag = "Properties",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("kind" = String, Path, description = "status, priority, type or automation"), ("key" = i64, Path)),
    responses((status = OK, body = ValueBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn offer(
    CanIn(may): CanIn<Settle>,
    from: client::From,
    of: Of,
    State(app): State<App>,
) -> Result<Json<ValueBody>, Failed> {
    super::offer(&app, may, from, of).await
}

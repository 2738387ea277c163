//! The values of properties that all projects of the workspace have.

use app::App;
use axum::{Json, extract::State};
use domain::access::{Membership, Settle};
use http::StatusCode;

use super::{NewValue, Of, ReplacedBody, Replacement, ValueBody, ValueChange, ValuesBody};
use crate::{
    client,
    extract::{Body, Caller, Can},
    failed::Failed,
    problem::Problem,
};

/// The values of all properties, by property and in order.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/properties", tag = "Properties",
    params(("workspace" = String, Path, description = "Id or slug")),
    responses((status = OK, body = ValuesBody), (status = NOT_FOUND, body = Problem)))]
pub async fn list(Can(may): Can<Membership>, State(app): State<App>) -> Result<Json<ValuesBody>, Failed> {
    Ok(Json(app.read(move |db, _| Ok(store::properties::settled(db, &may)?.into())).await?))
}

/// Adds a value to a property, as the last one.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/properties/{kind}", tag = "Properties",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug"), ("kind" = String, Path, description = "status, priority, type or automation")),
    request_body = NewValue,
    responses((status = CREATED, body = ValueBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn add(
    Can(may): Can<Settle>,
    caller: Caller,
    from: client::From,
    of: Of,
    State(app): State<App>,
    body: Body<NewValue>,
) -> Result<(StatusCode, Json<ValueBody>), Failed> {
    super::add(&app, may, from, &caller, of, body).await
}

/// Renames, recolours or moves a value, or makes it the default.
#[utoipa::path(patch, path = "/api/v1/workspaces/{workspace}/properties/{kind}/{key}", tag = "Properties",
    params(("workspace" = String, Path, description = "Id or slug"), ("kind" = String, Path, description = "status, priority, type or automation"), ("key" = i64, Path)),
    request_body = ValueChange,
    responses((status = OK, body = ValueBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn change(
    Can(may): Can<Settle>,
    from: client::From,
    of: Of,
    State(app): State<App>,
    body: Body<ValueChange>,
) -> Result<Json<ValueBody>, Failed> {
    super::change(&app, may, from, of, body).await
}

/// Archives a value: it is offered no more. Cases that have it keep it, or get the replacement.
#[utoipa::path(put, path = "/api/v1/workspaces/{workspace}/properties/{kind}/{key}/archive", tag = "Properties",
    params(("workspace" = String, Path, description = "Id or slug"), ("kind" = String, Path, description = "status, priority, type or automation"), ("key" = i64, Path)),
    request_body = Replacement,
    responses((status = OK, body = ReplacedBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn archive(
    Can(may): Can<Settle>,
    from: client::From,
    of: Of,
    State(app): State<App>,
    body: Body<Replacement>,
) -> Result<Json<ReplacedBody>, Failed> {
    super::archive(&app, may, from, of, body).await
}

/// Offers an archived value again.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/properties/{kind}/{key}/archive", tag = "Properties",
    params(("workspace" = String, Path, description = "Id or slug"), ("kind" = String, Path, description = "status, priority, type or automation"), ("key" = i64, Path)),
    responses((status = OK, body = ValueBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn offer(
    Can(may): Can<Settle>,
    from: client::From,
    of: Of,
    State(app): State<App>,
) -> Result<Json<ValueBody>, Failed> {
    super::offer(&app, may, from, of).await
}

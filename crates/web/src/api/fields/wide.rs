//! The fields that all projects of the workspace have.

use app::App;
use axum::{Json, extract::State};
use domain::{
    access::{May, Membership, Settle},
    id::FieldId,
};
use http::StatusCode;

use super::{
    FieldBody, FieldChange, FieldDeletedBody, NewFieldBody, NewOption, OptionBody, OptionChange, OwnFieldsBody, Which,
};
use crate::{
    client,
    extract::{Body, Caller, Can, Id, Keyed},
    failed::Failed,
    problem::Problem,
};

/// The fields, in order, with their options.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/fields", tag = "Fields",
    params(("workspace" = String, Path, description = "Id or slug")),
    responses((status = OK, body = OwnFieldsBody), (status = NOT_FOUND, body = Problem)))]
pub async fn list(Can(may): Can<Membership>, State(app): State<App>) -> Result<Json<OwnFieldsBody>, Failed> {
    let settles: Option<May<Settle>> = may.member().may::<Settle>().ok();
    let body = app.read(move |db, _| {
        let rows = store::fields::settled(db, &may)?;
        let items = super::bodies(db, rows)?;
        let trash = match &settles {
            Some(settles) => store::fields::trashed(db, settles)?,
            None => Vec::new(),
        };
        Ok(OwnFieldsBody { items, trash: super::bodies(db, trash)? })
    });
    Ok(Json(body.await?))
}

/// Makes a field, as the last one.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/fields", tag = "Fields",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug")),
    request_body = NewFieldBody,
    responses((status = CREATED, body = FieldBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn create(
    Can(may): Can<Settle>,
    caller: Caller,
    from: client::From,
    State(app): State<App>,
    body: Body<NewFieldBody>,
) -> Result<(StatusCode, Json<FieldBody>), Failed> {
    super::create(&app, may, from, &caller, body).await
}

/// Changes a field: its name, whether it is required, its default, its place. The kind stays.
#[utoipa::path(patch, path = "/api/v1/workspaces/{workspace}/fields/{id}", tag = "Fields",
    params(("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)),
    request_body = FieldChange,
    responses((status = OK, body = FieldBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn change(
    Can(may): Can<Settle>,
    from: client::From,
    Id(id): Id<FieldId>,
    State(app): State<App>,
    body: Body<FieldChange>,
) -> Result<Json<FieldBody>, Failed> {
    super::change(&app, may, from, id, body).await
}

/// Puts a field into the trash. For 30 days it can be restored with its values; then they are gone.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/fields/{id}", tag = "Fields",
    params(("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)),
    responses((status = OK, body = FieldDeletedBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn delete(
    Can(may): Can<Settle>,
    from: client::From,
    Id(id): Id<FieldId>,
    State(app): State<App>,
) -> Result<Json<FieldDeletedBody>, Failed> {
    super::delete(&app, may, from, id).await
}

/// Takes a field out of the trash, with the values cases had.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/fields/{id}/restoration", tag = "Fields",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)),
    responses((status = OK, body = FieldBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn restore(
    Can(may): Can<Settle>,
    caller: Caller,
    from: client::From,
    Id(id): Id<FieldId>,
    State(app): State<App>,
    keyed: Keyed,
) -> Result<Json<FieldBody>, Failed> {
    super::restore(&app, may, from, keyed.by(&caller.who), id).await
}

/// Adds an option to a field, as the last one.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/fields/{id}/options", tag = "Fields",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)),
    request_body = NewOption,
    responses((status = CREATED, body = OptionBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn add_option(
    Can(may): Can<Settle>,
    caller: Caller,
    from: client::From,
    Id(id): Id<FieldId>,
    State(app): State<App>,
    body: Body<NewOption>,
) -> Result<(StatusCode, Json<OptionBody>), Failed> {
    super::add_option(&app, may, from, &caller, id, body).await
}

/// Renames, recolours, moves or archives an option.
#[utoipa::path(patch, path = "/api/v1/workspaces/{workspace}/fields/{id}/options/{option}", tag = "Fields",
    params(("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path), ("option" = String, Path)),
    request_body = OptionChange,
    responses((status = OK, body = OptionBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn change_option(
    Can(may): Can<Settle>,
    from: client::From,
    Id(id): Id<FieldId>,
    Which(option): Which,
    State(app): State<App>,
    body: Body<OptionChange>,
) -> Result<Json<OptionBody>, Failed> {
    super::change_option(&app, may, from, id, option, body).await
}

//! Cases: written, read, saved field by field.

pub mod body;
pub mod review;
pub mod text;
pub mod versions;

use app::{App, Failure, answers::once, cases};
use axum::{Json, extract::State};
use domain::access::{Read, WriteCases};
use http::StatusCode;

use self::body::{CaseBody, CaseChange, CaseWritten};
use crate::{
    client,
    extract::{Body, Caller, CanIn, OfCase},
    failed::Failed,
    problem::Problem,
};

/// Writes a case at the end of a folder. It gets the next number of the project.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    request_body = CaseWritten,
    responses((status = CREATED, body = CaseBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn create(
    CanIn(may): CanIn<WriteCases>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<CaseWritten>,
) -> Result<(StatusCode, Json<CaseBody>), Failed> {
    let (new, asked, verbs) = (body.value.read()?, body.keyed.by(&caller.who), app.clone());
    let case = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            let case = cases::create(tx, &may, &new, now)?;
            CaseBody::of(tx, &may, case)
        })
    });
    Ok((StatusCode::CREATED, Json(case.await?)))
}

/// One case with all it says.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases/{case}", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("case" = String, Path, description = "Number or id")),
    responses((status = OK, body = CaseBody), (status = NOT_FOUND, body = Problem)))]
pub async fn get(
    CanIn(may): CanIn<Read>,
    State(app): State<App>,
    OfCase(which): OfCase,
) -> Result<Json<CaseBody>, Failed> {
    let case = app.read(move |db, _| {
        let case = store::cases::find(db, &may, which)?.ok_or(Failure::Unknown)?;
        CaseBody::of(db, &may, case)
    });
    Ok(Json(case.await?))
}

/// Saves fields of a case. `revision` is the one you have read: fields that others changed since merge with yours, and if
/// one field has two values, nothing is saved and the answer (409 `edited_meanwhile`) tells both under `conflicts`. To
/// replace the other value, send yours again with the `revision` of that answer.
#[utoipa::path(patch, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases/{case}", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("case" = String, Path, description = "Number or id")), request_body = CaseChange,
    responses((status = OK, body = CaseBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn patch(
    CanIn(may): CanIn<WriteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    OfCase(which): OfCase,
    body: Body<CaseChange>,
) -> Result<Json<CaseBody>, Failed> {
    let save = body.value.read()?;
    let case = app.write(from.client, move |tx, now| {
        let case = cases::save(tx, &may, which, &save, now)?;
        CaseBody::of(tx, &may, case)
    });
    Ok(Json(case.await?))
}

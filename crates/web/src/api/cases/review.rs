//! Review of cases.

use app::{App, cases::review};
use axum::{Json, extract::State};
use domain::{
    access::{Membership, ReviewCases, WriteCases},
    time::Time,
};
use serde::{Deserialize, Serialize};
use store::cases::Waiting;
use utoipa::ToSchema;

use super::body::{CaseBody, somebody};
use crate::{
    client,
    extract::{Body, Can, CanIn, OfCase},
    failed::Failed,
    problem::Problem,
};

/// Who is asked.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// `per_…` of somebody with the right `review_cases`; the case's reviewer if left out.
    reviewer: Option<String>,
}

/// Asks somebody to review the case.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases/{case}/review", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("case" = String, Path, description = "Number or id")), request_body = Submission,
    responses((status = OK, body = CaseBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn submit(
    CanIn(may): CanIn<WriteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    OfCase(which): OfCase,
    body: Body<Submission>,
) -> Result<Json<CaseBody>, Failed> {
    let reviewer = somebody("reviewer", body.value.reviewer.as_deref());
    let reviewer = reviewer.map_err(|bad| app::Failure::Invalid(vec![bad]))?;
    let case = app.write(from.client, move |tx, now| {
        let case = review::submit(tx, &may, which, reviewer, now)?;
        CaseBody::of(tx, &may, case)
    });
    Ok(Json(case.await?))
}

/// Takes the case out of review again.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases/{case}/review", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("case" = String, Path, description = "Number or id")),
    responses((status = OK, body = CaseBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem)))]
pub async fn withdraw(
    CanIn(may): CanIn<WriteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    OfCase(which): OfCase,
) -> Result<Json<CaseBody>, Failed> {
    let case = app.write(from.client, move |tx, now| {
        let case = review::withdraw(tx, &may, which, now)?;
        CaseBody::of(tx, &may, case)
    });
    Ok(Json(case.await?))
}

/// What the reviewer says.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reviewed {
    /// The revision that was read: of a case that was changed since, the answer is 412 `changed_meanwhile`.
    revision: i64,
    /// What is to be written again; without it, the case is ready.
    rework: Option<String>,
}

/// Answers a review: the case is ready, or goes back with a word why.
#[utoipa::path(put, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases/{case}/review", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("case" = String, Path, description = "Number or id")), request_body = Reviewed,
    responses((status = OK, body = CaseBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem), (status = PRECONDITION_FAILED, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn answer(
    CanIn(may): CanIn<ReviewCases>,
    client::From(from): client::From,
    State(app): State<App>,
    OfCase(which): OfCase,
    body: Body<Reviewed>,
) -> Result<Json<CaseBody>, Failed> {
    let Reviewed { revision, rework } = body.value;
    let answer = rework.map_or(review::Answer::Ready, review::Answer::Rework);
    let case = app.write(from.client, move |tx, now| {
        let case = review::answer(tx, &may, which, revision, &answer, now)?;
        CaseBody::of(tx, &may, case)
    });
    Ok(Json(case.await?))
}

/// A case that waits for the caller.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WaitingBody {
    id: String,
    /// Of its project.
    #[schema(example = "WEB-123")]
    key: String,
    title: String,
    /// Who asked or sent it back.
    by: String,
    #[schema(value_type = String)]
    at: Time,
    /// Why it was sent back.
    note: Option<String>,
}

impl From<Waiting> for WaitingBody {
    fn from(row: Waiting) -> Self {
        let key = format!("{}-{}", row.key, row.number);
        Self { id: row.id.to_string(), key, title: row.title, by: row.by, at: row.at, note: row.note }
    }
}

/// What waits for the caller.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reviews {
    /// Cases he is to review.
    to_review: Vec<WaitingBody>,
    /// Cases of his that were sent back.
    sent_back: Vec<WaitingBody>,
}

const MOST: i64 = 200;

/// The cases that wait for the caller in all projects he reads, at most 200 of each kind, those first that wait longest.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/reviews", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug")),
    responses((status = OK, body = Reviews), (status = NOT_FOUND, body = Problem)))]
pub async fn list(Can(may): Can<Membership>, State(app): State<App>) -> Result<Json<Reviews>, Failed> {
    let reviews = app.read(move |db, _| {
        let waiting = |rows: Vec<Waiting>| rows.into_iter().map(WaitingBody::from).collect();
        Ok(Reviews {
            to_review: waiting(store::cases::to_review(db, may.member(), MOST)?),
            sent_back: waiting(store::cases::sent_back(db, may.member(), MOST)?),
        })
    });
    Ok(Json(reviews.await?))
}

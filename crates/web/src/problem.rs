//! Errors of the API: problem+json (RFC 9457) with a stable `code` and, for fields, `errors[]`.

use app::{Bad, Failure};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::{
    actor::Actor,
    case::{Conflict, Set},
    id::PersonId,
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::failed::{code, is_passing, status, unavailable};

/// Why a call did not happen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A name for the kind of problem, made of `code`.
    #[schema(example = "urn:muster:problem:right_missing")]
    pub r#type: String,
    /// The status in words.
    pub title: String,
    /// The status.
    pub status: u16,
    /// What happened and what to do, for people.
    pub detail: String,
    /// A stable word, for machines.
    pub code: String,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// What else this kind of problem tells, such as `right`, `left` or `results`.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field, as the body names it.
    pub field: String,
    /// A stable word.
    pub code: String,
    /// A sentence.
    pub detail: String,
}

impl Problem {
    /// A problem of this status.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            r#type: format!("urn:muster:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            errors: Vec::new(),
            more: Map::new(),
        }
    }

    /// How a failure reads. What broke inside stays inside.
    pub fn of(failure: &Failure) -> Self {
        let status = status(failure);
        let detail = match failure {
            _ if status.is_server_error() => hidden(failure).to_owned(),
            Failure::Invalid(bad) if bad.len() == 1 => bad[0].detail.clone(),
            told => told.to_string(),
        };
        let mut problem = Self::new(status, code(failure), detail);
        match failure {
            Failure::Invalid(bad) => problem.errors = bad.iter().map(FieldProblem::of).collect(),
            Failure::Lacks { right, project } => {
                problem.add("right", json!(right.slug()));
                problem.add("project", json!(project));
            }
            Failure::Edited { revision, conflicts, services } => {
                let both = |one: &Conflict| {
                    let (theirs, yours) = (told(&one.theirs, services), told(&one.yours, services));
                    json!({"field": one.field().slug(), "theirs": theirs, "yours": yours})
                };
                problem.add("revision", json!(revision));
                problem.add("conflicts", conflicts.iter().map(both).collect());
            }
            Failure::OverQuota { scope, limit, left, resets_at } => {
                problem.add("scope", json!(scope));
                problem.add("limit", json!(limit));
                problem.add("left", json!(left));
                problem.add("resets_at", json!(resets_at));
            }
            _ => {}
        }
        problem
    }

    /// With something else to tell.
    pub fn add(&mut self, name: &str, value: Value) {
        self.more.insert(name.to_owned(), value);
    }
}

/// A value as the API tells it. Service accounts have ids of their own.
fn told(set: &Set, services: &[PersonId]) -> Value {
    match set {
        Set::Owner(Some(id)) | Set::Reviewer(Some(id)) => json!(Actor::of(*id, services.contains(id))),
        set => json!(set),
    }
}

fn hidden(failure: &Failure) -> &'static str {
    match failure {
        Failure::Db(error) if is_passing(error) => unavailable(error),
        _ => "Something broke on our side. Nothing was changed. The server's log knows more under this request's id.",
    }
}

impl FieldProblem {
    fn of(bad: &Bad) -> Self {
        Self { field: bad.field.clone(), code: bad.code.to_owned(), detail: bad.detail.clone() }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

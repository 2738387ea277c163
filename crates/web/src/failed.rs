//! How a failure leaves: the handler returns it, one layer gives it its face, problem+json under `/api`, a page elsewhere.

use std::sync::Arc;

use app::Failure;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

/// A failure on its way out.
#[derive(Clone, Debug)]
pub struct Failed(pub Arc<Failure>);

impl<F: Into<Failure>> From<F> for Failed {
    fn from(failure: F) -> Self {
        Self(Arc::new(failure.into()))
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let mut response = status(&self.0).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// 401 not signed in, 404 if one may not know it exists, 403 if one may.
pub fn status(failure: &Failure) -> StatusCode {
    match failure {
        Failure::SignedOut { .. } => StatusCode::UNAUTHORIZED,
        Failure::Unknown | Failure::WrongCode => StatusCode::NOT_FOUND,
        Failure::Lacks { .. } | Failure::Forbidden { .. } => StatusCode::FORBIDDEN,
        Failure::Conflict { .. } | Failure::Edited { .. } => StatusCode::CONFLICT,
        Failure::Stale(_) => StatusCode::PRECONDITION_FAILED,
        Failure::Gone(_) | Failure::Spent { .. } => StatusCode::GONE,
        Failure::Invalid(_) | Failure::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        Failure::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Failure::OverQuota { .. } | Failure::TooFast(_) => StatusCode::TOO_MANY_REQUESTS,
        Failure::Db(error) if is_passing(error) => StatusCode::SERVICE_UNAVAILABLE,
        Failure::Db(_) | Failure::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Whether trying again later may help.
pub fn is_passing(error: &db::Error) -> bool {
    use db::Error::{Conflict, Full, Unavailable, UnknownOutcome};
    matches!(error, Unavailable(_) | Full | Conflict | UnknownOutcome)
}

/// What people are told of it.
pub fn unavailable(error: &db::Error) -> &'static str {
    match error {
        db::Error::Full => "The server's disk is full. Nothing was changed. Whoever runs the server has to make room.",
        db::Error::UnknownOutcome => {
            "The database went away at the last moment: this may or may not have been carried out. Look before you try \
             again."
        }
        _ => "The database cannot be reached just now. Nothing was changed. Try again in a moment.",
    }
}

/// The stable word for machines.
pub fn code(failure: &Failure) -> &'static str {
    match failure {
        Failure::Db(error) if is_passing(error) => "unavailable",
        told => told.code(),
    }
}

//! Error pages: what happened, and one way on.

use app::Failure;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::{moment::exact, page::Page};
use crate::{
    failed::{is_passing, status, unavailable},
    views::{
        error::{ErrorPage, Problem},
        frame::Bare,
        parts::Moment,
        paths,
    },
};

/// The page of a failure.
pub fn page(failure: &Failure, request: &str) -> Response {
    let problem = match failure {
        Failure::Unknown => Problem::NotFound,
        Failure::Gone(_) | Failure::Spent { .. } => Problem::Gone,
        Failure::Lacks { right, .. } => Problem::NoRight {
            right: right.words().to_owned(),
            place: "this workspace".to_owned(),
            who: "Its owners and admins".to_owned(),
        },
        Failure::TooFast(wait) => Problem::TooMany { detail: failure.to_string(), again: Some(later(wait.as_secs())) },
        Failure::OverQuota { resets_at, .. } => {
            Problem::TooMany { detail: failure.to_string(), again: Some(exact(*resets_at)) }
        }
        Failure::Db(error) if is_passing(error) => Problem::Unavailable { detail: unavailable(error).to_owned() },
        Failure::Db(_) | Failure::Broken(_) => Problem::Internal { request: request.to_owned() },
        Failure::Invalid(bad) => {
            Problem::Invalid { detail: bad.iter().map(|bad| bad.detail.as_str()).collect::<Vec<_>>().join(" ") }
        }
        told => Problem::Invalid { detail: told.to_string() },
    };
    show(status(failure), problem)
}

fn later(seconds: u64) -> Moment {
    let text = if seconds < 2 { "in a moment".to_owned() } else { format!("in {seconds} seconds") };
    Moment { rfc3339: String::new(), text }
}

/// The page of an error that a layer or the router made.
pub fn plain(status: StatusCode, detail: &str, request: &str) -> Response {
    let problem = match status {
        StatusCode::NOT_FOUND => Problem::NotFound,
        StatusCode::FORBIDDEN => Problem::OtherSite,
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge { limit: "10 MB".to_owned() },
        status if status.is_server_error() => Problem::Internal { request: request.to_owned() },
        _ => Problem::Invalid { detail: detail.to_owned() },
    };
    show(status, problem)
}

fn show(status: StatusCode, problem: Problem) -> Response {
    Page::with(status, ErrorPage { bare: Bare::default(), problem, home: paths::HOME.to_owned() }).into_response()
}

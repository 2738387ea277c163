//! The edge of the server: what every request passes on its way in, and every answer on its way out.
//!
//! One layer, not one for each step: for every request axum clones and boxes all that lies below a layer.

use std::{any::Any, panic::AssertUnwindSafe, time::Duration};

use app::Failure;
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;
use futures_util::FutureExt;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use tracing::{Instrument, Span};

use crate::{
    failed::Failed,
    respond::{self, Asked},
    site::Site,
};

/// How long a request may take.
const SLOWEST: Duration = Duration::from_secs(30);
const DAY: Duration = Duration::from_hours(24);

/// The name of the header that ties an answer to the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request a fresh id: in the log, in the answer, on the page of an error. What a client sends under that name
/// is not believed.
pub async fn pass(State(site): State<Site>, request: Request, next: Next) -> Response {
    let id = HEXLOWER.encode(&site.app().clock().now().bytes::<8>());
    let span = span(&request, &id);
    answer(site, Asked::of(&request, id), request, next).instrument(span).await
}

/// The log holds the route's pattern, never the path: paths of links hold tokens.
fn span(request: &Request, id: &str) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    tracing::info_span!("request", id, method = request.method().as_str(), route)
}

async fn answer(site: Site, asked: Asked, mut request: Request, next: Next) -> Response {
    keyed_calls_cannot_be_forged(request.headers_mut());
    let mut response = respond::dress(&site, &asked, run(request, next).await);
    let id = HeaderValue::from_str(&asked.id).expect("hexadecimal digits are visible ASCII");
    response.headers_mut().insert(REQUEST_ID, id);
    tracing::debug!(status = response.status().as_u16(), "answered");
    response
}

/// With a key the cookie is ignored, so there is nothing to forge: such a call passes the rule for other sites.
fn keyed_calls_cannot_be_forged(headers: &mut HeaderMap) {
    let scheme = headers.get(header::AUTHORIZATION).and_then(|value| value.as_bytes().get(..7));
    if scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer ")) {
        headers.remove(header::ORIGIN);
        headers.remove("sec-fetch-site");
    }
}

/// Files take as long as their sender needs; that he is not silent, whoever takes them sees to.
fn brings_files(request: &Request) -> bool {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    request.method() == http::Method::POST && route.ends_with("/attachments")
}

/// A handler that panics or takes too long answers all the same.
async fn run(request: Request, next: Next) -> Response {
    let slowest = if brings_files(&request) { DAY } else { SLOWEST };
    let running = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(slowest, running).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => Failed::from(Failure::Broken(format!("panicked: {}", words(&*panic)))).into_response(),
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let literal = panic.downcast_ref::<&str>().copied();
    literal.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without words")
}

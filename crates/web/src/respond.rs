//! The last layer before the client: gives failures their face, logs them once, and sets the headers every answer has.

use std::sync::Arc;

use app::Failure;
use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::time::Time;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};

use crate::{
    failed::{Failed, is_passing},
    pages,
    problem::Problem,
    site::Site,
    views::paths,
};

/// What a request was, for an answer that has lost it.
pub struct Asked {
    /// The request's id.
    pub id: String,
    method: Method,
    uri: Uri,
}

impl Asked {
    /// What this request is.
    pub fn of(request: &Request, id: String) -> Self {
        Self { id, method: request.method().clone(), uri: request.uri().clone() }
    }

    fn is_probe(&self) -> bool {
        matches!(self.uri.path(), "/healthz" | "/readyz")
    }

    fn is_api(&self) -> bool {
        self.uri.path().starts_with("/api/")
    }
}

/// Dresses what the handler, or a layer on the way to it, has answered.
pub fn dress(site: &Site, asked: &Asked, mut response: Response) -> Response {
    let failed = response.extensions_mut().remove::<Failed>();
    let mut response = match failed {
        Some(Failed(failure)) => face(asked, &failure, site.app().clock().now().at),
        None if is_bare(asked, &response) => bare(asked, response.status()),
        None => response,
    };
    protect(response.headers_mut(), site.app().settings().is_https());
    response
}

fn face(asked: &Asked, failure: &Arc<Failure>, now: Time) -> Response {
    log(asked, failure);
    let mut response = match &**failure {
        told if asked.is_api() => Problem::of(told).into_response(),
        Failure::SignedOut { .. } if asked.method.is_safe() => Redirect::to(&sign_in(&asked.uri)).into_response(),
        told => pages::errors::page(told, &asked.id),
    };
    if let Some(seconds) = retry_after(failure, now) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn sign_in(back: &Uri) -> String {
    let next = back.path_and_query().map_or("/", |path| path.as_str());
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    format!("{}?{query}", paths::SIGN_IN)
}

fn log(asked: &Asked, failure: &Failure) {
    match failure {
        Failure::Db(error) if is_passing(error) => {
            tracing::warn!(%error, request_id = asked.id, "the database was unavailable");
        }
        Failure::Db(_) | Failure::Broken(_) => {
            tracing::error!(error = %failure, request_id = asked.id, "a request broke");
        }
        told => tracing::debug!(error = %told, request_id = asked.id, "a request was refused"),
    }
}

/// In seconds.
fn retry_after(failure: &Failure, now: Time) -> Option<u64> {
    match failure {
        Failure::TooFast(wait) => Some(wait.as_secs().max(1)),
        Failure::OverQuota { resets_at, .. } => Some(resets_at.since(now).as_secs().max(1)),
        Failure::Db(error) if is_passing(error) => Some(1),
        _ => None,
    }
}

/// An error that a layer or the router made, without a body of ours.
fn is_bare(asked: &Asked, response: &Response) -> bool {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let ours = kind.starts_with("application/problem+json") || kind.starts_with("text/html") || asked.is_probe();
    (status.is_client_error() || status.is_server_error()) && !ours
}

fn bare(asked: &Asked, status: StatusCode) -> Response {
    let (code, detail) = match status {
        StatusCode::NOT_FOUND => ("not_found", "There is nothing here that you may see."),
        StatusCode::METHOD_NOT_ALLOWED => ("method_not_allowed", "This address does not take that method."),
        StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "The body is over 10 MB. Nothing was changed."),
        StatusCode::FORBIDDEN => ("cross_site", "This request came from another site, so it was not carried out."),
        StatusCode::REQUEST_TIMEOUT => {
            ("too_slow", "The request took too long. It may or may not have been carried out.")
        }
        status if status.is_server_error() => ("broken", "Something broke on our side. The server's log knows more."),
        _ => ("bad_request", "The request could not be read."),
    };
    if asked.is_api() {
        Problem::new(status, code, detail).into_response()
    } else {
        pages::errors::plain(status, detail, &asked.id)
    }
}

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-WAyOw4V+FqDc35lQPyRADLBWbuNK8ahvYEaQIYF1+Ps='; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What every answer carries unless its handler has set it already.
fn protect(headers: &mut HeaderMap, https: bool) {
    headers.reserve(8);
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::CACHE_CONTROL, "no-store");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

/// The page that shows the API sets styles of its own; it holds nothing of ours but the public description.
pub async fn loosen_for_docs(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
        connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

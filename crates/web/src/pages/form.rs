//! A posted form, urlencoded or with files. Repeated fields are lists; what cannot be read is refused with a page.

mod parts;
pub mod uploads;

use app::Failure;
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use serde::de::DeserializeOwned;
use url::form_urlencoded::Serializer;

use crate::{failed::Failed, site::Site};

/// The fields of a form. A file is the text in it.
#[derive(Clone, Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Site> for Form<T> {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Response> {
        let request = plain(request, site).await?;
        match axum_extra::extract::Form::<T>::from_request(request, site).await {
            Ok(form) => Ok(Self(form.0)),
            Err(cut) => {
                let detail = cut.to_string();
                Err(refused(cut.into_response(), detail))
            }
        }
    }
}

/// The request as if the form had been sent without files: each is the text of its field.
async fn plain(request: Request, site: &Site) -> Result<Request, Response> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let Some(boundary) = parts::boundary(kind).map(str::to_owned) else { return Ok(request) };
    let (mut parts, body) = request.into_parts();
    let whole = Request::from_parts(parts.clone(), body);
    let body = Bytes::from_request(whole, site).await.map_err(|cut| {
        let detail = cut.to_string();
        refused(cut.into_response(), detail)
    })?;
    let read = parts::read(&boundary, &body);
    let fields = read.ok_or_else(|| refused(StatusCode::BAD_REQUEST.into_response(), "The form broke off.".into()))?;
    let plain = Serializer::new(String::new()).extend_pairs(fields).finish();
    parts.headers.insert(header::CONTENT_TYPE, http::HeaderValue::from_static("application/x-www-form-urlencoded"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Ok(Request::from_parts(parts, Body::from(plain)))
}

fn refused(cut: Response, detail: String) -> Response {
    let too_large = cut.status() == StatusCode::PAYLOAD_TOO_LARGE;
    if too_large { cut } else { Failed::from(Failure::invalid("form", "malformed", detail)).into_response() }
}

/// What is wrong with a field of a failed form, for the page that shows it again; other failures go on as they are.
pub fn faults(failure: Failure) -> Result<Vec<app::Bad>, Failure> {
    match failure {
        Failure::Invalid(bad) => Ok(bad),
        other => Err(other),
    }
}

/// A field as typed, with its fault if it has one.
pub fn field(name: &str, typed: &str, bad: &[app::Bad]) -> crate::views::parts::Field {
    crate::views::parts::Field { value: typed.to_owned(), error: fault(name, bad) }
}

/// What is wrong with a field, if anything is.
pub fn fault(name: &str, bad: &[app::Bad]) -> Option<String> {
    bad.iter().find(|bad| bad.field == name).map(|bad| bad.detail.clone())
}

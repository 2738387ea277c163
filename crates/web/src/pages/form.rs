//! A posted form. Repeated fields are lists; what cannot be read is refused with a page.

use app::Failure;
use axum::{
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;

use crate::{failed::Failed, site::Site};

/// The fields of a form.
#[derive(Clone, Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Site> for Form<T> {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Response> {
        match axum_extra::extract::Form::<T>::from_request(request, site).await {
            Ok(form) => Ok(Self(form.0)),
            Err(cut) => {
                let detail = cut.to_string();
                let cut = cut.into_response();
                let unreadable = Failure::invalid("form", "malformed", detail);
                let too_large = cut.status() == http::StatusCode::PAYLOAD_TOO_LARGE;
                Err(if too_large { cut } else { Failed::from(unreadable).into_response() })
            }
        }
    }
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
    let fault = bad.iter().find(|bad| bad.field == name).map(|bad| bad.detail.clone());
    crate::views::parts::Field { value: typed.to_owned(), error: fault }
}

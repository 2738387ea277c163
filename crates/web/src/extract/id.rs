//! The `{id}` of a URL. What is no id of the wanted kind answers like an unknown one.

use std::str::FromStr;

use app::Failure;
use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;

use crate::{failed::Failed, site::Site};

/// The id the URL names.
#[derive(Clone, Copy, Debug)]
pub struct Id<T>(pub T);

impl<T: FromStr + Send> FromRequestParts<Site> for Id<T> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Failed> {
        let params = RawPathParams::from_request_parts(parts, site).await.map_err(|_| Failure::Unknown)?;
        let id = params.iter().find(|(name, _)| *name == "id").and_then(|(_, text)| text.parse().ok());
        Ok(id.map(Self).ok_or(Failure::Unknown)?)
    }
}

//! Somebody at a browser. What changes an account takes a session: an API key that leaked must not carry it away.

use app::sessions;
use axum::extract::FromRequestParts;
use domain::access::SignedIn;
use http::request::Parts;

use super::Caller;
use crate::{failed::Failed, site::Site};

/// Somebody with a live session; 403 for a key.
#[derive(Clone, Copy, Debug)]
pub struct InPerson(pub SignedIn);

impl FromRequestParts<Site> for InPerson {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Failed> {
        let caller = <Caller as FromRequestParts<Site>>::from_request_parts(parts, site).await?;
        sessions::in_person(&caller.who)?;
        Ok(Self(caller.who))
    }
}

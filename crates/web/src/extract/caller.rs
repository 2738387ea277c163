//! Who asks: by key or by session.

use app::{Failure, sessions};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum_extra::extract::CookieJar;
use domain::{access::SignedIn, secret::Token};
use http::{HeaderValue, header, request::Parts};

use crate::{cookies::Name, failed::Failed, site::Site};

/// Somebody with a live session or key.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who, and how he is signed in.
    pub who: SignedIn,
    /// The session's token, where it is a session.
    pub session: Option<Token>,
}

const SIGNED_OUT: Failure = Failure::SignedOut { code: "signed_out", detail: "Sign in first, or send an API key." };
const BAD_KEY: Failure = Failure::SignedOut { code: "bad_key", detail: "This API key is unknown, expired or revoked." };

impl Caller {
    /// Whoever the request shows to be, looked up once for all that ask.
    async fn find(parts: &mut Parts, site: &Site) -> Result<Option<Self>, Failed> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(Some(known.clone()));
        }
        let found = Self::look_up(parts, site).await?;
        if let Some(caller) = &found {
            parts.extensions.insert(caller.clone());
        }
        Ok(found)
    }

    /// With `Authorization` the cookie is ignored.
    async fn look_up(parts: &Parts, site: &Site) -> Result<Option<Self>, Failed> {
        if let Some(header) = parts.headers.get(header::AUTHORIZATION) {
            let token = bearer(header).ok_or(BAD_KEY)?;
            let who = sessions::by_key(site.app(), token).await?.ok_or(BAD_KEY)?;
            return Ok(Some(Self { who, session: None }));
        }
        let jar = CookieJar::from_headers(&parts.headers);
        let Some(token) = Name::Session.token(&jar, site.app().settings()) else { return Ok(None) };
        let who = sessions::by_session(site.app(), token.clone()).await?;
        Ok(who.map(|who| Self { who, session: Some(token) }))
    }
}

fn bearer(header: &HeaderValue) -> Option<Token> {
    let (scheme, token) = header.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().parse().ok())?
}

impl FromRequestParts<Site> for Caller {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Failed> {
        Ok(Self::find(parts, site).await?.ok_or(SIGNED_OUT)?)
    }
}

impl OptionalFromRequestParts<Site> for Caller {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Option<Self>, Failed> {
        Self::find(parts, site).await
    }
}

//! A JSON body, with what an idempotency key needs to know of the request.

use std::{fmt, time::Duration};

use app::{Failure, answers::Asked};
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    response::{IntoResponse, Response},
};
use domain::{
    access::{SignedIn, Via},
    time::days,
};
use http::{StatusCode, request::Parts};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::{failed::Failed, site::Site};

/// A body that reads as `T`.
#[derive(Clone, Debug)]
pub struct Body<T> {
    /// What it says.
    pub value: T,
    /// The request as an idempotency key sees it.
    pub keyed: Keyed,
}

/// The request as an idempotency key sees it.
#[derive(Clone, Debug)]
pub struct Keyed {
    key: Option<String>,
    fingerprint: [u8; 32],
}

const LONGEST_KEY: usize = 255;

impl Keyed {
    /// Of a request whose body says this, as far as a second one has to say the same.
    pub fn of(parts: &Parts, body: &[u8]) -> Result<Self, Failure> {
        let key = parts.headers.get("idempotency-key").map(|key| key.to_str().unwrap_or_default().to_owned());
        if key.as_ref().is_some_and(|key| key.is_empty() || key.len() > LONGEST_KEY) {
            return Err(Failure::invalid("Idempotency-Key", "malformed", "1 to 255 visible ASCII characters."));
        }
        let hash = Sha256::new().chain_update(parts.method.as_str()).chain_update([0]).chain_update(parts.uri.path());
        Ok(Self { key, fingerprint: hash.chain_update([0]).chain_update(body).finalize().into() })
    }

    /// Asked by somebody signed in; the answer is kept for a day.
    pub fn by(self, who: &SignedIn) -> Option<Asked> {
        let caller = match who.via {
            Via::Session(_) => who.person.to_string(),
            Via::Key { id, .. } => id.to_string(),
        };
        self.asked(caller, days(1))
    }

    /// The same for an answer that holds a secret: kept for an hour.
    pub fn secretly_by(self, who: &SignedIn) -> Option<Asked> {
        self.by(who).map(|asked| Asked { keep: Duration::from_hours(1), ..asked })
    }

    fn asked(self, caller: String, keep: Duration) -> Option<Asked> {
        Some(Asked { caller, key: self.key?, fingerprint: self.fingerprint, keep })
    }
}

/// For calls without a body.
impl FromRequestParts<Site> for Keyed {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Self, Failed> {
        Ok(Self::of(parts, &[])?)
    }
}

/// Why no body could be read.
#[derive(Debug)]
pub enum NoBody {
    /// It does not read as what is wanted.
    Failed(Failed),
    /// It was too large or broke off.
    Status(StatusCode),
}

impl IntoResponse for NoBody {
    fn into_response(self) -> Response {
        match self {
            Self::Failed(failed) => failed.into_response(),
            Self::Status(status) => status.into_response(),
        }
    }
}

impl<T: DeserializeOwned + fmt::Debug> FromRequest<Site> for Body<T> {
    type Rejection = NoBody;

    async fn from_request(request: Request, site: &Site) -> Result<Self, NoBody> {
        let (parts, body) = request.into_parts();
        let whole = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(whole, site).await;
        let bytes = bytes.map_err(|cut| NoBody::Status(cut.into_response().status()))?;
        let keyed = Keyed::of(&parts, &bytes).map_err(|failure| NoBody::Failed(failure.into()))?;
        let value = read(&bytes).map_err(|failure| NoBody::Failed(failure.into()))?;
        Ok(Self { value, keyed })
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = match error.path().to_string() {
            path if path == "." => "body".to_owned(),
            path => path,
        };
        Failure::invalid(&field, "malformed", error.inner().to_string())
    })
}

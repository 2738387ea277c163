//! The `{case}` of a URL, a number or id, and the `{version}` after it. What is neither answers like an unknown one.

use std::str::FromStr;

use app::Failure;
use axum::extract::{FromRequestParts, RawPathParams};
use domain::id::{AttachmentId, StepGroupId};
use http::request::Parts;
use store::cases::Reference;

use crate::{failed::Failed, site::Site};

/// The case the URL names, in the project of a `CanIn`.
#[derive(Clone, Copy, Debug)]
pub struct OfCase(pub Reference);

/// A version the URL names, of its case.
#[derive(Clone, Copy, Debug)]
pub struct OfVersion(pub Reference, pub i64);

impl FromRequestParts<Site> for OfCase {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Failed> {
        Ok(Self(named(parts, site, "case").await?))
    }
}

impl FromRequestParts<Site> for OfVersion {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Failed> {
        Ok(Self(named(parts, site, "case").await?, named(parts, site, "version").await?))
    }
}

/// The group of steps the URL names, in the project of a `CanIn`.
#[derive(Clone, Copy, Debug)]
pub struct OfStepGroup(pub StepGroupId);

impl FromRequestParts<Site> for OfStepGroup {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Failed> {
        Ok(Self(named(parts, site, "group").await?))
    }
}

/// The file the URL names, in the project of a `CanIn`.
#[derive(Clone, Copy, Debug)]
pub struct OfAttachment(pub AttachmentId);

impl FromRequestParts<Site> for OfAttachment {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Failed> {
        Ok(Self(named(parts, site, "attachment").await?))
    }
}

async fn named<T: FromStr>(parts: &mut Parts, site: &Site, wanted: &str) -> Result<T, Failure> {
    let params = RawPathParams::from_request_parts(parts, site).await.map_err(|_| Failure::Unknown)?;
    let text = params.iter().find(|(name, _)| *name == wanted).map(|(_, text)| text);
    text.and_then(|text| text.parse().ok()).ok_or(Failure::Unknown)
}

//! Proof that the caller may, in the project the URL names.

use std::sync::Arc;

use app::Failure;
use axum::extract::{FromRequestParts, RawPathParams};
use domain::access::{May, Wanted};
use http::request::Parts;

use super::can::{deny, member_of};
use crate::{failed::Failed, site::Site};

/// A proof for the handler, of a right in a project. A project one cannot read answers like an unknown one.
#[derive(Clone, Debug)]
pub struct CanIn<R>(pub May<R>);

impl<R: Wanted> FromRequestParts<Site> for CanIn<R> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Failed> {
        let member = member_of(parts, site).await?;
        let reference = project(parts, site).await?;
        let asked = Arc::clone(&member);
        let found = site.app().point(move |db, _| Ok(store::access::project(db, &asked, &reference)?)).await?;
        match member.may_in(found.ok_or(Failure::Unknown)?) {
            Ok(may) => Ok(Self(may)),
            Err(refused) => Err(deny(parts, site, &member, refused.into()).await.into()),
        }
    }
}

async fn project(parts: &mut Parts, site: &Site) -> Result<String, Failed> {
    let params = RawPathParams::from_request_parts(parts, site).await.map_err(|_| Failure::Unknown)?;
    let reference = params.iter().find(|(name, _)| *name == "project").map(|(_, value)| value.to_owned());
    Ok(reference.filter(|reference| !reference.contains('\0')).ok_or(Failure::Unknown)?)
}

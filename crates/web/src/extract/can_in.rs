//! Proof that the caller may, in the project the URL names.

use std::sync::Arc;

use app::Failure;
use axum::extract::{FromRequestParts, RawPathParams};
use domain::access::{May, Wanted};
use http::{Method, request::Parts};

use super::can::{Can, deny, member_of};
use crate::{failed::Failed, site::Site};

/// A proof for the handler, of a right in a project. A project one cannot read answers like an unknown one. Whoever looks
/// at a page of it was in it just now.
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
            Ok(may) => {
                if parts.method == Method::GET && parts.uri.path().starts_with("/w/") {
                    app::projects::marks::note_opened(site.app(), &may).await?;
                }
                Ok(Self(may))
            }
            Err(refused) => Err(deny(parts, site, &member, refused.into()).await.into()),
        }
    }
}

/// A proof for the handler: in the project the URL names, or in the workspace where it names none.
#[derive(Clone, Debug)]
pub struct CanAt<R>(pub May<R>);

impl<R: Wanted> FromRequestParts<Site> for CanAt<R> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Failed> {
        let params = RawPathParams::from_request_parts(parts, site).await.map_err(|_| Failure::Unknown)?;
        if params.iter().any(|(name, _)| name == "project") {
            return Ok(Self(CanIn::from_request_parts(parts, site).await?.0));
        }
        Ok(Self(Can::from_request_parts(parts, site).await?.0))
    }
}

async fn project(parts: &mut Parts, site: &Site) -> Result<String, Failed> {
    let params = RawPathParams::from_request_parts(parts, site).await.map_err(|_| Failure::Unknown)?;
    let reference = params.iter().find(|(name, _)| *name == "project").map(|(_, value)| value.to_owned());
    Ok(reference.filter(|reference| !reference.contains('\0')).ok_or(Failure::Unknown)?)
}

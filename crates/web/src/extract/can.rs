//! Proof that the caller may, in the workspace the URL names. 401, 404 and 403 are settled here, once.

use std::sync::Arc;

use app::Failure;
use axum::extract::{FromRequestParts, MatchedPath, RawPathParams};
use domain::{
    access::{May, Member, SignedIn, Wanted},
    event::{Attempt, What},
};
use http::request::Parts;

use super::Caller;
use crate::{client::address, failed::Failed, site::Site};

/// A proof for the handler.
#[derive(Clone, Debug)]
pub struct Can<R>(pub May<R>);

impl<R: Wanted> FromRequestParts<Site> for Can<R> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Failed> {
        let member = member_of(parts, site).await?;
        match member.may() {
            Ok(may) => Ok(Self(may)),
            Err(refused) => Err(deny(parts, site, &member, refused.into()).await.into()),
        }
    }
}

/// The caller as a member of the workspace the URL names, who was seen just now.
pub(super) async fn member_of(parts: &mut Parts, site: &Site) -> Result<Arc<Member>, Failed> {
    let caller = <Caller as FromRequestParts<Site>>::from_request_parts(parts, site).await?;
    let reference = workspace(parts, site).await?;
    let member = Arc::new(member(site, caller.who, reference).await?);
    app::members::note_seen(site.app(), &member).await?;
    Ok(member)
}

/// Whoever tries to change something and lacks the right is noted in the audit log; looking is not.
pub(super) async fn deny(parts: &mut Parts, site: &Site, member: &Member, failure: Failure) -> Failure {
    if !parts.method.is_safe() {
        let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let deed = format!("{} {route}", parts.method);
        let mut attempt = Attempt::new(What::WorkspaceRefused, "workspace", member.workspace(), &deed);
        (attempt.workspace, attempt.actor) = (Some(member.workspace()), Some(member.person()));
        let client = address(parts, &site.web().trusted_proxies);
        site.app().refused(client, attempt, &failure).await;
    }
    failure
}

async fn workspace(parts: &mut Parts, site: &Site) -> Result<String, Failed> {
    let params = RawPathParams::from_request_parts(parts, site).await.map_err(|_| Failure::Unknown)?;
    let reference = params.iter().find(|(name, _)| *name == "workspace").map(|(_, value)| value.to_owned());
    // PostgreSQL knows no NUL in a text; no name of ours has one.
    Ok(reference.filter(|reference| !reference.contains('\0')).ok_or(Failure::Unknown)?)
}

/// He knows the workspace: he is a member of it.
const SHUT_OUT: Failure = Failure::SignedOut {
    code: "signed_out_here",
    detail: "Your sessions in this workspace were ended. Sign in anew to open it.",
};

/// A workspace one is no active member of answers like an unknown one.
async fn member(site: &Site, who: SignedIn, reference: String) -> Result<Member, Failure> {
    site.app()
        .point(move |db, _| {
            let workspace = store::workspaces::resolve(db, &reference)?.ok_or(Failure::Unknown)?;
            match store::access::member(db, &who, workspace)? {
                Some(member) => Ok(member),
                None if store::access::shut_out(db, &who, workspace)? => Err(SHUT_OUT),
                None => Err(Failure::Unknown),
            }
        })
        .await
}

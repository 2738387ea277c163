//! Proof that the caller is an operator of the server. It opens no workspace.

use app::Failure;
use axum::extract::FromRequestParts;
use domain::{
    access::Operator,
    event::{Attempt, What},
};
use http::request::Parts;

use super::Caller;
use crate::{client::address, failed::Failed, site::Site};

/// A proof for the handler.
#[derive(Clone, Copy, Debug)]
pub struct Operating(pub Operator);

impl FromRequestParts<Site> for Operating {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Failed> {
        let who = <Caller as FromRequestParts<Site>>::from_request_parts(parts, site).await?.who;
        if let Some(operator) = site.app().point(move |db, _| Ok(store::operators::find(db, &who)?)).await? {
            return Ok(Self(operator));
        }
        let refused = Failure::forbidden("operators_only", "Only operators of this server come in here.");
        if !parts.method.is_safe() {
            let attempt = Attempt::new(What::ServerRefused, "server", "", "change the settings");
            let client = address(parts, &site.web().trusted_proxies);
            site.app().refused(client, attempt.by_person(Some(who.person)), &refused).await;
        }
        Err(refused.into())
    }
}

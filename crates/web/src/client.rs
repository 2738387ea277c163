//! Where a request comes from.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

use app::sessions::Browser;
use axum::extract::{ConnectInfo, FromRequestParts};
use http::{header, request::Parts};

use crate::site::Site;

/// The client's address and what its browser calls itself.
#[derive(Clone, Debug)]
pub struct From(pub Browser);

const LONGEST_AGENT: usize = 200;

impl FromRequestParts<Site> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Infallible> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        let agent = agent.map(|agent| agent.chars().take(LONGEST_AGENT).collect());
        Ok(Self(Browser { client: address(parts, &site.web().trusted_proxies), agent }))
    }
}

/// The peer's address; behind a trusted proxy the last address in `X-Forwarded-For` that is not one.
pub fn address(parts: &Parts, trusted: &[IpAddr]) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical())?;
    if !trusted.contains(&peer) {
        return Some(peer);
    }
    let hops = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<IpAddr> = hops.flat_map(|value| value.split(',')).map_while(|hop| hop.trim().parse().ok()).collect();
    Some(hops.into_iter().rev().find(|hop| !trusted.contains(hop)).unwrap_or(peer))
}

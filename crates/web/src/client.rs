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
    let values = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    Some(nearest_untrusted(peer, &hops, trusted))
}

/// Each trusted hop vouches for the one before it and for no other: the walk goes from the right and ends at the first
/// hop that is not trusted, or that is no address, whatever a client wrote to the left of it.
fn nearest_untrusted(peer: IpAddr, hops: &[&str], trusted: &[IpAddr]) -> IpAddr {
    let mut nearest = peer;
    for hop in hops.iter().rev() {
        let Ok(address) = hop.parse::<IpAddr>() else { return nearest };
        nearest = address.to_canonical();
        if !trusted.contains(&nearest) {
            return nearest;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_client_cannot_forge_its_address_behind_a_trusted_proxy() {
        let (proxy, trusted) = (ip("10.0.0.1"), [ip("10.0.0.1"), ip("10.0.0.2")]);
        let seen = |hops: &[&str]| nearest_untrusted(proxy, hops, &trusted);
        assert_eq!(seen(&["9.9.9.9", "x", "203.0.113.7"]), ip("203.0.113.7"));
        assert_eq!(seen(&["9.9.9.9", "203.0.113.7", "10.0.0.2"]), ip("203.0.113.7"));
        assert_eq!(seen(&["9.9.9.9", "x"]), proxy);
        assert_eq!(seen(&[]), proxy);
        assert_eq!(seen(&["::ffff:203.0.113.7"]), ip("203.0.113.7"));
    }
}

//! Which addresses a mail server may have: a page must not make this server speak to whatever stands beside it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which addresses may be spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All of them: the command line named the server, or an operator said that it stands in the own network.
    Anywhere,
    /// Those of the public internet.
    Public,
}

impl Reach {
    /// Whether an address may be spoken to.
    pub fn includes(self, address: IpAddr) -> bool {
        self == Self::Anywhere || is_public(address)
    }
}

fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// The registry of special addresses (RFC 6890) without what is only documentation.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocols = (a, b, c) == (192, 0, 0);
    let benchmarks = a == 198 && matches!(b, 18 | 19);
    let special = shared || protocols || benchmarks || a == 0 || a >= 224;
    !(special || address.is_private() || address.is_loopback() || address.is_link_local())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, .., high, low] = address.segments();
    // NAT64 (RFC 6052) leads to the IPv4 address in its end.
    if (first, second) == (0x64, 0xff9b) {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    let special = address.is_loopback() || address.is_unspecified() || address.is_multicast();
    !(special || address.is_unique_local() || address.is_unicast_link_local())
}

#[cfg(test)]
mod tests {
    use super::Reach;

    #[test]
    fn addresses_of_this_machine_and_of_private_networks_are_not_public() {
        let inner = [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
        ];
        for address in inner {
            assert!(!Reach::Public.includes(address.parse().unwrap()), "{address}");
            assert!(Reach::Anywhere.includes(address.parse().unwrap()), "{address}");
        }
        for address in ["9.9.9.9", "172.32.0.1", "2620:fe::fe", "64:ff9b::909:909"] {
            assert!(Reach::Public.includes(address.parse().unwrap()), "{address}");
        }
    }
}

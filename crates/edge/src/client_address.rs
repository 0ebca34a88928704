//! Finds the address of the person behind a request, which only proxies that we know may tell us.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{Extensions, HeaderMap};

/// The address from which a request came, as far as it can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(pub IpAddr);

/// The other end of the connection itself; [`crate::serve()`] sets it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PeerAddress(pub(crate) SocketAddr);

impl ClientAddress {
    /// The block that limits count: the address itself is too fine, since one household or attacker has many. A /24 of
    /// IPv4, a /56 of IPv6 (what a provider commonly gives one household).
    #[must_use]
    pub fn block(self) -> String {
        match self.0.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                format!("{a}.{b}.{c}.0/24")
            }
            IpAddr::V6(address) => {
                format!("{}/56", Ipv6Addr::from_bits(mask_v6(address.to_bits(), 56)))
            }
        }
    }

    /// From the connection, or from `X-Forwarded-For` when the connection comes from a trusted proxy: then the
    /// rightmost address that is not a trusted proxy itself. Everything left of it is a claim of the client's.
    pub(crate) fn find(extensions: &Extensions, headers: &HeaderMap, proxies: &TrustedProxies) -> Self {
        let peer = extensions.get::<PeerAddress>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        let mut client = peer.to_canonical();
        let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).collect();
        for hop in hops.iter().rev() {
            if !proxies.contain(client) {
                break;
            }
            match hop.trim().parse::<IpAddr>() {
                Ok(address) => client = address.to_canonical(),
                Err(_) => break,
            }
        }
        Self(client)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let found = parts.extensions.get::<Self>().copied();
        Ok(found.unwrap_or_else(|| Self::find(&parts.extensions, &parts.headers, &TrustedProxies::default())))
    }
}

/// The proxies whose word about the client counts. Empty: nobody's does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Network>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    prefix: u8,
}

/// The text is neither an address nor a network such as `10.0.0.0/8`.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither an address nor a network such as 10.0.0.0/8")]
pub struct UnknownNetwork(String);

impl TrustedProxies {
    /// Reads addresses and networks as configured.
    ///
    /// # Errors
    /// On the first text that is neither.
    pub fn parse<S: AsRef<str>>(texts: &[S]) -> Result<Self, UnknownNetwork> {
        texts.iter().map(|text| text.as_ref().parse()).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                mask_v4(own.to_bits(), self.prefix) == mask_v4(other.to_bits(), self.prefix)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                mask_v6(own.to_bits(), self.prefix) == mask_v6(other.to_bits(), self.prefix)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = UnknownNetwork;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownNetwork(text.to_owned());
        let (address, prefix) = text.trim().split_once('/').map_or((text.trim(), None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().map_err(|_| unknown())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(longest), |prefix| prefix.parse().map_err(|_| unknown()))?;
        (prefix <= longest).then_some(Self { address, prefix }).ok_or_else(unknown)
    }
}

fn mask_v4(bits: u32, prefix: u8) -> u32 {
    bits & u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0)
}

fn mask_v6(bits: u128, prefix: u8) -> u128 {
    bits & u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &str, trusted: &[&str]) -> String {
        let mut extensions = Extensions::new();
        extensions.insert(PeerAddress(SocketAddr::new(peer.parse().unwrap(), 1)));
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        ClientAddress::find(&extensions, &headers, &TrustedProxies::parse(trusted).unwrap()).0.to_string()
    }

    #[test]
    fn a_stranger_cannot_forge_an_address() {
        assert_eq!(client("203.0.113.9", "198.51.100.1", &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(client("203.0.113.9", "198.51.100.1", &[]), "203.0.113.9");
    }

    #[test]
    fn the_rightmost_address_that_is_no_proxy_counts() {
        assert_eq!(client("10.1.1.1", "6.6.6.6, 198.51.100.1", &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(client("10.1.1.1", "198.51.100.1, 10.2.2.2", &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(client("10.1.1.1", "6.6.6.6, nonsense", &["10.0.0.0/8"]), "10.1.1.1");
        assert_eq!(client("::ffff:10.1.1.1", "2001:db8::7", &["10.1.1.1"]), "2001:db8::7");
    }

    #[test]
    fn limits_count_blocks() {
        assert_eq!(ClientAddress("203.0.113.9".parse().unwrap()).block(), "203.0.113.0/24");
        assert_eq!(ClientAddress("2001:db8:1:22ff::9".parse().unwrap()).block(), "2001:db8:1:2200::/56");
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "10.0.0.0/33", "host", "10.0.0.0/x", "::/129"] {
            assert!(TrustedProxies::parse(&[text]).is_err(), "{text}");
        }
        assert!(TrustedProxies::parse(&["0.0.0.0/0", "::/0", "::1"]).is_ok());
    }
}

//! Networks and addresses in their configured form.

use std::net::IpAddr;

use serde::{Deserialize, Deserializer, Serialize, de};

/// A range of addresses, such as `10.0.0.0/8` or `::1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/').unwrap_or((text, ""));
        let address: IpAddr = address.parse().ok()?;
        let widest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            "" if !text.contains('/') => widest,
            digits => digits.parse().ok().filter(|bits| *bits <= widest)?,
        };
        Some(Self { address, prefix })
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        let shift = |width: u8| u32::from(width - self.prefix);
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let differing = u32::from(network) ^ u32::from(address);
                differing.checked_shr(shift(32)).unwrap_or(0) == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let differing = u128::from(network) ^ u128::from(address);
                differing.checked_shr(shift(128)).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

/// The address that people use in their browsers: `https://host[:port]`, without a path.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct PublicUrl(String);

impl PublicUrl {
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_suffix('/').unwrap_or(text);
        let authority = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))?;
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
        (!authority.is_empty() && authority.chars().all(plain))
            .then(|| Self(text.to_ascii_lowercase()))
    }

    /// The origin, as a browser spells it in its `Origin` header.
    pub fn origin(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("expected a network such as 10.0.0.0/8"))
    }
}

impl<'de> Deserialize<'de> for PublicUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| de::Error::custom("expected https://host or https://host:port"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_its_addresses_and_no_others() {
        let network = Network::parse("10.1.0.0/16").unwrap();

        assert!(network.contains("10.1.255.1".parse().unwrap()));
        assert!(network.contains("::ffff:10.1.0.1".parse().unwrap()));
        assert!(!network.contains("10.2.0.1".parse().unwrap()));
        assert!(!network.contains("::1".parse().unwrap()));
        assert!(
            Network::parse("0.0.0.0/0")
                .is_some_and(|all| all.contains("192.0.2.7".parse().unwrap()))
        );
        assert_eq!(Network::parse("10.0.0.0/33"), None);
    }

    #[test]
    fn a_public_url_is_an_origin() {
        assert!(
            PublicUrl::parse("https://Meet.Example/")
                .is_some_and(|url| url.origin() == "https://meet.example")
        );
        assert!(PublicUrl::parse("https://meet.example/path").is_none());
        assert!(PublicUrl::parse("meet.example").is_none());
    }
}

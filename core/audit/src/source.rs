//! Where an act came from, shortened or keyed so that it names no person.

use std::net::IpAddr;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Hex;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub address: Address,
    /// SHA-256 of the user agent's text, cut to 64 bits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ua_hash: Option<Hex<8>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<uuid::Uuid>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// The network alone: an IPv4 /24 or an IPv6 /48, as `192.0.2.0/24` and `2001:db8:1::/48`.
    IpTrunc(String),
    /// HMAC-SHA-256 of the whole address under the organisation's key, cut to 128 bits: the same
    /// address has the same value while the key lives.
    Hmac(Hex<16>),
}

impl Source {
    pub fn truncated(address: IpAddr) -> Self {
        Self::from(Address::IpTrunc(network(address)))
    }

    pub fn keyed(key: &[u8; 32], address: IpAddr) -> Self {
        // RFC 2104: a key shorter than a block is filled up with zeros.
        let mut block = [0; 64];
        let (filled, _) = block.split_at_mut(key.len());
        filled.copy_from_slice(key);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        match address.to_canonical() {
            IpAddr::V4(v4) => mac.update(&v4.octets()),
            IpAddr::V6(v6) => mac.update(&v6.octets()),
        }
        Self::from(Address::Hmac(cut(&mac.finalize().into_bytes())))
    }

    #[must_use]
    pub fn with_user_agent(mut self, text: &str) -> Self {
        self.ua_hash = Some(cut(&Sha256::digest(text)));
        self
    }
}

impl From<Address> for Source {
    fn from(address: Address) -> Self {
        Self {
            address,
            ua_hash: None,
            device: None,
        }
    }
}

fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("{}/48", std::net::Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

fn cut<const N: usize>(hash: &[u8]) -> Hex<N> {
    Hex(*hash
        .first_chunk()
        .expect("a SHA-256 output is longer than what is kept of it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trunc(address: &str) -> String {
        network(address.parse().unwrap())
    }

    #[test]
    fn keeps_the_network_and_forgets_the_machine() {
        assert_eq!(trunc("192.0.2.77"), "192.0.2.0/24");
        assert_eq!(trunc("2001:db8:1:2::77"), "2001:db8:1::/48");
        assert_eq!(trunc("::ffff:192.0.2.77"), "192.0.2.0/24");
    }

    #[test]
    fn a_keyed_address_depends_on_the_key_and_on_every_bit() {
        let of = |key: u8, address: &str| Source::keyed(&[key; 32], address.parse().unwrap());

        assert!(of(1, "192.0.2.77") == of(1, "::ffff:192.0.2.77"));
        assert!(of(1, "192.0.2.77") != of(1, "192.0.2.78"));
        assert!(of(1, "192.0.2.77") != of(2, "192.0.2.77"));
    }
}

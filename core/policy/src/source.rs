//! Where guesses come from: one machine, or its neighbourhood.

use std::net::IpAddr;

/// An address as far as its owner cannot change it at will: a whole IPv4 address, or an IPv6 /64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Machine([u8; 16]);

/// A network that is often one owner's: an IPv4 /24, or an IPv6 /48.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Network([u8; 16]);

impl From<IpAddr> for Machine {
    fn from(address: IpAddr) -> Self {
        Self(keep(address, 128, 64))
    }
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(keep(address, 120, 48))
    }
}

/// The first bits of an address in IPv6 form, where an IPv4 address is the last 32 of 128.
fn keep(address: IpAddr, of_v4: u32, of_v6: u32) -> [u8; 16] {
    let (v6, bits) = match address.to_canonical() {
        IpAddr::V4(v4) => (v4.to_ipv6_mapped(), of_v4),
        IpAddr::V6(v6) => (v6, of_v6),
    };
    let mask = u128::MAX << (128 - bits);
    (v6.to_bits() & mask).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(text: &str) -> Machine {
        text.parse::<IpAddr>().unwrap().into()
    }

    fn network(text: &str) -> Network {
        text.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn an_ipv4_machine_is_an_address_and_its_network_a_24() {
        assert!(machine("192.0.2.1") != machine("192.0.2.2"));
        assert!(machine("192.0.2.1") == machine("::ffff:192.0.2.1"));
        assert!(network("192.0.2.1") == network("192.0.2.254"));
        assert!(network("192.0.2.1") != network("192.0.3.1"));
    }

    #[test]
    fn an_ipv6_machine_is_a_64_and_its_network_a_48() {
        assert!(machine("2001:db8:1:2::1") == machine("2001:db8:1:2::2"));
        assert!(machine("2001:db8:1:2::1") != machine("2001:db8:1:3::1"));
        assert!(network("2001:db8:1:2::1") == network("2001:db8:1:3::1"));
        assert!(network("2001:db8:1::1") != network("2001:db8:2::1"));
    }
}

//! What the media shell is told by the configuration.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::sockets::outward_addresses;
use crate::Config;

/// Where media is served, and by how many threads.
pub(super) struct Setup {
    pub(super) bind: IpAddr,
    /// UDP and TCP. 0: any that is free for both.
    pub(super) port: u16,
    /// How clients reach this machine; not empty.
    pub(super) advertise: Vec<IpAddr>,
    /// Owner threads, at least one.
    pub(super) threads: usize,
    /// Its candidates are filled in when the port is bound.
    pub(super) shard: conclave_sfu::Config,
}

impl From<&Config> for Setup {
    fn from(config: &Config) -> Self {
        let advertise = match &config.media.advertise {
            given if !given.is_empty() => given.clone(),
            _ if config.dev => vec![Ipv4Addr::LOCALHOST.into()],
            _ => outward_addresses(),
        };
        let threads = match config.media.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            given => given,
        };
        Self {
            bind: bind_address(config.dev, &advertise),
            port: config.media.port,
            advertise,
            threads,
            shard: conclave_sfu::Config {
                max_rooms: config.limits.meetings,
                max_participants_per_room: config.limits.participants,
                ..conclave_sfu::Config::default()
            },
        }
    }
}

/// Every address of the families that clients are told of; on a developer's machine, none that
/// others reach.
fn bind_address(dev: bool, advertise: &[IpAddr]) -> IpAddr {
    if dev || advertise.iter().all(IpAddr::is_loopback) {
        return Ipv4Addr::LOCALHOST.into();
    }
    if advertise.iter().any(IpAddr::is_ipv6) {
        return Ipv6Addr::UNSPECIFIED.into();
    }
    Ipv4Addr::UNSPECIFIED.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_development_server_is_heard_on_loopback_only() {
        let config = Config {
            dev: true,
            ..Config::default()
        };

        let setup = Setup::from(&config);

        assert!(setup.bind.is_loopback());
        assert!(setup.advertise.iter().all(IpAddr::is_loopback));
        assert!(setup.threads > 0);
    }

    #[test]
    fn an_advertised_ipv6_address_opens_both_families() {
        let advertise: Vec<IpAddr> =
            vec!["192.0.2.1".parse().unwrap(), "2001:db8::1".parse().unwrap()];

        assert_eq!(bind_address(false, &advertise), Ipv6Addr::UNSPECIFIED);
        assert_eq!(bind_address(false, &advertise[..1]), Ipv4Addr::UNSPECIFIED);
    }
}

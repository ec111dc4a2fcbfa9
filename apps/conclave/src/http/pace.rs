//! How fast one machine may ask for changes: a bound on what strangers can make this server write.
//!
//! Guessing has narrower bounds of its own, in policy. This one keeps refusals, each of which is
//! recorded, from filling the disk.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::problem::TOO_MANY_REQUESTS;
use super::source;
use crate::app::App;

/// The requests of late, by machine.
pub(crate) struct Pace {
    machines: DefaultKeyedRateLimiter<IpAddr>,
}

impl Pace {
    pub(crate) fn new(per_second: NonZeroU32) -> Self {
        let burst = per_second.saturating_mul(BURST);
        Self {
            machines: RateLimiter::keyed(Quota::per_second(per_second).allow_burst(burst)),
        }
    }

    pub(crate) fn admits(&self, address: IpAddr) -> bool {
        if self.machines.len() > MOST_MACHINES {
            self.machines.retain_recent();
        }
        self.machines.check_key(&machine(address)).is_ok()
    }
}

/// Asking for what is there is free: it writes nothing.
pub(super) async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    let asks = matches!(*request.method(), Method::GET | Method::HEAD);
    let address = source::address(&request, &app.config.trusted_proxies);
    if asks || address.is_none_or(|address| app.pace.admits(address)) {
        next.run(request).await
    } else {
        TOO_MANY_REQUESTS.into_response()
    }
}

/// What its owner can't change at will: an IPv4 address, or the /64 of an IPv6 one.
fn machine(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.into(),
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64)).into(),
    }
}

/// Seconds' worth of requests that may come at once: a clinic's staff behind one address at nine o'clock.
const BURST: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");
/// Machines that are remembered before those that were quiet are forgotten.
const MOST_MACHINES: usize = 100_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_a_flood_does_not() {
        let pace = Pace::new(NonZeroU32::MIN);
        let address = "192.0.2.1".parse().unwrap();

        let admitted = (0..100).filter(|_| pace.admits(address)).count();

        assert!((10..15).contains(&admitted), "{admitted}");
        assert!(pace.admits("192.0.2.2".parse().unwrap()));
    }

    #[test]
    fn addresses_of_one_ipv6_network_share_their_pace() {
        let pace = Pace::new(NonZeroU32::MIN);

        let admitted = (0..100_u16)
            .filter(|last| pace.admits(format!("2001:db8::{last:x}").parse().unwrap()))
            .count();

        assert!((10..15).contains(&admitted), "{admitted}");
    }
}

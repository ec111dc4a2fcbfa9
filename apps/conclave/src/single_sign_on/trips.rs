//! Browsers that went to the identity provider and come back: kept in memory, for minutes, as many as fit.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use conclave_policy::source::Network;
use conclave_protocol::personal::DisplayName;
use conclave_protocol::{AccountId, Timestamp};
use conclave_store::TokenHash;

/// Who is under way, by the hash of the state that comes back with them (RFC 6749, 4.1.1).
#[derive(Default)]
pub(crate) struct Trips(Mutex<BTreeMap<TokenHash, Trip>>);

/// One journey.
pub(crate) struct Trip {
    /// Of the cookie of the browser that left.
    pub(crate) browser: TokenHash,
    /// What people of one network share: beyond its share of trips its own oldest is forgotten, and nobody else's.
    pub(crate) network: Network,
    pub(crate) begun_at: Timestamp,
    pub(crate) nonce: String,
    /// Of RFC 7636: the provider knows its hash.
    pub(crate) verifier: String,
    pub(crate) purpose: Purpose,
}

/// What for.
#[derive(Clone)]
pub(crate) enum Purpose {
    SignIn,
    /// To prove again who sits there.
    StepUp(AccountId),
    /// To sign in by it from then on: by whoever is signed in there, in that session still.
    Connect {
        account: AccountId,
        session: TokenHash,
    },
    /// In place of a password.
    Accept {
        invitation: TokenHash,
        display_name: DisplayName,
    },
}

/// Longer than it takes to find the telephone that the provider wants to see.
pub(crate) const LIFETIME: Duration = Duration::from_secs(10 * 60);
/// At one time. Each holds less than a kilobyte.
const MOST: usize = 16_384;
/// Of one network: a hospital's staff behind one address at nine o'clock.
const MOST_OF_NETWORK: usize = 512;

impl Trips {
    pub(crate) fn begin(&self, state: TokenHash, trip: Trip) {
        let mut trips = self.lock();
        let (network, now) = (trip.network, trip.begun_at);
        trips.retain(|_, trip| now.since(trip.begun_at) < LIFETIME);
        let of_network = trips.values().filter(|trip| trip.network == network);
        if of_network.count() >= MOST_OF_NETWORK {
            forget_oldest(&mut trips, |trip| trip.network == network);
        } else if trips.len() >= MOST {
            forget_oldest(&mut trips, |_| true);
        }
        trips.insert(state, trip);
    }

    /// Ends it, whoever comes: nobody comes back with a state a second time.
    pub(crate) fn end(
        &self,
        state: TokenHash,
        browser: Option<TokenHash>,
        now: Timestamp,
    ) -> Option<Trip> {
        let trip = self.lock().remove(&state)?;
        let is_theirs = browser == Some(trip.browser) && now.since(trip.begun_at) < LIFETIME;
        is_theirs.then_some(trip)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<TokenHash, Trip>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn forget_oldest(trips: &mut BTreeMap<TokenHash, Trip>, which: impl Fn(&Trip) -> bool) {
    let of_those = trips.iter().filter(|(_, trip)| which(trip));
    let oldest = of_those.min_by_key(|(_, trip)| trip.begun_at);
    if let Some(oldest) = oldest.map(|(state, _)| *state) {
        trips.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn hash(n: usize) -> TokenHash {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&n.to_be_bytes());
        TokenHash(bytes)
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(seconds))
    }

    fn trip(network: u8, seconds: u64) -> Trip {
        Trip {
            browser: hash(1),
            network: IpAddr::from([192, 0, network, 7]).into(),
            begun_at: at(seconds),
            nonce: String::new(),
            verifier: String::new(),
            purpose: Purpose::SignIn,
        }
    }

    // Shows: ABUSE-13.
    #[test]
    fn a_state_comes_back_once_in_time_and_to_its_own_browser() {
        let trips = Trips::default();
        for n in 0..3 {
            trips.begin(hash(n), trip(1, 0));
        }

        assert!(trips.end(hash(0), Some(hash(1)), at(599)).is_some());
        assert!(trips.end(hash(0), Some(hash(1)), at(599)).is_none());
        assert!(trips.end(hash(1), Some(hash(2)), at(1)).is_none());
        assert!(trips.end(hash(1), Some(hash(1)), at(1)).is_none());
        assert!(trips.end(hash(2), Some(hash(1)), at(600)).is_none());
    }

    #[test]
    fn a_network_displaces_its_own() {
        let trips = Trips::default();
        trips.begin(hash(0), trip(1, 0));
        for n in 1..=MOST_OF_NETWORK + 1 {
            trips.begin(hash(n), trip(2, 1 + n as u64 / 8));
        }

        let back = |n| trips.end(hash(n), Some(hash(1)), at(1)).is_some();
        assert!(back(0));
        assert!(!back(1));
        assert!(back(2));
    }

    #[test]
    fn a_trip_that_is_over_is_not_kept() {
        let trips = Trips::default();
        trips.begin(hash(0), trip(1, 0));
        trips.begin(hash(1), trip(2, 600));

        assert!(trips.lock().keys().copied().eq([hash(1)]));
    }
}

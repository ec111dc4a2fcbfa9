//! What a browser has begun and comes back with: kept in memory, for minutes, as many as fit.
//!
//! Each network has its share of the places: whoever begins too many pushes out their own.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use conclave_policy::source::Network;
use conclave_protocol::Timestamp;
use conclave_store::TokenHash;

/// Half-done things, by the hash of the secret that comes back with them.
pub(crate) struct Ceremonies<T>(Mutex<Table<T>>);

struct Table<T> {
    begun: BTreeMap<TokenHash, Begun<T>>,
    /// By when they were begun.
    order: BTreeMap<u64, TokenHash>,
    /// So too, for each network.
    networks: BTreeMap<Network, BTreeMap<u64, TokenHash>>,
    next: u64,
}

struct Begun<T> {
    at: Timestamp,
    number: u64,
    from: Network,
    what: T,
}

/// Longer than anybody looks for their telephone.
pub(crate) const LIFETIME: Duration = Duration::from_secs(5 * 60);
/// At one time; beyond it the oldest is forgotten. Each holds about a kilobyte.
const MOST: usize = 16_384;
/// Of one network: a hospital's whole staff may come from one, and a flood fills the table from 32.
const MOST_OF_A_NETWORK: usize = 512;

impl<T> Ceremonies<T> {
    /// An earlier one of the same secret is void.
    pub(crate) fn begin(&self, secret: TokenHash, what: T, at: Timestamp, from: IpAddr) {
        self.lock().begin(secret, what, at, from.into());
    }

    /// Ends it: nobody comes back with it a second time.
    pub(crate) fn take(&self, secret: TokenHash, now: Timestamp) -> Option<T> {
        let begun = self.lock().remove(secret)?;
        (now.since(begun.at) < LIFETIME).then_some(begun.what)
    }

    fn lock(&self) -> MutexGuard<'_, Table<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> Ceremonies<T> {
    /// It goes on.
    pub(crate) fn look(&self, secret: TokenHash, now: Timestamp) -> Option<T> {
        let table = self.lock();
        let begun = table.begun.get(&secret)?;
        (now.since(begun.at) < LIFETIME).then(|| begun.what.clone())
    }
}

impl<T> Default for Ceremonies<T> {
    fn default() -> Self {
        Self(Mutex::new(Table {
            begun: BTreeMap::new(),
            order: BTreeMap::new(),
            networks: BTreeMap::new(),
            next: 0,
        }))
    }
}

impl<T> Table<T> {
    fn begin(&mut self, secret: TokenHash, what: T, at: Timestamp, from: Network) {
        self.remove(secret);
        self.make_room(at, from);
        let number = self.next;
        self.next += 1;
        self.order.insert(number, secret);
        self.networks
            .entry(from)
            .or_default()
            .insert(number, secret);
        let begun = Begun {
            at,
            number,
            from,
            what,
        };
        self.begun.insert(secret, begun);
    }

    fn make_room(&mut self, now: Timestamp, from: Network) {
        while let Some(oldest) = self.oldest() {
            let is_over = |begun: &Begun<T>| now.since(begun.at) >= LIFETIME;
            if self.begun.len() < MOST && !self.begun.get(&oldest).is_some_and(is_over) {
                break;
            }
            self.remove(oldest);
        }
        let own = self.networks.get(&from);
        let crowd = own.filter(|own| own.len() >= MOST_OF_A_NETWORK);
        let oldest = crowd.and_then(|own| own.first_key_value());
        if let Some(oldest) = oldest.map(|(_, secret)| *secret) {
            self.remove(oldest);
        }
    }

    fn oldest(&self) -> Option<TokenHash> {
        self.order.first_key_value().map(|(_, secret)| *secret)
    }

    fn remove(&mut self, secret: TokenHash) -> Option<Begun<T>> {
        let begun = self.begun.remove(&secret)?;
        self.order.remove(&begun.number);
        if let Some(own) = self.networks.get_mut(&begun.from) {
            own.remove(&begun.number);
            if own.is_empty() {
                self.networks.remove(&begun.from);
            }
        }
        Some(begun)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn secret(n: usize) -> TokenHash {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&n.to_be_bytes());
        TokenHash(bytes)
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(seconds))
    }

    fn network(n: usize) -> IpAddr {
        let [.., high, low] = n.to_be_bytes();
        IpAddr::V4(Ipv4Addr::new(198, high, low, 1))
    }

    #[test]
    fn what_was_begun_ends_once_and_in_time() {
        let ceremonies = Ceremonies::default();
        ceremonies.begin(secret(1), "one", at(0), network(0));
        ceremonies.begin(secret(2), "two", at(0), network(0));

        assert_eq!(ceremonies.look(secret(1), at(299)), Some("one"));
        assert_eq!(ceremonies.take(secret(1), at(299)), Some("one"));
        assert_eq!(ceremonies.take(secret(1), at(299)), None);
        assert_eq!(ceremonies.look(secret(2), at(300)), None);
        assert_eq!(ceremonies.take(secret(2), at(300)), None);
    }

    #[test]
    fn the_oldest_makes_room() {
        let ceremonies = Ceremonies::default();
        for n in 0..=MOST {
            ceremonies.begin(secret(n), n, at(u64::from(n > 0)), network(n));
        }

        assert_eq!(ceremonies.look(secret(0), at(1)), None);
        assert_eq!(ceremonies.look(secret(1), at(1)), Some(1));
        assert_eq!(ceremonies.lock().begun.len(), MOST);
    }

    #[test]
    fn a_flood_from_one_network_pushes_out_its_own_alone() {
        let ceremonies = Ceremonies::default();
        ceremonies.begin(secret(0), 0, at(0), network(0));
        for n in 1..=2 * MOST {
            ceremonies.begin(secret(n), n, at(0), network(1));
        }

        assert_eq!(ceremonies.look(secret(0), at(0)), Some(0));
        assert_eq!(ceremonies.lock().begun.len(), MOST_OF_A_NETWORK + 1);
        // What is over makes room before it is missed.
        ceremonies.begin(secret(1), 1, at(300), network(2));
        assert_eq!(ceremonies.lock().begun.len(), 1);
        assert_eq!(ceremonies.lock().networks.len(), 1);
    }
}

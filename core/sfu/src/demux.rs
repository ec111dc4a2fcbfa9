//! Whose a datagram is.
//!
//! STUN requests name their owner by the local user name fragment (RFC 8445, section 7.2.2), all
//! else by the address that such a request came from. A request's fragment is not authenticated
//! here, and its sender's address may be forged: an address therefore stays with its owner as
//! long as that owner's own requests from it go on.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::io::{Datagram, Transport};

/// Finds owners: a connection within a shard, a shard within a server.
pub struct Demux<T> {
    claims: BTreeMap<String, Claim<T>>,
    addresses: BTreeMap<Address, Binding<T>>,
    /// The addresses by their last confirmation.
    oldest: BTreeSet<(Instant, Address)>,
    max_addresses: usize,
    claims_made: u64,
}

type Address = (Transport, SocketAddr);

#[derive(Clone, Copy)]
struct Claim<T> {
    owner: T,
    number: u64,
}

struct Binding<T> {
    claim: Claim<T>,
    ufrag: String,
    confirmed: Instant,
}

impl<T: Copy + Eq> Demux<T> {
    /// Remembers at most `max_addresses`, and forgets the longest unconfirmed first.
    pub fn new(max_addresses: usize) -> Self {
        Self {
            claims: BTreeMap::new(),
            addresses: BTreeMap::new(),
            oldest: BTreeSet::new(),
            max_addresses,
            claims_made: 0,
        }
    }

    /// Requests with this fragment are `owner`'s.
    pub fn claim(&mut self, ufrag: String, owner: T) {
        self.claims_made += 1;
        let number = self.claims_made;
        self.claims.insert(ufrag, Claim { owner, number });
    }

    /// They are nobody's. The owner keeps its addresses while it has other claims (an ICE
    /// restart interrupts no media), but anybody's request takes them over.
    pub fn release(&mut self, ufrag: &str) {
        let Some(released) = self.claims.remove(ufrag) else {
            return;
        };
        if self.claims.values().any(|c| c.owner == released.owner) {
            return;
        }
        let gone = |b: &Binding<T>| b.claim.owner == released.owner;
        self.oldest
            .retain(|(_, a)| self.addresses.get(a).is_some_and(|b| !gone(b)));
        self.addresses.retain(|_, binding| !gone(binding));
    }

    /// `None`: nobody's; drop it.
    pub fn owner(&mut self, now: Instant, datagram: &Datagram<'_>) -> Option<T> {
        let address = (datagram.transport, datagram.remote);
        if !is_stun(datagram.bytes) {
            return self.addresses.get(&address).map(|b| b.claim.owner);
        }
        let ufrag = local_fragment(datagram.bytes)?;
        let claim = *self.claims.get(ufrag)?;
        self.confirm(now, address, ufrag, claim);
        Some(claim.owner)
    }

    /// An ICE-TCP stream ended: its address means nobody.
    pub fn forget(&mut self, transport: Transport, remote: SocketAddr) {
        let address = (transport, remote);
        if let Some(binding) = self.addresses.remove(&address) {
            self.oldest.remove(&(binding.confirmed, address));
        }
    }

    fn confirm(&mut self, now: Instant, address: Address, ufrag: &str, claim: Claim<T>) {
        if let Some(binding) = self.addresses.get(&address) {
            let of_another = binding.claim.number != claim.number;
            if of_another && self.is_held(now, binding) {
                return;
            }
            self.oldest.remove(&(binding.confirmed, address));
        } else if self.addresses.len() >= self.max_addresses {
            self.forget_oldest();
        }
        self.oldest.insert((now, address));
        self.addresses.insert(
            address,
            Binding {
                claim,
                ufrag: ufrag.to_owned(),
                confirmed: now,
            },
        );
    }

    fn is_held(&self, now: Instant, binding: &Binding<T>) -> bool {
        let claimed = self.claims.get(&binding.ufrag);
        claimed.is_some_and(|claim| claim.number == binding.claim.number)
            && now.saturating_duration_since(binding.confirmed) < HOLD
    }

    fn forget_oldest(&mut self) {
        if let Some((_, address)) = self.oldest.pop_first() {
            self.addresses.remove(&address);
        }
    }
}

/// Clients renew their consent at least every 15 seconds (RFC 7675, section 5.1).
const HOLD: Duration = Duration::from_secs(30);

/// RFC 7983, section 7.
fn is_stun(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(0..=3))
}

/// The part before the colon of a binding request's USERNAME: the receiver's fragment.
fn local_fragment(bytes: &[u8]) -> Option<&str> {
    const BINDING_REQUEST: [u8; 2] = [0, 1];
    const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
    const HEADER: usize = 20;
    const USERNAME: u16 = 6;

    if bytes.get(..2)? != BINDING_REQUEST || bytes.get(4..8)? != MAGIC_COOKIE {
        return None;
    }
    let mut attributes = bytes.get(HEADER..)?;
    loop {
        let (kind, rest) = attributes.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes(*length));
        if u16::from_be_bytes(*kind) == USERNAME {
            let name = std::str::from_utf8(rest.get(..length)?).ok()?;
            return name.split_once(':').map(|(local, _)| local);
        }
        attributes = rest.get(length.next_multiple_of(4)..)?;
    }
}

#[cfg(test)]
mod tests;

//! Random bytes from a seed that the owner gives.
//!
//! Each draw replaces the key that it came from, so that whoever reads the memory later learns nothing of what was
//! drawn before (fast key erasure, D. J. Bernstein, 2017): an ended epoch's secrets stay so.

use std::cell::RefCell;
use std::convert::Infallible;

use openmls_traits::random::OpenMlsRand;
use sha2::{Digest as _, Sha512};
use zeroize::{Zeroize as _, Zeroizing};

/// 32 bytes of the operating system's generator; a test's seed makes a test repeatable.
pub struct Seed(pub Zeroizing<[u8; 32]>);

/// A generator. It takes `&self` because openmls does.
pub(crate) struct Entropy(RefCell<Zeroizing<[u8; 32]>>);

impl Entropy {
    pub(crate) fn new(seed: Seed) -> Self {
        Self(RefCell::new(seed.0))
    }

    /// Bytes that nobody can guess.
    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A seed for a generator of its own.
    pub(crate) fn seed(&self) -> Seed {
        Seed(Zeroizing::new(self.bytes()))
    }

    pub(crate) fn fill(&self, bytes: &mut [u8]) {
        let mut key = self.0.borrow_mut();
        for (counter, piece) in (1_u64..).zip(bytes.chunks_mut(BLOCK_BYTES)) {
            let drawn = block(&key, counter);
            piece.copy_from_slice(&drawn[..piece.len()]);
        }
        let next = block(&key, NEXT_KEY);
        let length = key.len();
        key.copy_from_slice(&next[..length]);
    }
}

/// SHA-512 of a secret key and a number: both have a fixed length, so no two inputs look alike.
fn block(key: &[u8; 32], counter: u64) -> Zeroizing<[u8; BLOCK_BYTES]> {
    let mut hash = Sha512::new()
        .chain_update(key)
        .chain_update(counter.to_be_bytes())
        .finalize();
    let block = Zeroizing::new(hash.into());
    hash.as_mut_slice().zeroize();
    block
}

const BLOCK_BYTES: usize = 64;
/// Counters of what is drawn start after it.
const NEXT_KEY: u64 = 0;

impl OpenMlsRand for Entropy {
    type Error = Infallible;

    fn random_array<const N: usize>(&self) -> Result<[u8; N], Infallible> {
        Ok(self.bytes())
    }

    fn random_vec(&self, len: usize) -> Result<Vec<u8>, Infallible> {
        let mut bytes = vec![0; len];
        self.fill(&mut bytes);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entropy() -> Entropy {
        Entropy::new(Seed(Zeroizing::new([3; 32])))
    }

    #[test]
    fn what_is_left_after_a_draw_does_not_tell_what_was_drawn() {
        let entropy = entropy();
        let before = entropy.0.borrow().clone();
        let drawn = entropy.bytes::<32>();
        let left = entropy.0.borrow().clone();
        assert!(*left != *before && *left != drawn);
        let rewound = Entropy::new(Seed(left));
        assert!((0..100).all(|_| rewound.bytes::<32>() != drawn));
    }

    #[test]
    fn no_two_pieces_of_a_draw_are_alike_and_a_seed_repeats_them() {
        let long = entropy().random_vec(200).unwrap();
        let mut pieces: Vec<&[u8]> = long.chunks(20).collect();
        pieces.sort_unstable();
        pieces.dedup();
        assert_eq!(pieces.len(), 10);
        assert_eq!(entropy().random_vec(200).unwrap(), long);
    }
}

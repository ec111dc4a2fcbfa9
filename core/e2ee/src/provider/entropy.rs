//! Random bytes from a seed that the owner gives.

use std::cell::RefCell;
use std::convert::Infallible;

use openmls_traits::random::OpenMlsRand;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use zeroize::Zeroizing;

/// 32 bytes of the operating system's generator; a test's seed makes a test repeatable.
pub struct Seed(pub Zeroizing<[u8; 32]>);

/// A generator. It takes `&self` because openmls does.
pub(crate) struct Entropy(RefCell<ChaCha20Rng>);

impl Entropy {
    pub(crate) fn new(seed: Seed) -> Self {
        Self(RefCell::new(ChaCha20Rng::from_seed(*seed.0)))
    }

    /// Bytes that nobody can guess.
    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.borrow_mut().fill_bytes(&mut bytes);
        bytes
    }

    /// A seed for a generator of its own.
    pub(crate) fn seed(&self) -> Seed {
        Seed(Zeroizing::new(self.bytes()))
    }
}

impl OpenMlsRand for Entropy {
    type Error = Infallible;

    fn random_array<const N: usize>(&self) -> Result<[u8; N], Infallible> {
        Ok(self.bytes())
    }

    fn random_vec(&self, len: usize) -> Result<Vec<u8>, Infallible> {
        let mut bytes = vec![0; len];
        self.0.borrow_mut().fill_bytes(&mut bytes);
        Ok(bytes)
    }
}

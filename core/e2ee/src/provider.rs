//! What openmls needs from its surroundings: primitives, randomness, and a place for private keys.
//!
//! The primitives are those of `openmls_rust_crypto`, but only for our suites. Randomness comes from a
//! generator whose seed is given, with one exception that openmls's provider doesn't let us close: it seeds one of
//! its own from the operating system (the browser's `getrandom`), for the ephemeral keys of HPKE. Nothing here has a
//! clock.

mod crypto;
mod entropy;
mod key_store;

use openmls_traits::OpenMlsProvider;

pub(crate) use crypto::Crypto;
pub(crate) use entropy::Entropy;
pub use entropy::Seed;
use key_store::KeyStore;

/// One group's surroundings. Dropping it forgets the group's private keys.
pub(crate) struct Provider {
    crypto: Crypto,
    entropy: Entropy,
    keys: KeyStore,
}

impl Provider {
    pub(crate) fn new(seed: Seed) -> Self {
        Self {
            crypto: Crypto::default(),
            entropy: Entropy::new(seed),
            keys: KeyStore::default(),
        }
    }
}

impl OpenMlsProvider for Provider {
    type CryptoProvider = Crypto;
    type RandProvider = Entropy;
    type StorageProvider = KeyStore;

    fn storage(&self) -> &KeyStore {
        &self.keys
    }

    fn crypto(&self) -> &Crypto {
        &self.crypto
    }

    fn rand(&self) -> &Entropy {
        &self.entropy
    }
}

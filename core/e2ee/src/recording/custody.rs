//! An organisation's recording key, and the file in which somebody keeps its private part.
//!
//! The file is made where the key is, sealed with a passphrase that its keeper chooses. The server never has it.

use hkdf::Hkdf;
use pbkdf2::pbkdf2_hmac;
use sha2::Sha512;
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};
use zeroize::Zeroizing;

use crate::hpke::{self, KeyPair, PUBLIC_KEY_BYTES};
use crate::once;
use crate::provider::{Entropy, Seed};

/// Opens what is sealed to it. Has no printable form; the secret is overwritten when it goes.
pub struct RecordingKeys {
    secret: Zeroizing<[u8; 32]>,
    pub(super) pair: KeyPair,
}

/// What the keeper of a file knows. Has no printable form.
pub struct Passphrase(Zeroizing<String>);

/// Fewer than 12 characters, or more than 128.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a passphrase has 12 to 128 characters")]
pub struct NotAPassphrase;

/// Another passphrase, or a file that is none, or that was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file does not open")]
pub struct NotOpened;

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Wire {
    format: u8,
    rounds: u32,
    salt: [u8; 16],
    /// SHA-256 of the public key.
    name: [u8; 32],
    secret: VLBytes,
}

impl RecordingKeys {
    pub fn generate(seed: Seed) -> Self {
        Self::of(Zeroizing::new(Entropy::new(seed).bytes()))
    }

    fn of(secret: Zeroizing<[u8; 32]>) -> Self {
        let mut material = Zeroizing::new([0; 64]);
        Hkdf::<Sha512>::new(None, secret.as_slice())
            .expand_multi_info(&[KEY], &mut *material)
            .expect("64 bytes are one block of SHA-512");
        Self {
            pair: KeyPair::derive(&material),
            secret,
        }
    }

    /// For whoever seals.
    #[must_use]
    pub fn public(&self) -> &[u8] {
        &self.pair.public
    }

    /// By which people tell it from another.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        hpke::name(&self.pair.public)
    }

    /// A file for one keeper.
    pub fn seal(&self, passphrase: &Passphrase, seed: Seed) -> Vec<u8> {
        self.seal_by(passphrase, ROUNDS, seed)
    }

    fn seal_by(&self, passphrase: &Passphrase, rounds: u32, seed: Seed) -> Vec<u8> {
        let mut wire = Wire {
            format: FORMAT,
            rounds,
            salt: Entropy::new(seed).bytes(),
            name: self.fingerprint(),
            secret: Vec::<u8>::new().into(),
        };
        // The salt is another for each file, and so is the key.
        let sealed = once::seal(&wire.key(passphrase), &wire.bound(), self.secret.as_slice());
        wire.secret = sealed.into();
        wire.tls_serialize_detached()
            .expect("a file is far shorter than the codec's bounds")
    }

    /// Takes as long as a guess would.
    pub fn open(file: &[u8], passphrase: &Passphrase) -> Result<Self, NotOpened> {
        if file.len() > MOST_FILE_BYTES {
            return Err(NotOpened);
        }
        let wire = Wire::tls_deserialize_exact_bytes(file).map_err(|_| NotOpened)?;
        let is_sound = wire.format == FORMAT && (LEAST_ROUNDS..=MOST_ROUNDS).contains(&wire.rounds);
        is_sound.then_some(()).ok_or(NotOpened)?;
        let key = wire.key(passphrase);
        let opened = once::open(&key, &wire.bound(), wire.secret.as_slice()).ok_or(NotOpened)?;
        let secret: &[u8; 32] = opened.as_slice().try_into().map_err(|_| NotOpened)?;
        let keys = Self::of(Zeroizing::new(*secret));
        let is_named = keys.fingerprint() == wire.name;
        is_named.then_some(keys).ok_or(NotOpened)
    }
}

impl Passphrase {
    pub fn read(typed: &str) -> Result<Self, NotAPassphrase> {
        let length = typed.chars().count();
        (LEAST_CHARACTERS..=MOST_CHARACTERS)
            .contains(&length)
            .then(|| Self(Zeroizing::new(typed.to_owned())))
            .ok_or(NotAPassphrase)
    }
}

impl Wire {
    fn key(&self, passphrase: &Passphrase) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        pbkdf2_hmac::<Sha512>(passphrase.0.as_bytes(), &self.salt, self.rounds, &mut *key);
        key
    }

    fn bound(&self) -> Vec<u8> {
        let rounds = self.rounds.to_be_bytes();
        [FILE, &[self.format], &rounds, &self.salt, &self.name].concat()
    }
}

/// The name of a public key that others gave. `None` where it is none.
pub fn fingerprint(public: &[u8]) -> Option<[u8; 32]> {
    (public.len() == PUBLIC_KEY_BYTES).then(|| hpke::name(public))
}

/// Of PBKDF2 with HMAC-SHA-512: some seconds in a browser.
const ROUNDS: u32 = 600_000;
/// OWASP's least; fewer makes guessing cheap.
const LEAST_ROUNDS: u32 = 210_000;
/// More keeps whoever opens a strange file waiting.
const MOST_ROUNDS: u32 = 5_000_000;
const LEAST_CHARACTERS: usize = 12;
const MOST_CHARACTERS: usize = 128;
const MOST_FILE_BYTES: usize = 512;
const FORMAT: u8 = 1;
const KEY: &[u8] = b"conclave recording key 1";
const FILE: &[u8] = b"conclave recording key file 1";

#[cfg(test)]
mod tests {
    use super::*;

    fn seed(number: u8) -> Seed {
        Seed([number; 32].into())
    }

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::read(text).unwrap()
    }

    // Shows: REQ-CR-11.
    #[test]
    fn a_file_opens_by_its_passphrase_alone_and_only_as_it_was_made() {
        let keys = RecordingKeys::generate(seed(1));
        let right = passphrase("four quiet lanterns");
        let file = keys.seal_by(&right, LEAST_ROUNDS, seed(2));

        let opened = RecordingKeys::open(&file, &right).unwrap();
        assert_eq!(opened.public(), keys.public());
        assert_eq!(fingerprint(keys.public()), Some(opened.fingerprint()));
        let wrong = passphrase("four quiet lantern");
        assert!(RecordingKeys::open(&file, &wrong).is_err());
        for at in [0, file.len() / 2, file.len() - 1] {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(RecordingKeys::open(&changed, &right).is_err(), "{at}");
        }
        assert!(RecordingKeys::open(&file[..file.len() - 1], &right).is_err());
        // What stands in it is not the key.
        let holds = |secret: &[u8]| file.windows(32).any(|window| window == secret);
        assert!(!holds(keys.secret.as_slice()));
    }

    #[test]
    fn a_file_that_asks_for_too_much_or_too_little_work_is_none() {
        let keys = RecordingKeys::generate(seed(1));
        let right = passphrase("four quiet lanterns");
        let cheap = keys.seal_by(&right, 1, seed(2));

        assert!(RecordingKeys::open(&cheap, &right).is_err());
        let mut dear = cheap;
        dear[1..5].copy_from_slice(&u32::MAX.to_be_bytes());
        assert!(RecordingKeys::open(&dear, &right).is_err());
    }

    #[test]
    fn a_passphrase_is_long() {
        for text in ["", "eleven char", &"x".repeat(129)] {
            assert!(Passphrase::read(text).is_err(), "{text}");
        }
        assert!(Passphrase::read(&"ü".repeat(12)).is_ok());
    }
}

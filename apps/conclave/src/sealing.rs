//! Small secrets at rest: AES-256-GCM under a key of this installation, bound to where they lie.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::installation_key::InstallationKey;
use crate::secret::{self, NoRandomness};

/// Seals what this server must read again. Clones share the key.
#[derive(Clone)]
pub(crate) struct Sealing(InstallationKey);

/// Where a secret lies: a sealed one opens nowhere else.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) column: &'static str,
    pub(crate) row: Uuid,
}

/// Damaged, moved, or sealed by another installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed secret does not open")]
pub(crate) struct Unopened;

/// In the data directory. Without it, the authenticator programs of all accounts are of no use.
pub(crate) const KEY_FILE: &str = "seal.key";

impl Sealing {
    pub(crate) fn new(key: InstallationKey) -> Self {
        Self(key)
    }

    /// The version, a nonce, then what AES-256-GCM makes of the secret.
    pub(crate) fn seal(&self, secret: &[u8], place: Place) -> Result<Vec<u8>, NoRandomness> {
        let nonce: [u8; NONCE_LEN] = secret::random()?;
        let mut sealed = secret.to_vec();
        self.key(place)
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                place.bound(),
                &mut sealed,
            )
            .map_err(|_| NoRandomness)?;
        Ok([&[VERSION][..], &nonce, &sealed].concat())
    }

    pub(crate) fn open(&self, sealed: &[u8], place: Place) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let (version, rest) = sealed.split_first().ok_or(Unopened)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_LEN>().ok_or(Unopened)?;
        if *version != VERSION {
            return Err(Unopened);
        }
        let mut opened = Zeroizing::new(rest.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = self
            .key(place)
            .open_in_place(nonce, place.bound(), &mut opened)
            .map_err(|_| Unopened)?
            .len();
        opened.truncate(length);
        Ok(opened)
    }

    /// A key for each row, so that 96 random bits of nonce are enough (NIST SP 800-38D, 8.3).
    fn key(&self, place: Place) -> LessSafeKey {
        let key = Zeroizing::new(self.0.derive(place.column, &[place.row.as_bytes()]));
        let key = UnboundKey::new(&AES_256_GCM, key.as_slice());
        LessSafeKey::new(key.expect("the key has the length of AES-256's"))
    }
}

impl Place {
    fn bound(self) -> Aad<Vec<u8>> {
        Aad::from([self.column.as_bytes(), &[0], self.row.as_bytes()].concat())
    }
}

const VERSION: u8 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place = Place {
        column: "account_totp.sealed",
        row: Uuid::from_u128(1),
    };

    fn sealing() -> Sealing {
        Sealing::new([7; 32].into())
    }

    #[test]
    fn a_secret_opens_where_it_was_sealed() {
        let sealed = sealing().seal(b"twenty bytes of seed", HERE).unwrap();

        let opened = sealing().open(&sealed, HERE).unwrap();

        assert_eq!(opened.as_slice(), b"twenty bytes of seed");
        assert!(!sealed.windows(6).any(|part| part == b"twenty"));
    }

    #[test]
    fn a_secret_that_was_moved_or_damaged_does_not_open() {
        let sealed = sealing().seal(b"secret", HERE).unwrap();
        let row = Uuid::from_u128(2);
        let column = "another";

        assert_eq!(
            sealing().open(&sealed, Place { row, ..HERE }).err(),
            Some(Unopened)
        );
        assert_eq!(
            sealing().open(&sealed, Place { column, ..HERE }).err(),
            Some(Unopened)
        );
        let other = Sealing::new([8; 32].into());
        assert_eq!(other.open(&sealed, HERE).err(), Some(Unopened));
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert_eq!(sealing().open(&damaged, HERE).err(), Some(Unopened), "{at}");
        }
        assert_eq!(sealing().open(&[], HERE).err(), Some(Unopened));
    }
}

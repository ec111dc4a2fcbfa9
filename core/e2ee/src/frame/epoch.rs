//! The keys of one MLS epoch: each sender's own, all from one secret
//! (RFC 9605, sections 4.4.2 and 5.2).

use hkdf::Hkdf;
use sha2::Sha512;
use zeroize::{Zeroize, Zeroizing};

use super::cipher::{Cipher, KEY_BYTES, SALT_BYTES};

/// What every member of the group can derive in this epoch, and nobody else.
///
/// It is wiped when it is dropped, and can't be printed.
#[derive(Clone)]
pub struct EpochKeys {
    epoch: u64,
    /// `sframe_secret`.
    secret: Zeroizing<[u8; SECRET_BYTES]>,
}

/// `MLS-Exporter("SFrame 1.0 Base Key", "", 32)`.
pub type BaseKey = Zeroizing<[u8; KEY_BYTES]>;

impl EpochKeys {
    pub fn new(epoch: u64, base_key: &BaseKey) -> Self {
        Self::extract(epoch, base_key.as_slice())
    }

    /// The group's epoch, counted by MLS.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    pub(super) fn extract(epoch: u64, base_key: &[u8]) -> Self {
        let (mut prk, _) = Hkdf::<Sha512>::extract(None, base_key);
        let secret = Zeroizing::new(prk.into());
        prk.as_mut_slice().zeroize();
        Self { epoch, secret }
    }

    /// Keys for something other than media, which media's keys say nothing about.
    pub(super) fn under(&self, label: &str) -> Self {
        let mut base_key = BaseKey::default();
        let info = [LABELLED, label.as_bytes()];
        self.expand(&info, base_key.as_mut_slice());
        Self::new(self.epoch, &base_key)
    }

    pub(super) fn cipher(&self, key_id: u64) -> Cipher {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        let mut salt = Zeroizing::new([0; SALT_BYTES]);
        let of = (key_id.to_be_bytes(), SUITE.to_be_bytes());
        self.expand(&[KEY_LABEL, &of.0, &of.1], key.as_mut_slice());
        self.expand(&[SALT_LABEL, &of.0, &of.1], salt.as_mut_slice());
        Cipher::new(&key, salt)
    }

    fn expand(&self, info: &[&[u8]], out: &mut [u8]) {
        Hkdf::<Sha512>::from_prk(self.secret.as_slice())
            .expect("a secret is as long as a hash")
            .expand_multi_info(info, out)
            .expect("a key is shorter than 255 hashes");
    }
}

/// `AES_256_GCM_SHA512`.
const SUITE: u16 = 0x0005;
/// Nh of SHA-512.
const SECRET_BYTES: usize = 64;
const KEY_LABEL: &[u8] = b"SFrame 1.0 Secret key ";
const SALT_LABEL: &[u8] = b"SFrame 1.0 Secret salt ";
/// Ours; no label of the RFC begins so.
const LABELLED: &[u8] = b"Conclave 1.0 Base Key ";

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::header::Header;
    use super::*;

    /// Does not compile once keys can be printed: both traits would answer.
    const _: fn() = || {
        struct Printable;
        trait CannotBePrinted<Or> {
            fn holds() {}
        }
        impl<T> CannotBePrinted<()> for T {}
        impl<T: std::fmt::Debug> CannotBePrinted<Printable> for T {}
        <EpochKeys as CannotBePrinted<_>>::holds();
    };

    #[test]
    fn headers_are_those_of_the_rfc() {
        let vectors = include_str!("../../tests/vectors/rfc9605-headers.txt");
        let lines: Vec<&str> = vectors
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect();
        assert_eq!(lines.len(), 289);
        for line in lines {
            let fields: Vec<&str> = line.split(' ').collect();
            let header = Header {
                key_id: fields[0].parse().unwrap(),
                counter: fields[1].parse().unwrap(),
            };
            let mut written = Vec::new();
            header.write(&mut written);
            assert_eq!(written, bytes(fields[2]));
            assert_eq!(Header::split(&written), Some((header, &*written, &[][..])));
        }
    }

    #[test]
    fn keys_and_frames_are_those_of_the_rfc() {
        let vector = aead_vector();
        let header = Header {
            key_id: vector["kid"].parse().unwrap(),
            counter: vector["ctr"].parse().unwrap(),
        };
        let keys = EpochKeys::extract(0, &bytes(vector["base_key"]));
        assert_eq!(keys.secret.as_slice(), bytes(vector["sframe_secret"]));
        let mut aad = Vec::new();
        header.write(&mut aad);
        let mut frame = aad.clone();
        let start = frame.len();
        aad.extend(bytes(vector["metadata"]));
        assert_eq!(aad, bytes(vector["aad"]));

        let cipher = keys.cipher(header.key_id);
        frame.extend(bytes(vector["pt"]));
        cipher
            .seal(header.counter, &aad, &mut frame, start)
            .unwrap();
        assert_eq!(frame, bytes(vector["ct"]));
        cipher
            .open(header.counter, &aad, &mut frame, start)
            .unwrap();
        assert_eq!(frame[start..], bytes(vector["pt"]));
    }

    #[test]
    fn another_key_id_is_another_key() {
        let keys = EpochKeys::new(1, &Zeroizing::new([7; 32]));
        let sealed = |cipher: Cipher| {
            let mut out = vec![0; 8];
            cipher.seal(0, &[], &mut out, 0).unwrap();
            out
        };

        let frames = [
            sealed(keys.cipher(1)),
            sealed(keys.cipher(2)),
            sealed(keys.under("chat").cipher(1)),
            sealed(keys.under("file").cipher(1)),
        ];

        for (at, frame) in frames.iter().enumerate() {
            assert!(!frames[..at].contains(frame));
        }
    }

    fn aead_vector() -> BTreeMap<&'static str, &'static str> {
        let vector = include_str!("../../tests/vectors/rfc9605-aes-256-gcm-sha512.txt");
        let lines = vector.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.split_once(' ').unwrap()).collect()
    }

    fn bytes(hex: &str) -> Vec<u8> {
        let pairs = hex.as_bytes().chunks(2);
        let pairs = pairs.map(|pair| std::str::from_utf8(pair).unwrap());
        pairs
            .map(|pair| u8::from_str_radix(pair, 16).unwrap())
            .collect()
    }
}

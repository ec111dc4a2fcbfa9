//! An enrolled computer's keys, and what is sealed to them: what lets a technician in where nobody sits.
//!
//! # Security
//!
//! A session's link, and the name and password of an administrator of that computer, go through a server that must not read
//! them. They are sealed to the computer alone, and bound to it, to its service as it runs, to one session and one try: what
//! was seen before, or is for another, does not open. All that is sealed is as long as the longest, so that its length says
//! nothing of a password.

use hkdf::Hkdf;
use openmls_traits::types::HpkeCiphertext;
use sha2::{Digest as _, Sha256, Sha512};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};
use zeroize::Zeroizing;

use crate::account::AccountKey;
use crate::hpke::{self, KeyPair};
use crate::provider::{Entropy, Seed};

/// The secret that both keys of a computer are made from. Has no printable form; it is overwritten when it goes.
pub struct ComputerKeys(Zeroizing<[u8; 32]>);

/// Its public keys, as the server keeps them.
#[derive(Clone, PartialEq, Eq)]
pub struct ComputerPublic {
    pub signing: [u8; 32],
    pub sealing: Vec<u8>,
}

/// What something is sealed for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Occasion {
    pub computer: [u8; 16],
    /// Drawn as the computer's service started.
    pub run: [u8; 16],
    pub session: [u8; 16],
    /// From 1 on.
    pub attempt: u8,
}

/// What lets a technician in. Has no printable form; it is overwritten when it goes.
pub struct Admittance {
    /// Of the session, as it is given to people.
    pub link: Zeroizing<String>,
    /// Of an administrator of the computer.
    pub name: Zeroizing<String>,
    pub password: Zeroizing<String>,
}

/// It is longer than any that people have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name, a password or a link is too long")]
pub struct TooLong;

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Content {
    link: VLBytes,
    name: VLBytes,
    password: VLBytes,
}

/// Of what is sealed, in bytes, with what fills it up.
const CONTENT: usize = 1_024;
/// Of a link, in bytes.
const LONGEST_LINK: usize = 512;
/// Of a name and of a password, in bytes: what PAM takes at the most (`PAM_MAX_RESP_SIZE` is 512).
const LONGEST_WORD: usize = 240;
const SECRET: usize = 32;
const INFO: &[u8] = b"conclave computer 1";
const HPKE: &[u8] = b"conclave computer hpke 1";
const SIGNING: &[u8] = b"conclave computer signing 1";

impl ComputerKeys {
    #[must_use]
    pub fn generate(seed: Seed) -> Self {
        Self(Zeroizing::new(Entropy::new(seed).bytes()))
    }

    /// Reads what [`Self::to_bytes`] wrote. `None`: it is of another length.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let secret: [u8; SECRET] = bytes.try_into().ok()?;
        Some(Self(Zeroizing::new(secret)))
    }

    /// For a file that only the computer's root reads.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.to_vec())
    }

    #[must_use]
    pub fn public(&self) -> ComputerPublic {
        ComputerPublic {
            signing: self.signer().public(),
            sealing: self.hpke().public,
        }
    }

    /// Ed25519.
    #[must_use]
    pub fn sign(&self, content: &[u8]) -> [u8; 64] {
        self.signer().sign(content)
    }

    /// `None` for what was changed, is for another occasion, or for another computer: they look alike.
    #[must_use]
    pub fn open(&self, occasion: &Occasion, sealed: &[u8]) -> Option<Admittance> {
        let sealed = HpkeCiphertext::tls_deserialize_exact_bytes(sealed).ok()?;
        let opened = self.hpke().open(INFO, &occasion.bound(), &sealed)?;
        read(&opened)
    }

    fn hpke(&self) -> KeyPair {
        let mut material = Zeroizing::new([0; 64]);
        self.expand(HPKE, &mut *material);
        KeyPair::derive(&material)
    }

    fn signer(&self) -> AccountKey {
        let mut secret = Zeroizing::new([0; SECRET]);
        self.expand(SIGNING, &mut *secret);
        AccountKey::from_secret(&secret)
    }

    /// HKDF-SHA-512 (RFC 5869): one key says nothing about the other.
    fn expand(&self, info: &[u8], out: &mut [u8]) {
        Hkdf::<Sha512>::new(None, self.0.as_slice())
            .expand(info, out)
            .expect("a key is shorter than 255 hashes");
    }
}

impl ComputerPublic {
    /// What people compare: SHA-256 of both keys.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        let hash = Sha256::new().chain_update(self.signing);
        hash.chain_update(&self.sealing).finalize().into()
    }

    /// `Ok(None)` where the key is none.
    pub fn seal(
        &self,
        occasion: &Occasion,
        admittance: &Admittance,
    ) -> Result<Option<Vec<u8>>, TooLong> {
        let content = write(admittance).ok_or(TooLong)?;
        let sealed = hpke::seal(&self.sealing, INFO, &occasion.bound(), &content);
        let sealed = sealed.map(|sealed| sealed.tls_serialize_detached());
        Ok(sealed.and_then(Result::ok))
    }
}

impl Occasion {
    fn bound(&self) -> Vec<u8> {
        let ids = [self.computer, self.run, self.session];
        [ids.concat().as_slice(), &[self.attempt]].concat()
    }
}

/// Filled up with zeros.
fn write(admittance: &Admittance) -> Option<Zeroizing<Vec<u8>>> {
    let Admittance {
        link,
        name,
        password,
    } = admittance;
    let fits = link.len() <= LONGEST_LINK && name.len().max(password.len()) <= LONGEST_WORD;
    let content = Content {
        link: link.as_bytes().to_vec().into(),
        name: name.as_bytes().to_vec().into(),
        password: password.as_bytes().to_vec().into(),
    };
    let mut bytes = Zeroizing::new(Vec::with_capacity(CONTENT));
    content.tls_serialize(&mut *bytes).ok()?;
    overwrite(content);
    (fits && bytes.len() <= CONTENT).then(|| {
        bytes.resize(CONTENT, 0);
        bytes
    })
}

fn read(bytes: &[u8]) -> Option<Admittance> {
    let (content, rest) = Content::tls_deserialize_bytes(bytes).ok()?;
    let is_filled_up = bytes.len() == CONTENT && rest.iter().all(|byte| *byte == 0);
    let [link, name, password] = overwrite(content);
    let text = |bytes: Zeroizing<Vec<u8>>| {
        let text = std::str::from_utf8(&bytes).ok()?;
        Some(Zeroizing::new(text.to_owned()))
    };
    let admittance = Admittance {
        link: text(link)?,
        name: text(name)?,
        password: text(password)?,
    };
    is_filled_up.then_some(admittance)
}

/// What it holds, in memory that is overwritten.
fn overwrite(content: Content) -> [Zeroizing<Vec<u8>>; 3] {
    let Content {
        link,
        name,
        password,
    } = content;
    [link, name, password].map(|bytes| Zeroizing::new(bytes.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(number: u8) -> ComputerKeys {
        ComputerKeys::generate(Seed(Zeroizing::new([number; 32])))
    }

    fn occasion() -> Occasion {
        Occasion {
            computer: [1; 16],
            run: [2; 16],
            session: [3; 16],
            attempt: 1,
        }
    }

    fn admittance(password: &str) -> Admittance {
        let text = |text: &str| Zeroizing::new(text.to_owned());
        Admittance {
            link: text("https://meet.example/j/123-456-789#c2VjcmV0.aG9zdA"),
            name: text("techadmin"),
            password: text(password),
        }
    }

    fn sealed(password: &str) -> Vec<u8> {
        let sealed = keys(1).public().seal(&occasion(), &admittance(password));
        sealed.unwrap().unwrap()
    }

    // Shows: REQ-AC-25.
    #[test]
    fn only_the_computer_reads_what_was_typed_for_it() {
        let sealed = sealed("correct horse");

        let opened = keys(1).open(&occasion(), &sealed).unwrap();

        assert_eq!(opened.name.as_str(), "techadmin");
        assert_eq!(opened.password.as_str(), "correct horse");
        assert!(keys(2).open(&occasion(), &sealed).is_none());
        for word in [&b"techadmin"[..], b"horse", b"meet.example"] {
            let holds = sealed.windows(word.len()).any(|shown| shown == word);
            assert!(!holds);
        }
    }

    // Shows: REQ-AC-25.
    #[test]
    fn what_is_for_another_computer_run_session_or_try_does_not_open() {
        let sealed = sealed("correct horse");
        let right = occasion();
        for wrong in [
            Occasion {
                computer: [9; 16],
                ..right
            },
            Occasion {
                run: [9; 16],
                ..right
            },
            Occasion {
                session: [9; 16],
                ..right
            },
            Occasion {
                attempt: 2,
                ..right
            },
        ] {
            assert!(keys(1).open(&wrong, &sealed).is_none());
        }
    }

    #[test]
    fn each_bit_counts_and_the_length_says_nothing() {
        let short = sealed("x");
        for at in (0..short.len()).step_by(37) {
            let mut forged = short.clone();
            forged[at] ^= 1;
            assert!(keys(1).open(&occasion(), &forged).is_none(), "byte {at}");
            assert!(keys(1).open(&occasion(), &short[..at]).is_none());
        }
        assert_eq!(sealed(&"x".repeat(LONGEST_WORD)).len(), short.len());
        let beyond = admittance(&"x".repeat(LONGEST_WORD + 1));
        let refused = keys(1).public().seal(&occasion(), &beyond);
        assert_eq!(refused.err(), Some(TooLong));
    }

    #[test]
    fn keys_that_were_kept_are_the_same_keys() {
        let kept = ComputerKeys::from_bytes(&keys(1).to_bytes()).unwrap();

        assert!(kept.public() == keys(1).public() && kept.public() != keys(2).public());
        assert_eq!(kept.sign(b"line"), keys(1).sign(b"line"));
        assert_eq!(kept.public().sealing.len(), hpke::PUBLIC_KEY_BYTES);
        assert_ne!(kept.public().fingerprint(), keys(2).public().fingerprint());
        assert!(ComputerKeys::from_bytes(&[1; 31]).is_none());
    }
}

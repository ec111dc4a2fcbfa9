//! A browser of an account, as far as the server reads what it writes: who signed it, and what it follows.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub(crate) const ADDED: u8 = 1;
pub(crate) const REMOVED: u8 = 2;

/// The account's list and vault, from this browser's side.
#[derive(Clone)]
pub(crate) struct Browser {
    account: Uuid,
    account_key: [u8; 32],
    device: [u8; 32],
    length: u16,
    head: [u8; 32],
    version: u64,
    sealed: Option<Vec<u8>>,
}

impl Browser {
    /// The account's first: nothing is there before it.
    pub(crate) fn of(account: Uuid) -> Self {
        Self {
            account,
            account_key: [1; 32],
            device: [2; 32],
            length: 0,
            head: [0; 32],
            version: 0,
            sealed: None,
        }
    }

    /// The account's first, with what it finds at the server.
    pub(crate) fn at(account: Uuid, served: &Value) -> Self {
        let bytes = |value: &Value| URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap();
        let entries = served["devices"].as_array().unwrap();
        let last = entries
            .last()
            .map(|entry| Sha256::digest(bytes(entry)).into());
        let sealed = served["vault"].get("sealed").map(bytes);
        Self {
            length: u16::try_from(entries.len()).unwrap(),
            head: last.unwrap_or_default(),
            version: served["vault"]["version"].as_u64().unwrap_or(0),
            sealed,
            ..Self::of(account)
        }
    }

    /// The body of `PUT /account/vault` that changes nothing, or makes the first version.
    pub(crate) fn next(mut self) -> Value {
        let entries = match self.length {
            0 => vec![self.own_entry()],
            _ => Vec::new(),
        };
        self.version(b"next", &entries)
    }

    /// Another of the account's; whether it is on the list is another question.
    pub(crate) fn another(&self) -> Self {
        Self {
            device: [3; 32],
            ..self.clone()
        }
    }

    /// One that has the signed-in session, and no key of the account.
    pub(crate) fn thief(&self) -> Self {
        Self {
            account_key: [66; 32],
            ..self.clone()
        }
    }

    /// The next entry of the list: what became of `whom`.
    pub(crate) fn entry(&mut self, kind: u8, whom: &Self) -> String {
        let mut bytes = [&[1], &self.length.to_be_bytes()[..]].concat();
        bytes.extend(self.account.as_bytes());
        bytes.push(kind);
        bytes.extend(pair(whom.device).public_key().as_ref());
        bytes.extend([0; 40]);
        bytes.extend(self.head);
        match self.length {
            0 => {
                bytes.push(1);
                bytes.extend(pair(self.account_key).public_key().as_ref());
            }
            _ => bytes.push(0),
        }
        let signature = sign(self.account_key, "Conclave Device List", &bytes);
        bytes.extend(signature);
        self.length += 1;
        self.head = Sha256::digest(&bytes).into();
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Its own first entry.
    pub(crate) fn own_entry(&mut self) -> String {
        let this = self.clone();
        self.entry(ADDED, &this)
    }

    /// Another version of the same number: what was made last got lost.
    pub(crate) fn instead(&self, content: &[u8]) -> Self {
        let mut other = self.clone();
        other.version(content, &[]);
        other.version -= 1;
        other
    }

    /// The next version, as the body of `PUT /account/vault`.
    pub(crate) fn version(&mut self, content: &[u8], entries: &[String]) -> Value {
        let before = self.sealed.as_deref().map(Sha256::digest);
        let mut bytes = vec![1];
        bytes.extend(pair(self.device).public_key().as_ref());
        bytes.extend(before.map(<[u8; 32]>::from).unwrap_or_default());
        bytes.extend(content);
        let signed = [&self.binding()[..], &bytes].concat();
        bytes.extend(sign(self.account_key, "Conclave Vault", &signed));
        bytes.extend(sign(self.device, "Conclave Vault Device", &signed));
        let previous = self.version;
        self.version += 1;
        let sealed = URL_SAFE_NO_PAD.encode(&bytes);
        self.sealed = Some(bytes);
        json!({"previous_version": previous, "sealed": sealed, "entries": entries})
    }

    fn binding(&self) -> Vec<u8> {
        let mut bytes = self.account.as_bytes().to_vec();
        bytes.extend((self.version + 1).to_be_bytes());
        bytes.extend(self.length.to_be_bytes());
        bytes.extend(self.head);
        bytes
    }
}

fn pair(seed: [u8; 32]) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&seed).unwrap()
}

/// SignWithLabel of RFC 9420, section 5.1.2.
fn sign(key: [u8; 32], label: &str, content: &[u8]) -> Vec<u8> {
    let label = format!("MLS 1.0 {label}");
    let mut signed = vec![u8::try_from(label.len()).unwrap()];
    signed.extend(label.as_bytes());
    match content.len() {
        length @ 0..0x40 => signed.push(length as u8),
        length @ 0x40..0x4000 => signed.extend((0x4000 | length as u16).to_be_bytes()),
        length => signed.extend((0x8000_0000 | length as u32).to_be_bytes()),
    }
    signed.extend(content);
    pair(key).sign(&signed).as_ref().to_vec()
}

//! Signed notes (C2SP signed-note): a text, an empty line, and a line for each signature.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::KeyName;

/// The longest note that is read or written.
pub const MAX_NOTE_BYTES: usize = 1024 * 1024;

/// The most signature lines; the specification asks for at least 16.
pub const MAX_SIGNATURES: usize = 64;

/// A key that signs notes under its name.
pub struct Signer {
    key: SigningKey,
    verifier: Verifier,
}

/// The text is none that a note can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text ends in no line, holds a control character, or is too long")]
pub struct Unsignable;

impl Signer {
    /// Ed25519, from a seed of 32 random bytes (RFC 8032, section 5.1.5).
    pub fn new(name: KeyName, seed: &[u8; 32]) -> Self {
        let key = SigningKey::from_bytes(seed);
        let verifier = Verifier::new(name, key.verifying_key());
        Self { key, verifier }
    }

    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The whole note: the text, which ends in a newline, and this key's signature.
    pub fn sign(&self, text: &str) -> Result<String, Unsignable> {
        let fits = text.len() <= MAX_NOTE_BYTES - SIGNATURE_LINE_RESERVE;
        if !text.ends_with('\n') || text.chars().any(forbidden) || !fits {
            return Err(Unsignable);
        }
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        let bytes = [&self.verifier.id[..], &signature].concat();
        let name = self.verifier.name.as_str();
        Ok(format!("{text}\n{MARK}{name} {}\n", STANDARD.encode(bytes)))
    }
}

/// A key that notes are held against. Its text (`Display`) is what C2SP calls a vkey: `name+id+key`.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    name: KeyName,
    id: [u8; 4],
    key: VerifyingKey,
}

/// The text names no Ed25519 key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text names no Ed25519 key for notes")]
pub struct NotAKey;

/// The note is not one that this key signed. Why is told to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the note is not one that this key signed")]
pub struct NotSigned;

impl Verifier {
    fn new(name: KeyName, key: VerifyingKey) -> Self {
        let hash = Sha256::new()
            .chain_update(name.as_str())
            .chain_update([b'\n', ED25519])
            .chain_update(key.as_bytes())
            .finalize();
        let id = *hash
            .first_chunk()
            .expect("SHA-256 has more than four bytes");
        Self { name, id, key }
    }

    /// Accepts only what `Display` writes.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let mut parts = text.splitn(3, '+');
        let name = parts.next().and_then(KeyName::parse).ok_or(NotAKey)?;
        let key = parts.nth(1).and_then(|key| STANDARD.decode(key).ok());
        let key = key.ok_or(NotAKey)?;
        let [ED25519, key @ ..] = key.as_slice() else {
            return Err(NotAKey);
        };
        let key = key.try_into().map_err(|_| NotAKey)?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| NotAKey)?;
        let parsed = Self::new(name, key);
        (!key.is_weak() && parsed.to_string() == text)
            .then_some(parsed)
            .ok_or(NotAKey)
    }

    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The text of a note that this key signed. Signatures of other keys are passed over.
    pub fn open<'a>(&self, note: &'a str) -> Result<&'a str, NotSigned> {
        let (text, signatures) = split(note).ok_or(NotSigned)?;
        let mut ours = false;
        for (name, bytes) in signatures {
            let (id, signature) = bytes.split_first_chunk().ok_or(NotSigned)?;
            if name != self.name.as_str() || *id != self.id {
                continue;
            }
            let signature = Signature::from_slice(signature).map_err(|_| NotSigned)?;
            let verified = self.key.verify_strict(text.as_bytes(), &signature);
            verified.map_err(|_| NotSigned)?;
            ours = true;
        }
        ours.then_some(text).ok_or(NotSigned)
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.id);
        let key = [&[ED25519], &self.key.as_bytes()[..]].concat();
        write!(
            f,
            "{}+{id:08x}+{}",
            self.name.as_str(),
            STANDARD.encode(key)
        )
    }
}

/// The text of a note without asking who signed it.
pub(crate) fn unverified_text(note: &str) -> Option<&str> {
    split(note).map(|(text, _)| text)
}

type Signatures<'a> = Vec<(&'a str, Vec<u8>)>;

/// The text with its last newline, and each signature's name and bytes.
fn split(note: &str) -> Option<(&str, Signatures<'_>)> {
    if note.len() > MAX_NOTE_BYTES || note.chars().any(forbidden) {
        return None;
    }
    let end = note.rfind("\n\n")? + 1;
    let (text, signatures) = note.split_at_checked(end)?;
    let signatures = signatures.strip_prefix('\n')?.strip_suffix('\n')?;
    let mut read = Vec::new();
    for line in signatures.split('\n') {
        let (name, signature) = line.strip_prefix(MARK)?.split_once(' ')?;
        KeyName::parse(name)?;
        read.push((name, STANDARD.decode(signature).ok()?));
        if read.len() > MAX_SIGNATURES {
            return None;
        }
    }
    Some((text, read))
}

fn forbidden(character: char) -> bool {
    character < ' ' && character != '\n'
}

/// The em dash before each signature.
const MARK: &str = "\u{2014} ";

/// The identifier of its signature type.
const ED25519: u8 = 0x01;

/// Room for one signature line and the empty line before it.
const SIGNATURE_LINE_RESERVE: usize = 512;

#[cfg(test)]
mod tests;

//! The keys of one recording: for its chunks, and for what is said of all of them.

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit};
use hkdf::Hkdf;
use sha2::{Digest as _, Sha256, Sha512};
use zeroize::Zeroizing;

use crate::once;

/// What a recording belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    pub organisation: [u8; 16],
    pub session: [u8; 16],
    pub recording: [u8; 16],
}

/// Of one recording. Has no printable form.
pub(super) struct Keys {
    chunks: Aes256Gcm,
    manifest: Zeroizing<[u8; 32]>,
    afterword: Zeroizing<[u8; 32]>,
    binding: Binding,
}

/// Of a chunk. The first is number one.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) number: u32,
    pub(super) is_last: bool,
}

/// Over the header, and the hash of each chunk as it is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Chain([u8; 32]);

/// How many chunks there are, and which.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) chunks: u32,
    pub(super) chain: Chain,
}

impl Binding {
    /// Each label is used for one thing; what follows it has a fixed length.
    pub(super) fn bytes(&self, label: &[u8]) -> Vec<u8> {
        [label, &self.organisation, &self.session, &self.recording].concat()
    }
}

impl Keys {
    pub(super) fn of(key: &[u8; 32], binding: Binding) -> Self {
        let chunks = expand(key, &binding.bytes(CHUNKS));
        Self {
            chunks: Aes256Gcm::new((&*chunks).into()),
            manifest: expand(key, &binding.bytes(MANIFEST)),
            afterword: expand(key, &binding.bytes(AFTERWORD)),
            binding,
        }
    }

    /// Each place once.
    pub(super) fn seal(&self, place: Place, plaintext: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(plaintext.len() + TAG_BYTES);
        sealed.extend_from_slice(plaintext);
        let (nonce, bound) = (place.nonce().into(), self.bound(place));
        let tag = self
            .chunks
            .encrypt_inout_detached(&nonce, &bound, sealed.as_mut_slice().into())
            .expect("a chunk is far shorter than 64 GiB");
        sealed.extend_from_slice(&tag);
        sealed
    }

    pub(super) fn open(&self, place: Place, sealed: &[u8]) -> Option<Vec<u8>> {
        let (ciphertext, tag) = sealed.split_last_chunk::<TAG_BYTES>()?;
        let mut opened = ciphertext.to_vec();
        let (nonce, bound) = (place.nonce().into(), self.bound(place));
        let tag = (*tag).into();
        self.chunks
            .decrypt_inout_detached(&nonce, &bound, opened.as_mut_slice().into(), &tag)
            .ok()?;
        Some(opened)
    }

    /// Once, of one manifest.
    pub(super) fn sign(&self, manifest: Manifest) -> Vec<u8> {
        let said = manifest.bytes();
        let tag = once::seal(&self.manifest, &self.said(&said), &[]);
        [said.as_slice(), &tag].concat()
    }

    pub(super) fn verified(&self, bytes: &[u8]) -> Option<Manifest> {
        let (said, tag) = bytes.split_first_chunk::<SAID_BYTES>()?;
        once::open(&self.manifest, &self.said(said), tag)?;
        Manifest::read(said)
    }

    /// Once, of one afterword.
    pub(super) fn seal_afterword(&self, plaintext: &[u8]) -> Vec<u8> {
        once::seal(&self.afterword, &self.binding.bytes(AFTERWORD), plaintext)
    }

    pub(super) fn open_afterword(&self, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        once::open(&self.afterword, &self.binding.bytes(AFTERWORD), sealed)
    }

    fn bound(&self, place: Place) -> Vec<u8> {
        let mut bound = self.binding.bytes(CHUNK);
        bound.extend_from_slice(&place.number.to_be_bytes());
        bound.push(place.is_last.into());
        bound
    }

    fn said(&self, said: &[u8; SAID_BYTES]) -> Vec<u8> {
        let mut bound = self.binding.bytes(MANIFEST);
        bound.extend_from_slice(said);
        bound
    }
}

impl Place {
    fn nonce(self) -> [u8; 12] {
        let mut nonce = [0; 12];
        nonce[..4].copy_from_slice(&self.number.to_be_bytes());
        nonce[11] = self.is_last.into();
        nonce
    }
}

impl Chain {
    pub(super) fn begin(header: &[u8]) -> Self {
        let hash = Sha256::new().chain_update(CHAIN).chain_update(header);
        Self(hash.finalize().into())
    }

    pub(super) fn add(&mut self, sealed: &[u8]) {
        let hash = Sha256::new().chain_update(self.0);
        let hash = hash.chain_update(Sha256::digest(sealed));
        self.0 = hash.finalize().into();
    }
}

impl Manifest {
    fn bytes(self) -> [u8; SAID_BYTES] {
        let mut bytes = [FORMAT; SAID_BYTES];
        bytes[1..5].copy_from_slice(&self.chunks.to_be_bytes());
        bytes[5..].copy_from_slice(&self.chain.0);
        bytes
    }

    fn read(bytes: &[u8; SAID_BYTES]) -> Option<Self> {
        let (chunks, chain) = (bytes[1..5].try_into().ok()?, bytes[5..].try_into().ok()?);
        (bytes[0] == FORMAT).then_some(Self {
            chunks: u32::from_be_bytes(chunks),
            chain: Chain(chain),
        })
    }
}

fn expand(key: &[u8; 32], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut expanded = Zeroizing::new([0; 32]);
    Hkdf::<Sha512>::new(None, key)
        .expand_multi_info(&[info], &mut *expanded)
        .expect("32 bytes are less than one block of SHA-512");
    expanded
}

/// Of AES-256-GCM.
pub(super) const TAG_BYTES: usize = 16;
/// A format, a count and a hash.
const SAID_BYTES: usize = 1 + 4 + 32;
const FORMAT: u8 = 1;
const CHUNKS: &[u8] = b"conclave recording chunks 1";
const CHUNK: &[u8] = b"conclave recording chunk 1";
const MANIFEST: &[u8] = b"conclave recording manifest 1";
const AFTERWORD: &[u8] = b"conclave recording afterword 1";
const CHAIN: &[u8] = b"conclave recording chain 1";

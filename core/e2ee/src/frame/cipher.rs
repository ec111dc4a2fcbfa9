//! AES-256-GCM under one key, in place (RFC 9605, section 4.4.3).

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit};
use zeroize::Zeroizing;

/// A stream's key with its schedule, and its salt.
pub(super) struct Cipher {
    gcm: Aes256Gcm,
    salt: Zeroizing<[u8; SALT_BYTES]>,
}

impl Cipher {
    pub(super) fn new(key: &[u8; KEY_BYTES], salt: Zeroizing<[u8; SALT_BYTES]>) -> Self {
        let gcm = Aes256Gcm::new(key.into());
        Self { gcm, salt }
    }

    /// Encrypts what lies in `out` from `start` on, and appends the tag.
    ///
    /// Each counter may come once. `None` if there are more than 64 GiB; nothing is encrypted then.
    pub(super) fn seal(
        &self,
        counter: u64,
        aad: &[u8],
        out: &mut Vec<u8>,
        start: usize,
    ) -> Option<()> {
        let nonce = self.nonce(counter).into();
        let plaintext = out.get_mut(start..)?;
        let tag = self
            .gcm
            .encrypt_inout_detached(&nonce, aad, plaintext.into())
            .ok()?;
        out.extend_from_slice(&tag);
        Some(())
    }

    /// Decrypts what lies in `out` from `start` on, and takes off the tag.
    ///
    /// `None` if the tag does not fit; nothing is decrypted then.
    pub(super) fn open(
        &self,
        counter: u64,
        aad: &[u8],
        out: &mut Vec<u8>,
        start: usize,
    ) -> Option<()> {
        let nonce = self.nonce(counter).into();
        let (ciphertext, tag) = out.get_mut(start..)?.split_last_chunk_mut::<TAG_BYTES>()?;
        let tag = (*tag).into();
        self.gcm
            .decrypt_inout_detached(&nonce, aad, ciphertext.into(), &tag)
            .ok()?;
        out.truncate(out.len() - TAG_BYTES);
        Some(())
    }

    /// The salt, with the counter laid over its end.
    fn nonce(&self, counter: u64) -> [u8; SALT_BYTES] {
        let mut nonce = *self.salt;
        let ends = nonce.iter_mut().rev().zip(counter.to_le_bytes());
        ends.for_each(|(byte, over)| *byte ^= over);
        nonce
    }
}

/// Nk of AES-256-GCM.
pub(super) const KEY_BYTES: usize = 32;
/// Nn.
pub(super) const SALT_BYTES: usize = 12;
/// Nt.
pub(super) const TAG_BYTES: usize = 16;

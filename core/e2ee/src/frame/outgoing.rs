//! One stream that goes out: its key, and a counter that only rises.

use zeroize::Zeroize;

use super::cipher::{Cipher, TAG_BYTES};
use super::epoch::EpochKeys;
use super::header::Header;
use super::key_id::{Context, KeyId, Leaf};
use super::refusal::Unsealed;

/// The counter outlives each key, so that no order of switches, not even back, repeats a nonce.
pub(super) struct Outgoing {
    leaf: Leaf,
    context: Context,
    next: u64,
    key: Option<Key>,
    aad: Vec<u8>,
}

struct Key {
    id: KeyId,
    cipher: Cipher,
}

impl Outgoing {
    pub(super) fn new(leaf: Leaf, context: Context) -> Self {
        Self {
            leaf,
            context,
            next: 0,
            key: None,
            aad: Vec::new(),
        }
    }

    pub(super) fn switch(&mut self, keys: &EpochKeys) {
        let id = KeyId::new(keys.epoch(), self.leaf, self.context);
        let cipher = keys.cipher(id.bits());
        self.key = Some(Key { id, cipher });
    }

    /// The stream goes on from another leaf, without keys.
    pub(super) fn move_to(&mut self, leaf: Leaf) {
        self.stop();
        self.leaf = leaf;
    }

    pub(super) fn stop(&mut self) {
        self.key = None;
    }

    /// Uses up a counter, whether or not the record is written. `bound` is authenticated and not sent.
    pub(super) fn reserve<'a>(&'a mut self, bound: &'a [u8]) -> Result<Record<'a>, Unsealed> {
        let key = self.key.as_ref().ok_or(Unsealed::NoKey)?;
        if self.next > LAST_COUNTER {
            return Err(Unsealed::Exhausted);
        }
        let header = Header {
            key_id: key.id.bits(),
            counter: self.next,
        };
        self.next += 1;
        Ok(Record {
            header,
            cipher: &key.cipher,
            bound,
            aad: &mut self.aad,
        })
    }

    #[cfg(test)]
    pub(super) fn skip_to(&mut self, counter: u64) {
        assert!(counter >= self.next);
        self.next = counter;
    }
}

/// A year and a half of 90 frames a second; four bytes in each header by then.
pub(super) const LAST_COUNTER: u64 = u32::MAX as u64;

/// A place for one frame: header, ciphertext, tag.
pub(super) struct Record<'a> {
    header: Header,
    cipher: &'a Cipher,
    bound: &'a [u8],
    aad: &'a mut Vec<u8>,
}

impl Record<'_> {
    /// Bytes that [`Record::write`] appends for so many bytes of plaintext.
    pub(super) fn length(&self, plaintext: usize) -> usize {
        self.header.length() + plaintext + TAG_BYTES
    }

    /// Appends the record; `plaintext` appends what is encrypted in place.
    ///
    /// After an error `out` is empty, so that no plaintext is left in it.
    pub(super) fn write(
        self,
        metadata: &[u8],
        out: &mut Vec<u8>,
        plaintext: impl FnOnce(&mut Vec<u8>),
    ) -> Result<(), Unsealed> {
        self.header.write(out);
        let start = out.len();
        self.aad.clear();
        self.header.write(self.aad);
        self.aad.extend_from_slice(self.bound);
        self.aad.extend_from_slice(metadata);
        plaintext(out);
        let sealed = self.cipher.seal(self.header.counter, self.aad, out, start);
        sealed.ok_or_else(|| {
            out.zeroize();
            Unsealed::TooLarge
        })
    }
}

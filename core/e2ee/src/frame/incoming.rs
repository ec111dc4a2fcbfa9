//! The streams that come in under one secret, each with its key and what it has opened.

use std::collections::BTreeMap;

use super::cipher::Cipher;
use super::drops::Reason;
use super::epoch::EpochKeys;
use super::header::Header;
use super::replay::Window;

/// One epoch's media, or one epoch's messages under one label.
pub(super) struct Incoming {
    keys: EpochKeys,
    /// By key id; only of frames that were genuine, so that strangers can't make it grow. A
    /// member has at most as many as it has contexts.
    streams: BTreeMap<u64, Stream>,
}

struct Stream {
    cipher: Cipher,
    opened: Window,
}

/// A record, taken apart.
pub(super) struct Sealed<'a> {
    pub(super) header: Header,
    /// Header, then metadata.
    pub(super) aad: &'a [u8],
    pub(super) ciphertext: &'a [u8],
}

impl Incoming {
    pub(super) fn new(keys: EpochKeys) -> Self {
        let streams = BTreeMap::new();
        Self { keys, streams }
    }

    /// Appends the plaintext to `out`. After an error, what was appended is not to be used.
    pub(super) fn open(&mut self, sealed: &Sealed<'_>, out: &mut Vec<u8>) -> Result<(), Reason> {
        let id = sealed.header.key_id;
        if let Some(stream) = self.streams.get_mut(&id) {
            return stream.open(sealed, out);
        }
        let mut stream = Stream {
            cipher: self.keys.cipher(id),
            opened: Window::default(),
        };
        stream.open(sealed, out)?;
        self.streams.insert(id, stream);
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn streams(&self) -> usize {
        self.streams.len()
    }
}

impl Stream {
    fn open(&mut self, sealed: &Sealed<'_>, out: &mut Vec<u8>) -> Result<(), Reason> {
        let counter = sealed.header.counter;
        if !self.opened.accepts(counter) {
            return Err(Reason::Replayed);
        }
        let start = out.len();
        out.extend_from_slice(sealed.ciphertext);
        let opened = self.cipher.open(counter, sealed.aad, out, start);
        opened.ok_or(Reason::Forged)?;
        self.opened.record(counter);
        Ok(())
    }
}

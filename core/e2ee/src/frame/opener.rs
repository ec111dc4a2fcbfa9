//! Everything that other members send: frames and messages of the epochs that are still open.

use std::collections::BTreeMap;

use super::cipher::TAG_BYTES;
use super::codec::{Codec, MAX_FRAME_BYTES};
use super::data::{Label, MAX_MESSAGE_BYTES};
use super::drops::{Drops, Reason};
use super::epoch::EpochKeys;
use super::header::Header;
use super::incoming::{Incoming, Sealed};
use super::key_id::{Context, KeyId, Leaf, low_bits};
use super::refusal::{Stale, Unopened};

/// Opens what is genuine, once.
///
/// # Security
///
/// The server says which member and track the bytes are of, and is not believed: they must be
/// sealed by the leaf, and on the stream, that the receiver expects. One `Opener` serves all
/// tracks of a group's member for as long as it is one, so that a frame that opened on one track
/// opens on no other, nor again after a new subscription. Epochs only go forward, so keys that
/// were given up, and what they had opened, do not come back.
#[derive(Default)]
pub struct Opener {
    /// By the part of the number that frames tell.
    epochs: BTreeMap<u8, Epoch>,
    newest: Option<u64>,
    drops: Drops,
    aad: Vec<u8>,
    unescaped: Vec<u8>,
}

struct Epoch {
    number: u64,
    media: Incoming,
    messages: BTreeMap<Label, Incoming>,
}

/// Epochs that can be open at a time: those of a commit storm within the ten seconds that keys
/// are kept. Below half of the 256 that frames tell apart.
pub const MAX_EPOCHS: usize = 64;

/// Whose frame it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    pub leaf: Leaf,
    /// What the track's first frame was opened with; `None` before that.
    pub context: Option<Context>,
}

impl Opener {
    /// Opens nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens frames of this epoch too. The oldest one goes if there are too many, and so does one
    /// that frames could not tell from it (RFC 9605, section 5.2).
    pub fn install(&mut self, keys: &EpochKeys) -> Result<(), Stale> {
        let number = keys.epoch();
        if self.newest >= Some(number) {
            return Err(Stale);
        }
        self.newest = Some(number);
        self.epochs.insert(low_bits(number), Epoch::new(keys));
        if self.epochs.len() > MAX_EPOCHS {
            let oldest = self.epochs.values().map(|epoch| epoch.number).min();
            self.retire(oldest.unwrap_or(number));
        }
        Ok(())
    }

    /// Gives up the keys of this epoch and all before it.
    pub fn retire(&mut self, epoch: u64) {
        self.epochs.retain(|_, open| open.number > epoch);
    }

    /// Gives up all keys: another group counts its epochs from the start.
    pub fn forget(&mut self) {
        self.epochs.clear();
        self.newest = None;
    }

    /// What was dropped since the beginning.
    pub fn drops(&self) -> Drops {
        self.drops
    }

    /// Replaces what is in `out` by the frame; after an error `out` is empty.
    ///
    /// Answers the stream that it came on, which the track's next frame must come on too.
    pub fn open_frame(
        &mut self,
        source: Source,
        codec: Codec,
        bytes: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Context, Unopened> {
        let mut unescaped = std::mem::take(&mut self.unescaped);
        let found = codec.find(bytes, &mut unescaped);
        let found = found.filter(|found| found.record.len() <= MAX_FRAME_BYTES + OVERHEAD);
        out.clear();
        let opened = found.ok_or(Reason::Malformed).and_then(|found| {
            out.reserve(found.metadata.len() + found.record.len());
            out.extend_from_slice(found.metadata);
            self.open(None, source, found.record, found.metadata, out)
        });
        self.unescaped = unescaped;
        self.judge(opened, out)
    }

    /// Replaces what is in `out` by the message; after an error `out` is empty.
    ///
    /// `bound` is what the sender bound.
    pub fn open_message(
        &mut self,
        leaf: Leaf,
        label: Label,
        bound: &[u8],
        bytes: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Unopened> {
        out.clear();
        let source = Source {
            leaf,
            context: None,
        };
        let opened = if bytes.len() > MAX_MESSAGE_BYTES + OVERHEAD {
            Err(Reason::Malformed)
        } else {
            self.open(Some(label), source, bytes, bound, out)
        };
        self.judge(opened, out).map(|_| ())
    }

    fn open(
        &mut self,
        label: Option<Label>,
        source: Source,
        record: &[u8],
        metadata: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Context, Reason> {
        let (header, head, ciphertext) = Header::split(record).ok_or(Reason::Malformed)?;
        let id = KeyId::from_bits(header.key_id).ok_or(Reason::Malformed)?;
        if id.leaf != source.leaf || source.context.is_some_and(|context| context != id.context) {
            return Err(Reason::Misattributed);
        }
        let epoch = self.epochs.get_mut(&id.epoch).ok_or(Reason::Keyless)?;
        self.aad.clear();
        self.aad.extend_from_slice(head);
        self.aad.extend_from_slice(metadata);
        let sealed = Sealed {
            header,
            aad: &self.aad,
            ciphertext,
        };
        let incoming = epoch.incoming(label).ok_or(Reason::Keyless)?;
        incoming.open(&sealed, out)?;
        Ok(id.context)
    }

    fn judge(
        &mut self,
        opened: Result<Context, Reason>,
        out: &mut Vec<u8>,
    ) -> Result<Context, Unopened> {
        opened.map_err(|reason| {
            out.clear();
            self.drops.count(reason);
            Unopened
        })
    }
}

impl Epoch {
    fn new(keys: &EpochKeys) -> Self {
        let labelled = |label: Label| (label, Incoming::new(keys.under(label.text())));
        Self {
            number: keys.epoch(),
            media: Incoming::new(keys.clone()),
            messages: Label::ALL.into_iter().map(labelled).collect(),
        }
    }

    fn incoming(&mut self, label: Option<Label>) -> Option<&mut Incoming> {
        match label {
            None => Some(&mut self.media),
            Some(label) => self.messages.get_mut(&label),
        }
    }
}

/// The longest header, and the tag.
const OVERHEAD: usize = 17 + TAG_BYTES;

#[cfg(test)]
mod tests;

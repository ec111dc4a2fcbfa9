//! Everything that other members send: frames and messages of the epochs that are still open.

use std::collections::BTreeMap;

use super::cipher::TAG_BYTES;
use super::codec::MAX_FRAME_BYTES;
use super::data::{Label, MAX_MESSAGE_BYTES};
use super::drops::{Drops, Reason};
use super::epoch::EpochKeys;
use super::header::Header;
use super::incoming::{Incoming, Sealed};
use super::key_id::{Context, KeyId, Leaf, low_bits};
use super::refusal::{Stale, Unopened};
use super::track::Track;
use crate::identity::ParticipantId;

/// Opens what is genuine, once.
///
/// # Security
///
/// The server says which member and track the bytes are of, and is not believed: they must be
/// sealed by the leaf that the member has in the frame's epoch, for that track, and on the stream on which the track
/// began. One `Opener` serves all
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
    leaves: Leaves,
    media: Incoming,
    messages: BTreeMap<Label, Incoming>,
}

/// Epochs that can be open at a time: those of a commit storm within the ten seconds that keys
/// are kept. Below half of the 256 that frames tell apart.
pub const MAX_EPOCHS: usize = 64;

/// Who has which leaf in an epoch.
pub type Leaves = BTreeMap<ParticipantId, Leaf>;

/// Whose frame it should be: one track of one participant. It stays with the stream of its first frame that was
/// opened.
#[derive(Clone, PartialEq, Eq)]
pub struct Source {
    participant: ParticipantId,
    track: Track,
    context: Option<Context>,
}

impl Source {
    pub fn new(participant: ParticipantId, track: Track) -> Self {
        Self {
            participant,
            track,
            context: None,
        }
    }
}

/// What a record has to be of.
struct Expected<'a> {
    from: ParticipantId,
    context: Option<Context>,
    /// `None` for media.
    label: Option<Label>,
    /// Authenticated and not sent.
    bound: &'a [u8],
}

impl Opener {
    /// Opens nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens frames of this epoch too. The oldest one goes if there are too many, and so does one
    /// that frames could not tell from it (RFC 9605, section 5.2).
    pub fn install(&mut self, keys: &EpochKeys, leaves: Leaves) -> Result<(), Stale> {
        let number = keys.epoch();
        if self.newest >= Some(number) {
            return Err(Stale);
        }
        self.newest = Some(number);
        self.epochs
            .insert(low_bits(number), Epoch::new(keys, leaves));
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
    pub fn open_frame(
        &mut self,
        source: &mut Source,
        bytes: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Unopened> {
        let mut unescaped = std::mem::take(&mut self.unescaped);
        let found = source.track.codec().find(bytes, &mut unescaped);
        let found = found.filter(|found| found.record.len() <= MAX_FRAME_BYTES + OVERHEAD);
        out.clear();
        let opened = found.ok_or(Reason::Malformed).and_then(|found| {
            out.reserve(found.metadata.len() + found.record.len());
            out.extend_from_slice(found.metadata);
            let expected = Expected {
                from: source.participant,
                context: source.context,
                label: None,
                bound: source.track.bound(),
            };
            self.open(&expected, found.record, found.metadata, out)
        });
        self.unescaped = unescaped;
        source.context = Some(self.judge(opened, out)?);
        Ok(())
    }

    /// Replaces what is in `out` by the message; after an error `out` is empty.
    ///
    /// `bound` is what the sender bound.
    pub fn open_message(
        &mut self,
        from: ParticipantId,
        label: Label,
        bound: &[u8],
        bytes: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Unopened> {
        out.clear();
        let expected = Expected {
            from,
            context: None,
            label: Some(label),
            bound,
        };
        let opened = if bytes.len() > MAX_MESSAGE_BYTES + OVERHEAD {
            Err(Reason::Malformed)
        } else {
            self.open(&expected, bytes, &[], out)
        };
        self.judge(opened, out).map(|_| ())
    }

    fn open(
        &mut self,
        expected: &Expected<'_>,
        record: &[u8],
        metadata: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Context, Reason> {
        let (header, head, ciphertext) = Header::split(record).ok_or(Reason::Malformed)?;
        let id = KeyId::from_bits(header.key_id).ok_or(Reason::Malformed)?;
        let epoch = self.epochs.get_mut(&id.epoch).ok_or(Reason::Keyless)?;
        let leaf = epoch.leaves.get(&expected.from);
        if leaf != Some(&id.leaf)
            || expected
                .context
                .is_some_and(|context| context != id.context)
        {
            return Err(Reason::Misattributed);
        }
        self.aad.clear();
        self.aad.extend_from_slice(head);
        self.aad.extend_from_slice(expected.bound);
        self.aad.extend_from_slice(metadata);
        let sealed = Sealed {
            header,
            aad: &self.aad,
            ciphertext,
        };
        let incoming = epoch.incoming(expected.label).ok_or(Reason::Keyless)?;
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
    fn new(keys: &EpochKeys, leaves: Leaves) -> Self {
        let labelled = |label: Label| (label, Incoming::new(keys.under(label.text())));
        Self {
            number: keys.epoch(),
            leaves,
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

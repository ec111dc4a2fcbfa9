//! Decides for one subscriber which packets of a track go out, and as what.
//!
//! A [`Source`] reads each packet of a published track once. A [`Forwarder`] per outgoing SSRC
//! answers for each packet whether it is sent, and under which sequence number, timestamp and
//! picture id: one continuous stream, whatever it is composed of. Payloads are never touched, so
//! end-to-end encryption is none of its business.
//!
//! Simulcast streams are switched at key frames only. Layers within a stream are dropped by what
//! the VP8 or VP9 payload descriptor or the dependency descriptor says.

mod decode_targets;
mod frames;
mod packet;
mod pictures;
mod sequence;
mod source;
mod timeline;
mod unwrap;
mod vp8;
mod vp9;

use std::ops::Range;

pub use crate::peer::SenderReport;
pub use crate::sdp::Codec;
use decode_targets::DecodeTargets;
use packet::Content;
pub use packet::{Incoming, Packet};
use sequence::{Sequence, Skipped, Unplaced};
pub use source::Source;
use timeline::Timeline;
use vp8::Vp8Rewriter;
pub use vp8::Vp8Values;
use vp9::Vp9Selector;

use crate::layers::{Layer, Scalability};

/// What an outgoing SSRC carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Audio {
        /// The subscriber takes no RED: send the primary block alone.
        unwrap_red: bool,
    },
    Video,
}

/// One outgoing SSRC, which carries one track: a media section that is used for another has
/// another.
#[derive(Clone, Debug)]
pub struct Forwarder {
    mode: Mode,
    target: Option<Layer>,
    sending: Option<Sending>,
    /// The stream that was sent last, while nothing is sent.
    paused: Option<Sending>,
    sequence: Sequence,
    timeline: Timeline,
    vp8: Vp8Rewriter,
    selector: Selector,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sending {
    stream: u8,
    epoch: u32,
    scalability: Scalability,
}

/// How layers are chosen within the stream that is sent.
#[derive(Clone, Debug)]
enum Selector {
    Whole,
    Vp8,
    Vp9(Vp9Selector),
    DecodeTargets(DecodeTargets),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Forward(Outgoing),
    Drop(DropReason),
}

/// A packet to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Extended by its roll-overs. The first is below 65,536, and none is given twice.
    pub sequence: u64,
    pub timestamp: u32,
    pub marker: bool,
    /// What to write into the VP8 payload descriptor.
    pub vp8: Option<Vp8Values>,
    pub payload: Payload,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    Whole,
    /// These bytes of it: the primary block of a RED payload.
    Part(Range<usize>),
    /// None. The number was reserved for this packet, which came late and is not wanted; an empty
    /// packet keeps the receiver from asking for it.
    Empty,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DropReason {
    /// The subscriber wants nothing of the track.
    Paused,
    /// Another simulcast stream is sent.
    OtherStream,
    /// The stream can only begin at a key frame.
    AwaitingKeyFrame,
    /// The layer is above the chosen one, or not needed for it.
    Layer,
    Duplicate,
    /// It carries nothing.
    Padding,
    /// It precedes what is remembered, or the switch to its stream.
    TooOld,
}

/// What a selector says of one packet.
enum Choice {
    Keep {
        marker: bool,
        vp8: Option<Vp8Values>,
    },
    Drop(DropReason),
}

impl Choice {
    fn keep(marker: bool, vp8: Option<Vp8Values>) -> Self {
        Self::Keep { marker, vp8 }
    }
}

impl Forwarder {
    /// Audio is sent from the start, video from the first [`set_target`](Self::set_target).
    pub fn new(mode: Mode) -> Self {
        Self {
            mode,
            target: initial_target(mode),
            sending: None,
            paused: None,
            sequence: Sequence::new(),
            timeline: Timeline::new(clock_rate(mode)),
            vp8: Vp8Rewriter::new(),
            selector: Selector::Whole,
        }
    }

    /// The most that may be sent, or nothing. For audio any layer means: send.
    pub fn set_target(&mut self, target: Option<Layer>) {
        self.target = target;
        if target.is_none() {
            self.paused = self.sending.take().or(self.paused);
        }
    }

    pub fn target(&self) -> Option<Layer> {
        self.target
    }

    /// What is sent at this moment; nothing while it waits for a key frame.
    pub fn current(&self) -> Option<Layer> {
        let sending = self.sending?;
        let within = match &self.selector {
            Selector::Whole => Layer::default(),
            Selector::Vp8 => Layer {
                spatial: 0,
                temporal: self.vp8.temporal(),
            },
            Selector::Vp9(selector) => selector.layer(),
            Selector::DecodeTargets(selector) => selector.layer(),
        };
        Some(match sending.scalability {
            Scalability::Svc => within,
            Scalability::Simulcast => Layer {
                spatial: sending.stream,
                temporal: within.temporal,
            },
        })
    }

    /// The simulcast stream from which a key frame would bring what is wanted.
    pub fn wants_key_frame(&self) -> Option<usize> {
        let target = self.target?;
        if self.mode != Mode::Video {
            return None;
        }
        let Some(sending) = self.sending else {
            // Of a scalable stream there is only stream 0, which the source tells.
            return Some(match self.paused.map(|paused| paused.scalability) {
                Some(Scalability::Svc) => 0,
                _ => usize::from(target.spatial),
            });
        };
        let wants = match sending.scalability {
            Scalability::Simulcast => {
                let switches = sending.stream != target.spatial;
                switches.then_some(target.spatial)
            }
            Scalability::Svc => self.selector.wants_key_frame(target).then_some(0),
        };
        wants.map(usize::from)
    }

    /// Decides about one packet of the track.
    pub fn forward(&mut self, packet: &Packet) -> Verdict {
        let Some(target) = self.target else {
            return Verdict::Drop(DropReason::Paused);
        };
        if packet.is_padding() {
            return self.pass_over_padding(packet);
        }
        if let Err(reason) = self.follow(packet, target) {
            return Verdict::Drop(reason);
        }
        match self.choose(packet, target) {
            Choice::Drop(reason) => self.skip(packet, reason),
            Choice::Keep { marker, vp8 } => match self.sequence.forward(packet.sequence) {
                Err(unplaced) => Verdict::Drop(unplaced.into()),
                Ok(sequence) => Verdict::Forward(Outgoing {
                    sequence,
                    timestamp: self.timeline.map(packet),
                    marker,
                    vp8,
                    payload: self.payload(packet),
                }),
            },
        }
    }

    /// Padding has numbers among those of the media; each way has its own.
    fn pass_over_padding(&mut self, packet: &Packet) -> Verdict {
        let is_sent = self.sending == Some(Sending::of(packet));
        if is_sent && self.sequence.ahead(packet.sequence) < sequence::WINDOW {
            return self.skip(packet, DropReason::Padding);
        }
        Verdict::Drop(DropReason::Padding)
    }

    /// Stays with the stream that is sent, or begins with the packet's.
    fn follow(&mut self, packet: &Packet, target: Layer) -> Result<(), DropReason> {
        let sending = Sending::of(packet);
        if self.sending == Some(sending) {
            if self.sequence.ahead(packet.sequence) < sequence::WINDOW {
                return Ok(());
            }
            // Too much is missing to be made up for.
            self.paused = self.sending.take();
        }
        self.may_begin(packet, target)?;
        self.begin(packet, sending);
        Ok(())
    }

    fn may_begin(&self, packet: &Packet, target: Layer) -> Result<(), DropReason> {
        if !packet.newest {
            return Err(DropReason::TooOld);
        }
        if self.mode != Mode::Video {
            return Ok(());
        }
        if packet.scalability == Scalability::Simulcast {
            let from = self.sending.map(|sending| sending.stream);
            if !leads_to(packet.stream, from, target.spatial) {
                return Err(DropReason::OtherStream);
            }
        }
        if !packet.starts_key_frame {
            return Err(DropReason::AwaitingKeyFrame);
        }
        Ok(())
    }

    fn begin(&mut self, packet: &Packet, sending: Sending) {
        let target = self.target.map_or(0, |target| target.temporal);
        self.sending = Some(sending);
        self.paused = None;
        self.sequence.start(packet.sequence);
        self.timeline.start(packet);
        self.selector = match &packet.content {
            Content::Audio(_) | Content::Plain | Content::Padding => Selector::Whole,
            Content::Vp8(vp8) => {
                self.vp8.start(vp8, target);
                Selector::Vp8
            }
            Content::Vp9(_) => Selector::Vp9(Vp9Selector::new()),
            Content::Described(frame) => Selector::DecodeTargets(DecodeTargets::new(frame)),
        };
    }

    fn choose(&mut self, packet: &Packet, target: Layer) -> Choice {
        // Within one of several streams the temporal layer alone is chosen.
        let target = match packet.scalability {
            Scalability::Svc => target,
            Scalability::Simulcast => Layer {
                spatial: u8::MAX,
                ..target
            },
        };
        match (&mut self.selector, &packet.content) {
            (Selector::Vp8, Content::Vp8(vp8)) => self.vp8.choose(packet, vp8, target.temporal),
            (Selector::Vp9(selector), Content::Vp9(descriptor)) => {
                selector.choose(packet, descriptor, target)
            }
            (Selector::DecodeTargets(selector), Content::Described(frame)) => {
                selector.choose(packet, frame, target)
            }
            _ => Choice::keep(packet.marker, None),
        }
    }

    /// Passes over a packet, so that the next one follows without a gap.
    fn skip(&mut self, packet: &Packet, reason: DropReason) -> Verdict {
        match self.sequence.skip(packet.sequence) {
            Skipped::Nothing => Verdict::Drop(reason),
            Skipped::Unplaced(unplaced) => Verdict::Drop(unplaced.into()),
            Skipped::Reserved(sequence) => Verdict::Forward(Outgoing {
                sequence,
                timestamp: self.timeline.map(packet),
                marker: false,
                vp8: None,
                payload: Payload::Empty,
            }),
        }
    }

    fn payload(&self, packet: &Packet) -> Payload {
        match (self.mode, &packet.content) {
            (Mode::Audio { unwrap_red: true }, Content::Audio(Some(primary))) => {
                Payload::Part(primary.clone())
            }
            _ => Payload::Whole,
        }
    }
}

impl Sending {
    fn of(packet: &Packet) -> Self {
        Self {
            stream: packet.stream,
            epoch: packet.epoch,
            scalability: packet.scalability,
        }
    }
}

impl Selector {
    fn wants_key_frame(&self, target: Layer) -> bool {
        match self {
            Self::Whole | Self::Vp8 => false,
            Self::Vp9(selector) => selector.wants_key_frame(target),
            Self::DecodeTargets(selector) => selector.wants_key_frame(),
        }
    }
}

impl From<Unplaced> for DropReason {
    fn from(unplaced: Unplaced) -> Self {
        match unplaced {
            Unplaced::Seen => Self::Duplicate,
            Unplaced::TooOld => Self::TooOld,
        }
    }
}

/// Whether beginning with a stream brings the target nearer: from nothing each stream up to it,
/// else those between.
fn leads_to(stream: u8, from: Option<u8>, target: u8) -> bool {
    match from {
        None => stream <= target,
        Some(from) if from == stream => true,
        Some(from) if from < target => from < stream && stream <= target,
        Some(from) => target <= stream && stream < from,
    }
}

fn initial_target(mode: Mode) -> Option<Layer> {
    match mode {
        Mode::Audio { .. } => Some(Layer::HIGHEST),
        Mode::Video => None,
    }
}

fn clock_rate(mode: Mode) -> u32 {
    match mode {
        Mode::Audio { .. } => 48_000,
        Mode::Video => 90_000,
    }
}

#[cfg(test)]
mod histories;
#[cfg(test)]
mod scalable;
#[cfg(test)]
mod tests;

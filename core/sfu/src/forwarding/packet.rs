//! One RTP packet of a publisher, before and after it was read.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use crate::codec::dependency_descriptor::{MAX_CHAINS, References, Structure};
use crate::codec::{vp8, vp9};
use crate::layers::{Layer, Scalability};
use crate::peer::SenderReport;

/// One RTP packet as the publisher sent it.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// Another SSRC on the same stream means that the publisher started it anew.
    pub ssrc: u32,
    /// Index of the simulcast stream, lowest first; 0 for scalable streams and audio.
    pub stream: usize,
    /// The sequence number, extended by its roll-overs.
    pub sequence: u64,
    pub timestamp: u32,
    pub marker: bool,
    pub payload: &'a [u8],
    /// The header extension's bytes.
    pub dependency_descriptor: Option<&'a [u8]>,
    pub arrived: Instant,
    /// The newest of this SSRC.
    pub sender_report: Option<SenderReport>,
}

/// One packet, read once for all who get it.
#[derive(Clone, Debug)]
pub struct Packet {
    pub(super) stream: u8,
    /// Counts the starts of the stream.
    pub(super) epoch: u32,
    pub(super) scalability: Scalability,
    pub(super) sequence: u64,
    /// No later packet of the stream came before.
    pub(super) newest: bool,
    pub(super) timestamp: u32,
    pub(super) marker: bool,
    pub(super) arrived: Instant,
    pub(super) sender_report: Option<SenderReport>,
    pub(super) starts_key_frame: bool,
    pub(super) content: Content,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    /// With the primary block, if the payload is RED.
    Audio(Option<Range<usize>>),
    Vp8(Vp8),
    Vp9(vp9::Descriptor),
    /// AV1 (or another codec) described by its dependency descriptor.
    Described(Box<Frame>),
    /// Video without anything to choose from.
    Plain,
    /// No media: the publisher's way is probed (RFC 3550, section 5.1).
    Padding,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Vp8 {
    pub(super) descriptor: vp8::Descriptor,
    /// The picture id, extended by its roll-overs.
    pub(super) picture: Option<u64>,
}

/// What the dependency descriptor says about the packet's frame.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// The frame number, extended by its roll-overs.
    pub(super) number: u64,
    pub(super) spatial: u8,
    pub(super) temporal: u8,
    pub(super) ends: bool,
    /// One bit for each decode target that the frame is part of.
    pub(super) present: u32,
    /// One bit for each decode target that can begin here.
    pub(super) switches: u32,
    /// One bit for each decode target of which later frames may depend on this one.
    pub(super) needed: u32,
    pub(super) references: References,
    pub(super) chain_differences: [u8; MAX_CHAINS],
    pub(super) active_decode_targets: u32,
    pub(super) structure: Arc<Structure>,
}

impl Packet {
    /// The layer that the packet belongs to, for [`crate::layers::TrackLayers`].
    pub fn layer(&self) -> Layer {
        let (spatial, temporal) = match &self.content {
            Content::Audio(_) | Content::Plain | Content::Padding => (0, 0),
            Content::Vp8(vp8) => (0, vp8.temporal()),
            Content::Vp9(descriptor) => (descriptor.spatial(), descriptor.temporal()),
            Content::Described(frame) => (frame.spatial, frame.temporal),
        };
        match self.scalability {
            Scalability::Simulcast => Layer {
                spatial: self.stream,
                temporal,
            },
            Scalability::Svc => Layer { spatial, temporal },
        }
    }

    /// Index of the simulcast stream.
    pub fn stream(&self) -> usize {
        usize::from(self.stream)
    }

    /// The packet carries nothing.
    pub fn is_padding(&self) -> bool {
        matches!(self.content, Content::Padding)
    }

    /// The packet is the first of a frame from which a decoder can start.
    pub fn starts_key_frame(&self) -> bool {
        self.starts_key_frame
    }
}

impl Vp8 {
    pub(super) fn temporal(&self) -> u8 {
        self.descriptor.temporal.map_or(0, |temporal| temporal.id)
    }
}

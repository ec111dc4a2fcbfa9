//! Reads the packets of one published track, each once for all who get it.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Codec;
use super::packet::{Content, Frame, Incoming, Packet, Vp8};
use super::unwrap::Unwrapper;
use crate::codec::av1::AggregationHeader;
use crate::codec::dependency_descriptor::{Descriptor, Indication, Structure};
use crate::codec::{Malformed, h264, red, vp8, vp9};
use crate::layers::{SPATIAL_LAYERS, Scalability};

/// One published track in one codec.
#[derive(Debug)]
pub struct Source {
    codec: Codec,
    scalability: Scalability,
    streams: [Stream; SPATIAL_LAYERS],
}

/// One simulcast stream, from its latest start.
#[derive(Debug, Default)]
struct Stream {
    epoch: u32,
    origin: Option<Origin>,
    retired: Retired,
    numbers: Unwrapper,
    /// H264: key frames bring their parameter sets along.
    parameter_sets: bool,
    structure: Option<Attached>,
    active_decode_targets: u32,
}

/// The dependency structure, with the number of the key frame that brought it.
#[derive(Debug)]
struct Attached {
    frame: u64,
    structure: Arc<Structure>,
}

#[derive(Clone, Copy, Debug)]
struct Origin {
    ssrc: u32,
    newest: u64,
}

/// The SSRCs before the latest start, whose stragglers are dropped: a publisher may start several times while a packet is
/// on its way.
#[derive(Debug, Default)]
struct Retired(VecDeque<u32>);

impl Retired {
    fn has(&self, ssrc: u32) -> bool {
        self.0.contains(&ssrc)
    }

    fn add(&mut self, ssrc: u32) {
        if self.0.len() == MOST_RETIRED {
            self.0.pop_front();
        }
        self.0.push_back(ssrc);
    }
}

impl Source {
    /// VP8 and H264 are [`Scalability::Simulcast`] with one stream or more; VP9 and AV1 usually
    /// [`Scalability::Svc`]; of audio it says nothing.
    pub fn new(codec: Codec, scalability: Scalability) -> Self {
        Self {
            codec,
            scalability,
            streams: Default::default(),
        }
    }

    /// The publisher goes on in another codec with the same numbers: Opus with or without
    /// redundancy, which its encoder changes from packet to packet.
    pub fn set_audio_codec(&mut self, codec: Codec) {
        self.codec = codec;
    }

    /// Reads one packet. Those of streams beyond [`SPATIAL_LAYERS`] are refused.
    pub fn parse(&mut self, incoming: &Incoming<'_>) -> Result<Packet, Malformed> {
        if incoming.sequence > HIGHEST_SEQUENCE {
            return Err(Malformed::Invalid);
        }
        let stream = self.streams.get_mut(incoming.stream);
        let stream = stream.ok_or(Malformed::Invalid)?;
        let newest = stream.place(incoming)?;
        let (content, starts_key_frame) = stream.read(self.codec, incoming, newest)?;
        Ok(Packet {
            stream: u8::try_from(incoming.stream).map_err(|_| Malformed::Invalid)?,
            epoch: stream.epoch,
            scalability: self.scalability,
            sequence: incoming.sequence,
            newest,
            timestamp: incoming.timestamp,
            marker: incoming.marker,
            arrived: incoming.arrived,
            sender_report: incoming.sender_report,
            starts_key_frame,
            content,
        })
    }
}

impl Stream {
    /// Whether the packet is the newest of its stream, which it may start anew.
    fn place(&mut self, incoming: &Incoming<'_>) -> Result<bool, Malformed> {
        let Some(origin) = &mut self.origin else {
            self.start(incoming);
            return Ok(true);
        };
        if origin.ssrc != incoming.ssrc {
            if self.retired.has(incoming.ssrc) {
                return Err(Malformed::Superseded);
            }
            self.retired.add(origin.ssrc);
            self.start(incoming);
            return Ok(true);
        }
        if incoming.sequence.saturating_add(RESTART_DISTANCE) < origin.newest {
            self.start(incoming);
            return Ok(true);
        }
        let newest = incoming.sequence > origin.newest;
        origin.newest = origin.newest.max(incoming.sequence);
        Ok(newest)
    }

    fn start(&mut self, incoming: &Incoming<'_>) {
        *self = Self {
            epoch: self.epoch.wrapping_add(1),
            origin: Some(Origin {
                ssrc: incoming.ssrc,
                newest: incoming.sequence,
            }),
            retired: std::mem::take(&mut self.retired),
            ..Self::default()
        };
    }

    fn read(
        &mut self,
        codec: Codec,
        incoming: &Incoming<'_>,
        newest: bool,
    ) -> Result<(Content, bool), Malformed> {
        if incoming.payload.is_empty() {
            return Ok((Content::Padding, false));
        }
        match codec {
            Codec::Opus => Ok((Content::Audio(None), false)),
            Codec::Red => {
                let primary = red::primary(incoming.payload)?;
                Ok((Content::Audio(Some(primary.bytes)), false))
            }
            Codec::Vp8 => self.read_vp8(incoming.payload),
            Codec::H264 => self.read_h264(incoming.payload),
            Codec::Vp9 => {
                let descriptor = vp9::Descriptor::parse(incoming.payload)?;
                Ok((Content::Vp9(descriptor), descriptor.starts_key_frame()))
            }
            Codec::Av1 => self.read_av1(incoming, newest),
        }
    }

    fn read_vp8(&mut self, payload: &[u8]) -> Result<(Content, bool), Malformed> {
        let descriptor = vp8::Descriptor::parse(payload)?;
        let picture = descriptor
            .picture_id
            .map(|id| self.numbers.unwrap(u64::from(id.value), id.bits()));
        let vp8 = Vp8 {
            descriptor,
            picture,
        };
        Ok((Content::Vp8(vp8), descriptor.starts_key_frame))
    }

    fn read_h264(&mut self, payload: &[u8]) -> Result<(Content, bool), Malformed> {
        let content = h264::content(payload)?;
        self.parameter_sets |= content == h264::Content::ParameterSet;
        let starts_key_frame = match content {
            h264::Content::ParameterSet => true,
            h264::Content::Refresh => !self.parameter_sets,
            h264::Content::Other => false,
        };
        Ok((Content::Plain, starts_key_frame))
    }

    fn read_av1(
        &mut self,
        incoming: &Incoming<'_>,
        newest: bool,
    ) -> Result<(Content, bool), Malformed> {
        let header = AggregationHeader::parse(incoming.payload)?;
        let Some(bytes) = incoming.dependency_descriptor else {
            return Ok((Content::Plain, header.starts_sequence));
        };
        let known = self.structure.as_ref().map(|attached| &attached.structure);
        let descriptor = Descriptor::parse(bytes, known)?;
        let number = u64::from(descriptor.frame_number);
        let number = self.numbers.unwrap(number, u16::BITS);
        let active = descriptor.active_decode_targets;
        if newest {
            self.active_decode_targets = active.unwrap_or(self.active_decode_targets);
        }
        let replaces = |attached: &Attached| attached.frame < number;
        if descriptor.attached && self.structure.as_ref().is_none_or(replaces) {
            self.structure = Some(Attached {
                frame: number,
                structure: Arc::clone(&descriptor.structure),
            });
        }
        let starts_key_frame = descriptor.starts_key_frame();
        let indications = descriptor.indications;
        let switches = indications.mask(Indication::Switch);
        let frame = Frame {
            number,
            spatial: descriptor.spatial,
            temporal: descriptor.temporal,
            ends: descriptor.ends_frame,
            present: !indications.mask(Indication::NotPresent),
            switches,
            needed: switches | indications.mask(Indication::Required),
            references: descriptor.references,
            chain_differences: descriptor.chain_differences,
            active_decode_targets: active.unwrap_or(self.active_decode_targets),
            structure: descriptor.structure,
        };
        Ok((Content::Described(Box::new(frame)), starts_key_frame))
    }
}

/// Further back than any retransmission, a number belongs to a new start of the stream.
const RESTART_DISTANCE: u64 = 8 * super::sequence::WINDOW;

/// More starts than a publisher makes within the longest way of a packet.
const MOST_RETIRED: usize = 8;

/// A roll-over counter of 32 bits and a sequence number of 16.
const HIGHEST_SEQUENCE: u64 = (1 << 48) - 1;

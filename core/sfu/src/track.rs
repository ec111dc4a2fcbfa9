//! One published track: its codecs as they arrive, and everyone it goes to.

use std::time::Instant;

use livekit_protocol as proto;

use crate::dynacast::Dynacast;
use crate::forwarding::{Forwarder, Mode, Packet, Source};
use crate::key_frames::KeyFrames;
use crate::layers::{Dimensions, Layer, SPATIAL_LAYERS, Scalability, TrackLayers};
use crate::participant::ParticipantKey;
use crate::sdp::{Codec, Kind, Mid, Rid, Section};
use crate::slab::Key;

pub(crate) type TrackKey = Key<Track>;

pub(crate) struct Track {
    pub(crate) publisher: ParticipantKey,
    pub(crate) kind: Kind,
    pub(crate) info: proto::TrackInfo,
    /// As in `TrackInfo.codecs`; those that have a section.
    pub(crate) encodings: Vec<Encoding>,
    pub(crate) outlets: Vec<Outlet>,
    /// Somebody received it already.
    pub(crate) was_subscribed: bool,
}

/// One codec of a track, on one media section of its publisher.
pub(crate) struct Encoding {
    /// In `TrackInfo.codecs`.
    pub(crate) index: usize,
    pub(crate) mid: Mid,
    pub(crate) codec: Codec,
    /// Simulcast streams, lowest first; empty when there is one only.
    pub(crate) rids: Vec<Rid>,
    pub(crate) source: Source,
    pub(crate) layers: TrackLayers,
    pub(crate) key_frames: KeyFrames,
    pub(crate) dynacast: Dynacast,
    /// Media have come, in this codec.
    pub(crate) has_started: bool,
    scalability: Scalability,
}

/// The way of a track to one subscriber.
pub(crate) struct Outlet {
    pub(crate) subscriber: ParticipantKey,
    /// The subscriber's media section.
    pub(crate) mid: Mid,
    /// The encoding that is sent, by its index in `TrackInfo.codecs`.
    pub(crate) encoding: usize,
    pub(crate) forwarder: Forwarder,
    /// Those that the subscriber takes on the section.
    pub(crate) codecs: Vec<Codec>,
    /// The layer that the subscriber wants, as far as it was looked at.
    pub(crate) wanted: Option<Layer>,
    /// There is no room for it on the path.
    pub(crate) is_paused: bool,
    /// The publisher lets the subscriber have it. Checked again for each packet.
    pub(crate) is_permitted: bool,
}

impl Track {
    pub(crate) fn new(
        publisher: ParticipantKey,
        kind: Kind,
        info: proto::TrackInfo,
        encoding: Encoding,
    ) -> Self {
        Self {
            publisher,
            kind,
            info,
            encodings: vec![encoding],
            outlets: Vec::new(),
            was_subscribed: false,
        }
    }

    /// When its key frame requests or the word to its publisher are due.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let due = |encoding: &Encoding| {
            let times = [encoding.key_frames.deadline(), encoding.dynacast.deadline()];
            times.into_iter().flatten().min()
        };
        self.encodings.iter().filter_map(due).min()
    }

    pub(crate) fn source(&self) -> proto::TrackSource {
        self.info.source()
    }

    /// A muted track sends none.
    pub(crate) fn cancel_key_frames(&mut self) {
        for encoding in &mut self.encodings {
            for stream in 0..SPATIAL_LAYERS {
                encoding.key_frames.cancel(stream);
            }
        }
    }

    pub(crate) fn encoding_mut(&mut self, index: usize) -> Option<&mut Encoding> {
        self.encodings.iter_mut().find(|e| e.index == index)
    }

    pub(crate) fn encoding(&self, index: usize) -> Option<&Encoding> {
        self.encodings.iter().find(|e| e.index == index)
    }

    pub(crate) fn outlet(&self, subscriber: ParticipantKey) -> Option<&Outlet> {
        self.outlets.iter().find(|o| o.subscriber == subscriber)
    }

    pub(crate) fn outlet_mut(&mut self, subscriber: ParticipantKey) -> Option<&mut Outlet> {
        self.outlets.iter_mut().find(|o| o.subscriber == subscriber)
    }

    pub(crate) fn take_outlet(&mut self, subscriber: ParticipantKey) -> Option<Outlet> {
        let index = self
            .outlets
            .iter()
            .position(|o| o.subscriber == subscriber)?;
        Some(self.outlets.remove(index))
    }

    /// The first encoding that a client can take.
    pub(crate) fn encoding_for(&self, codecs: &[Codec]) -> Option<&Encoding> {
        let takes = |codec| codecs.contains(&codec);
        self.encodings.iter().find(|encoding| {
            let unwrapped = encoding.codec == Codec::Red && takes(Codec::Opus);
            takes(encoding.codec) || unwrapped
        })
    }
}

impl Encoding {
    pub(crate) fn new(
        index: usize,
        info: &proto::TrackInfo,
        section: &Section,
        codec: Codec,
    ) -> Self {
        let described = info.codecs.get(index);
        let scalability = scalability(codec, described, section);
        let declared: Vec<Dimensions> = described
            .map(|codec| codec.layers.iter().map(dimensions).collect())
            .unwrap_or_default();
        Self {
            index,
            mid: section.mid,
            codec,
            rids: ascending(section, described),
            source: Source::new(codec, scalability),
            layers: TrackLayers::new(scalability, &declared),
            key_frames: KeyFrames::new(),
            dynacast: Dynacast::new(),
            has_started: false,
            scalability,
        }
    }

    /// Whether a packet in this codec belongs to it. Opus comes with redundancy or without.
    pub(crate) fn accepts(&mut self, codec: Codec) -> bool {
        if codec == self.codec {
            return true;
        }
        let is_audio = codec.kind() == Kind::Audio && self.codec.kind() == Kind::Audio;
        if is_audio {
            self.source.set_audio_codec(codec);
            self.codec = codec;
        }
        is_audio
    }

    pub(crate) fn note(&mut self, now: Instant, packet: &Packet, bytes: usize) {
        self.has_started = true;
        self.layers.on_packet(now, packet.layer(), bytes);
        if packet.starts_key_frame() {
            self.key_frames.arrived(packet.stream());
        }
    }

    /// A scalable stream has one key frame for all layers.
    pub(crate) fn request_key_frame(&mut self, now: Instant, stream: usize) {
        let stream = match self.scalability {
            Scalability::Svc => 0,
            Scalability::Simulcast => stream.min(self.rids.len().saturating_sub(1)),
        };
        self.key_frames.request(now, stream);
    }

    /// The media turn out to be in another codec than announced.
    pub(crate) fn change_codec(&mut self, codec: Codec, info: &mut proto::TrackInfo) {
        if let Some(described) = info.codecs.get_mut(self.index) {
            described.mime_type = codec.mime().to_owned();
        }
        if self.index == 0 {
            info.mime_type = codec.mime().to_owned();
        }
        self.codec = codec;
        self.source = Source::new(codec, self.scalability);
    }

    /// Which simulcast stream a layer's name means.
    pub(crate) fn stream(&self, rid: Option<Rid>) -> usize {
        rid.and_then(|rid| self.rids.iter().position(|known| *known == rid))
            .unwrap_or(0)
    }

    pub(crate) fn rid(&self, stream: usize) -> Option<Rid> {
        self.rids.get(stream).copied()
    }
}

impl Outlet {
    pub(crate) fn takes_red(&self) -> bool {
        self.codecs.contains(&Codec::Red)
    }

    pub(crate) fn mode(kind: Kind, takes_red: bool) -> Mode {
        match kind {
            Kind::Audio => Mode::Audio {
                unwrap_red: !takes_red,
            },
            Kind::Video => Mode::Video,
        }
    }
}

fn scalability(
    codec: Codec,
    described: Option<&proto::SimulcastCodecInfo>,
    section: &Section,
) -> Scalability {
    let svc = match codec {
        Codec::Vp9 | Codec::Av1 => {
            section.rids.len() < 2
                && described.is_none_or(|codec| {
                    codec.video_layer_mode() != proto::video_layer::Mode::OneSpatialLayerPerStream
                })
        }
        Codec::Opus | Codec::Red | Codec::Vp8 | Codec::H264 => false,
    };
    if svc {
        Scalability::Svc
    } else {
        Scalability::Simulcast
    }
}

/// The layers' names from the lowest to the highest: as announced where they are, else as
/// LiveKit's clients call them (some describe them from the top), else as described.
fn ascending(section: &Section, described: Option<&proto::SimulcastCodecInfo>) -> Vec<Rid> {
    let mut rids = section.rids.clone();
    let announced: Vec<&str> = described
        .map(|codec| {
            codec
                .layers
                .iter()
                .map(|layer| layer.rid.as_str())
                .collect()
        })
        .unwrap_or_default();
    let orders = [announced.as_slice(), &["q", "h", "f"], &["2", "1", "0"]];
    for order in orders {
        let place = |rid: &Rid| order.iter().position(|name| *name == rid.as_str());
        if rids.iter().all(|rid| place(rid).is_some()) {
            rids.sort_by_key(place);
            return rids;
        }
    }
    rids
}

fn dimensions(layer: &proto::VideoLayer) -> Dimensions {
    Dimensions {
        width: layer.width,
        height: layer.height,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdp::{Direction, Mid, SectionKind};

    #[test]
    fn layers_described_from_the_top_are_put_in_order() {
        for (described, ordered) in [
            (["f", "h", "q"], ["q", "h", "f"]),
            (["q", "h", "f"], ["q", "h", "f"]),
            (["0", "1", "2"], ["2", "1", "0"]),
            (["low", "mid", "high"], ["low", "mid", "high"]),
        ] {
            let rids = ascending(&section(&described), None);

            let names: Vec<&str> = rids.iter().map(Rid::as_str).collect();
            assert_eq!(names, ordered);
        }
    }

    #[test]
    fn announced_names_beat_usual_ones() {
        let layer = |rid: &str| proto::VideoLayer {
            rid: rid.to_owned(),
            ..Default::default()
        };
        let announced = proto::SimulcastCodecInfo {
            layers: vec![layer("f"), layer("q")],
            ..Default::default()
        };

        let rids = ascending(&section(&["q", "f"]), Some(&announced));

        let names: Vec<&str> = rids.iter().map(Rid::as_str).collect();
        assert_eq!(names, ["f", "q"]);
    }

    fn section(rids: &[&str]) -> Section {
        Section {
            mid: Mid::new("0").unwrap(),
            kind: SectionKind::Video,
            direction: Direction::SendOnly,
            rejected: false,
            stream_id: None,
            track_id: None,
            rids: rids.iter().filter_map(|rid| Rid::new(rid)).collect(),
            codecs: vec![Codec::Vp8],
        }
    }
}

//! The way of a packet: from its publisher, once, to each subscriber who may have it.

use std::sync::Arc;
use std::time::Instant;

use super::{Alarm, Effect, Room};
use crate::connection::{ConnectionId, Order, Side};
use crate::drops::Drop;
use crate::forwarding::{DropReason, Incoming, Outgoing, Payload, Verdict};
use crate::participant::{ParticipantKey, downstream};
use crate::peer::{MediaPacket, OutgoingPacket, Vp8Rewrite};
use crate::sdp::{Codec, Kind, Mid};
use crate::track::{Encoding, Outlet, TrackKey};

impl Room {
    /// # Security
    ///
    /// What a participant may publish, and who may receive it, is checked here for each packet,
    /// whatever signalling believes.
    pub(super) fn forward(&mut self, now: Instant, from: ParticipantKey, packet: &MediaPacket) {
        let Some(forwarding) = self.route(from, packet.mid) else {
            self.drop_counted(Drop::Media);
            return;
        };
        let Some(track) = self.tracks.get_mut(forwarding.track) else {
            return;
        };
        let Some(encoding) = track.encodings.get_mut(forwarding.place) else {
            return;
        };
        if track.info.muted {
            return;
        }
        if !encoding.accepts(packet.codec) {
            self.other_codec_came(now, &forwarding, packet.codec);
            return;
        }
        let incoming = incoming(encoding, packet);
        let Ok(read) = encoding.source.parse(&incoming) else {
            self.effects.push_back(Effect::Drop(Drop::Payload));
            return;
        };
        let is_padding = read.is_padding();
        if !is_padding {
            encoding.note(now, &read, packet.payload.len());
        }
        let mut unwrapped = None;
        let mut waits = false;
        for outlet in &mut track.outlets {
            if outlet.encoding != encoding.index {
                continue;
            }
            let Some(subscriber) = self.roster.get(outlet.subscriber) else {
                continue;
            };
            let may_receive = outlet.is_permitted && subscriber.card.permission.can_subscribe;
            if !may_receive || !subscriber.paths.is_up(subscriber.downstream()) {
                continue;
            }
            match outlet.forwarder.forward(&read) {
                Verdict::Forward(outgoing) => {
                    let to = downstream(outlet.subscriber, subscriber);
                    let packet = compose(outlet, packet, outgoing, &mut unwrapped);
                    self.effects
                        .push_back(Effect::Order(to, Order::Send(packet)));
                }
                Verdict::Drop(reason) => waits |= reason == DropReason::AwaitingKeyFrame,
            }
            // An upper layer of a scalable stream may turn out to need one with any packet.
            waits |= outlet.forwarder.wants_key_frame().is_some();
        }
        if waits {
            self.refresh_key_frames(now, forwarding.track);
        }
        if !is_padding {
            self.screen_sent(from, forwarding.track, packet.payload.len());
        }
        if let Some(level) = packet.audio_level {
            self.heard_speaking(now, from, level);
        }
    }

    /// A client may start in another codec than it announced, but not change it later.
    fn other_codec_came(&mut self, now: Instant, route: &Route, codec: Codec) {
        self.drop_counted(Drop::Media);
        let Some(track) = self.tracks.get_mut(route.track) else {
            return;
        };
        let changed = track
            .encodings
            .get_mut(route.place)
            .is_some_and(|encoding| {
                let changes = !encoding.has_started && codec.kind() == encoding.codec.kind();
                if changes {
                    encoding.change_codec(codec, &mut track.info);
                }
                changes
            });
        if changed {
            let publisher = track.publisher;
            self.announce(publisher);
            self.encodings_changed(now, route.track);
        }
    }

    fn route(&self, from: ParticipantKey, mid: Mid) -> Option<Route> {
        let participant = self.roster.get(from)?;
        let bound = participant.publishing.bound_to(mid)?;
        let track = self.tracks.get(bound.track)?;
        if !self.may_publish(from, &track.info) {
            return None;
        }
        let place = track
            .encodings
            .iter()
            .position(|e| e.index == bound.codec)?;
        Some(Route {
            track: bound.track,
            place,
        })
    }

    /// A subscriber's decoder is stuck.
    pub(super) fn key_frame_wanted(&mut self, now: Instant, subscriber: ParticipantKey, mid: Mid) {
        let carried = self
            .participant(subscriber)
            .map(|p| p.negotiation.carried());
        let Some(track_key) = carried.and_then(|carried| carried.get(&mid).copied()) else {
            return;
        };
        let Some(track) = self.tracks.get_mut(track_key) else {
            return;
        };
        let Some(outlet) = track.outlet(subscriber) else {
            return;
        };
        let stream = outlet
            .forwarder
            .current()
            .map_or(0, |layer| usize::from(layer.spatial));
        let index = outlet.encoding;
        if track.info.muted {
            return;
        }
        if let Some(encoding) = track.encoding_mut(index) {
            encoding.request_key_frame(now, stream);
        }
        self.ask_for_key_frames(now, track_key);
    }

    /// Wants key frames of exactly the streams that somebody waits for.
    pub(super) fn refresh_key_frames(&mut self, now: Instant, track_key: TrackKey) {
        let Some(track) = self.tracks.get_mut(track_key) else {
            return;
        };
        if track.kind == Kind::Audio {
            return;
        }
        if track.info.muted {
            track.cancel_key_frames();
            return;
        }
        for outlet in &track.outlets {
            let is_up = self
                .roster
                .get(outlet.subscriber)
                .is_some_and(|subscriber| subscriber.paths.is_up(subscriber.downstream()));
            if let Some(stream) = outlet.forwarder.wants_key_frame()
                && is_up
                && let Some(encoding) = track
                    .encodings
                    .iter_mut()
                    .find(|e| e.index == outlet.encoding)
            {
                encoding.request_key_frame(now, stream);
            }
        }
        self.ask_for_key_frames(now, track_key);
    }

    fn ask_for_key_frames(&mut self, now: Instant, track_key: TrackKey) {
        let Some(track) = self.tracks.get_mut(track_key) else {
            return;
        };
        let publisher = ConnectionId {
            participant: track.publisher,
            side: Side::Publisher,
        };
        for encoding in &mut track.encodings {
            while let Some(stream) = encoding.key_frames.poll(now) {
                let mid = encoding.mid;
                let rid = encoding.rid(stream);
                self.effects.push_back(Effect::Order(
                    publisher,
                    Order::RequestKeyFrame { mid, rid },
                ));
            }
        }
        if let Some(at) = track.deadline() {
            self.schedule.set_by(Alarm::Track(track_key), at);
        }
    }

    /// A track was muted, which ends what it said, or opened, which begins with a key frame.
    pub(super) fn muted_changed(&mut self, now: Instant, track_key: TrackKey) {
        let muted = self
            .tracks
            .get(track_key)
            .is_some_and(|track| track.info.muted);
        if muted {
            self.silenced(track_key);
        } else {
            self.refresh_key_frames(now, track_key);
        }
    }
}

/// Where a publisher's packet belongs.
struct Route {
    track: TrackKey,
    /// Among the track's encodings.
    place: usize,
}

fn incoming<'a>(encoding: &Encoding, packet: &'a MediaPacket) -> Incoming<'a> {
    Incoming {
        ssrc: packet.ssrc,
        stream: encoding.stream(packet.rid),
        sequence: packet.sequence,
        timestamp: packet.timestamp,
        marker: packet.marker,
        payload: &packet.payload,
        dependency_descriptor: packet.dependency_descriptor.as_deref(),
        arrived: packet.arrival,
        sender_report: packet.sender_report,
    }
}

fn compose(
    outlet: &Outlet,
    packet: &MediaPacket,
    outgoing: Outgoing,
    unwrapped: &mut Option<Arc<[u8]>>,
) -> OutgoingPacket {
    let payload = match outgoing.payload {
        Payload::Whole => packet.payload.clone(),
        Payload::Empty => Arc::default(),
        // The same bytes for everybody who takes no RED.
        Payload::Part(range) => unwrapped
            .get_or_insert_with(|| packet.payload.get(range).unwrap_or_default().into())
            .clone(),
    };
    let codec = match packet.codec {
        Codec::Red if !outlet.takes_red() => Codec::Opus,
        codec => codec,
    };
    OutgoingPacket {
        mid: outlet.mid,
        codec,
        sequence: outgoing.sequence,
        timestamp: outgoing.timestamp,
        marker: outgoing.marker,
        audio_level: packet.audio_level,
        dependency_descriptor: packet.dependency_descriptor.clone(),
        rotation: packet.rotation,
        capture_time: packet.capture_time,
        retransmit: codec.kind() == Kind::Video,
        payload,
        arrival: packet.arrival,
        vp8: outgoing.vp8.map(|values| Vp8Rewrite {
            picture_id: values.picture_id,
            tl0_pic_idx: values.tl0_pic_idx,
            key_idx: values.key_idx,
        }),
    }
}

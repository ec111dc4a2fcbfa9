//! What a client sends.

use livekit_protocol as proto;
use prost::Message as _;
use proto::data_packet::Value;
use rand::Rng;

use super::Play;
use crate::connection::{Report, Side};
use crate::peer::{DataChannel, MediaPacket};
use crate::room::histories::client::MOST;
use crate::sdp::{Codec, Kind, Mid};

impl Play {
    pub(super) fn send_media(&mut self, at: usize) {
        if let Some(cid) = self.any_track(at) {
            let key = self.rng.random_bool(0.3);
            self.send_packet(at, &cid, key);
        }
    }

    pub(super) fn send_packet(&mut self, at: usize, cid: &str, key: bool) {
        let Some(id) = self.connection_id(at, Side::Publisher) else {
            return;
        };
        let client = &mut self.clients[at];
        let Some(track) = client.tracks.get_mut(cid) else {
            return;
        };
        let Some(mid) = track.mid.as_deref().and_then(Mid::new) else {
            return;
        };
        track.packets += 1;
        let mut payload = match track.kind {
            Kind::Audio => Vec::new(),
            // A VP8 descriptor that starts a frame, and its first byte.
            Kind::Video => vec![0x10, u8::from(!key)],
        };
        payload.extend_from_slice(track.sid.as_bytes());
        let packet = MediaPacket {
            mid,
            rid: None,
            ssrc: 1,
            codec: match track.kind {
                Kind::Audio => Codec::Opus,
                Kind::Video => Codec::Vp8,
            },
            sequence: track.packets,
            timestamp: track.packets as u32 * 3_000,
            marker: true,
            audio_level: None,
            dependency_descriptor: None,
            rotation: None,
            capture_time: None,
            payload: payload.into(),
            arrival: self.now,
            sender_report: None,
        };
        self.reports.push_back((id, Report::Media(packet)));
    }

    pub(super) fn send_data(&mut self, at: usize) {
        let Some(id) = self.connection_id(at, Side::Publisher) else {
            return;
        };
        let named: Vec<String> = (0..MOST)
            .filter(|_| self.rng.random_bool(0.3))
            .map(|index| format!("p{index}"))
            .collect();
        let client = &mut self.clients[at];
        let recipients = if named.is_empty() {
            "*".to_owned()
        } else {
            named.join(",")
        };
        client.last_data += 1;
        let inside = self.rng.random_bool(0.5);
        let (outer, inner) = if inside {
            (Vec::new(), named)
        } else {
            (named, Vec::new())
        };
        #[expect(deprecated, reason = "livekit-client addresses here")]
        let user = proto::UserPacket {
            payload: format!("{}>{recipients}", client.identity).into_bytes(),
            destination_identities: inner,
            participant_identity: "somebody else".to_owned(),
            ..Default::default()
        };
        let packet = proto::DataPacket {
            participant_identity: "somebody else".to_owned(),
            destination_identities: outer,
            sequence: client.last_data,
            value: Some(Value::User(user)),
            ..Default::default()
        };
        let report = Report::Data {
            channel: DataChannel::Reliable,
            bytes: packet.encode_to_vec(),
        };
        self.reports.push_back((id, report));
    }
}

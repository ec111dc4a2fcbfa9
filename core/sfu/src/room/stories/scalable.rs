use std::time::Duration;

use conclave_livekit::join::Topology;
use livekit_protocol as proto;
use proto::signal_request::Message as Ask;

use super::stage::{Stage, add_track, offer, receiving_offer};
use crate::connection::Report;
use crate::peer::{MediaPacket, OutgoingPacket};
use crate::sdp::{Codec, Mid};

#[test]
fn an_upper_layer_for_which_there_is_room_again_is_asked_for_and_sent() {
    let mut camera = Camera::watched();
    camera.live(15);
    assert_eq!(camera.layers(), 3);

    camera.estimate(120_000);
    camera.live(30);
    assert_eq!(camera.layers(), 1);
    camera.stage.key_frames.clear();

    camera.estimate(10_000_000);
    camera.live(15);

    assert!(!camera.stage.key_frames.is_empty());
    camera.key_picture();
    assert_eq!(camera.layers(), 3);
}

#[test]
fn an_upper_layer_that_is_wanted_again_is_asked_for_and_sent() {
    let mut camera = Camera::watched();
    camera.want(proto::VideoQuality::Low);
    camera.live(30);
    assert_eq!(camera.layers(), 1);
    camera.stage.key_frames.clear();

    camera.want(proto::VideoQuality::High);
    camera.live(15);

    assert!(!camera.stage.key_frames.is_empty());
    camera.key_picture();
    assert_eq!(camera.layers(), 3);
}

/// Bob's VP9 in three spatial layers that build on each other in key pictures only, at 15
/// pictures per second; ann watches.
struct Camera {
    stage: Stage,
    sid: String,
    sequence: u64,
    picture: u16,
}

const MID: &str = "x";
const PICTURE: Duration = Duration::from_millis(66);
const HEIGHTS: [u32; 3] = [180, 360, 720];

impl Camera {
    fn watched() -> Self {
        let mut stage = Stage::new();
        stage.meet("ann", Topology::Single);
        stage.meet("bob", Topology::Single);
        let layers = (0..)
            .zip(HEIGHTS)
            .map(|(spatial, height)| proto::VideoLayer {
                quality: spatial,
                width: height * 16 / 9,
                height,
                spatial_layer: spatial,
                ..Default::default()
            });
        let codec = proto::SimulcastCodec {
            codec: "vp9".to_owned(),
            cid: MID.to_owned(),
            layers: layers.collect(),
            video_layer_mode: proto::video_layer::Mode::MultipleSpatialLayersPerStream as i32,
        };
        let mut request = add_track("video", MID);
        request.layers = codec.layers.clone();
        request.simulcast_codecs = vec![codec];
        stage.ask("bob", Ask::AddTrack(request));
        let mut description = offer(1, &[("video", MID, Some(MID))]);
        description.sdp = description.sdp.replace("VP8", "VP9");
        stage.ask("bob", Ask::Offer(description));
        stage.ask("ann", Ask::Offer(receiving_offer(2)));
        let sid = stage.room.tracks.values().next().expect("a track");
        let sid = sid.info.sid.clone();
        let mut camera = Self {
            stage,
            sid,
            sequence: 0,
            picture: 0,
        };
        camera.key_picture();
        camera
    }

    fn want(&mut self, quality: proto::VideoQuality) {
        let setting = proto::UpdateTrackSettings {
            track_sids: vec![self.sid.clone()],
            quality: quality as i32,
            ..Default::default()
        };
        self.stage.ask("ann", Ask::TrackSetting(setting));
    }

    fn estimate(&mut self, bitrate: u64) {
        let estimate = Report::BandwidthEstimate { bitrate };
        self.stage.publisher_reports("ann", estimate);
    }

    fn live(&mut self, pictures: usize) {
        for _ in 0..pictures {
            self.send(false);
        }
    }

    fn key_picture(&mut self) {
        self.send(true);
    }

    /// How many layers of the last picture ann was sent.
    fn layers(&mut self) -> usize {
        let sent = &self.stage.sent;
        let last = sent.last().map(|(_, packet)| packet.timestamp);
        let of_last = |(_, packet): &&(String, OutgoingPacket)| Some(packet.timestamp) == last;
        sent.iter().filter(of_last).count()
    }

    fn send(&mut self, key: bool) {
        self.stage.pass(PICTURE, &["ann", "bob"]);
        self.picture += 1;
        for spatial in 0..3 {
            self.sequence += 1;
            let packet = self.packet(spatial, key);
            self.stage.publisher_reports("bob", Report::Media(packet));
        }
    }

    /// RFC 9628, section 4.2, in its non-flexible mode. Each layer has twice the bytes of the one below.
    fn packet(&self, spatial: u8, key: bool) -> MediaPacket {
        let flags = 0xac | u8::from(!key) << 6;
        let [high, low] = (self.picture & 0x7fff).to_be_bytes();
        let layer = spatial << 1 | u8::from(key && spatial > 0);
        let mut payload = vec![flags, high | 0x80, low, layer, 0];
        payload.resize(500 << spatial, 0x86);
        MediaPacket {
            mid: Mid::new(MID).expect("a name"),
            rid: None,
            ssrc: 1,
            codec: Codec::Vp9,
            sequence: self.sequence,
            timestamp: u32::from(self.picture) * 6_000,
            marker: spatial == 2,
            audio_level: None,
            dependency_descriptor: None,
            rotation: None,
            capture_time: None,
            payload: payload.into(),
            arrival: self.stage.now,
            sender_report: None,
        }
    }
}

//! What a client publishes.

use livekit_protocol as proto;
use proto::signal_request::Message as Ask;
use rand::Rng;

use super::Play;
use crate::room::histories::client::{Section, Track, Use};
use crate::sdp::Kind;

impl Play {
    pub(super) fn publish(&mut self, at: usize) {
        let announce_first = self.rng.random_bool(0.7);
        let kind = if self.rng.random_bool(0.5) {
            Kind::Audio
        } else {
            Kind::Video
        };
        let client = &mut self.clients[at];
        if client.session.is_none() {
            return;
        }
        let cid = client.name();
        let mid = client.name();
        client.sections.push(Section {
            mid: mid.clone(),
            kind,
            use_: Use::Send(cid.clone()),
        });
        client.tracks.insert(
            cid.clone(),
            Track {
                kind,
                sid: String::new(),
                mid: None,
                is_muted: false,
                packets: 0,
            },
        );
        let request = Ask::AddTrack(add_track(&cid, kind));
        if announce_first {
            self.ask(at, request);
            self.drain();
            self.offer(at);
        } else {
            self.offer(at);
            self.drain();
            self.ask(at, request);
        }
        self.drain();
        if let Some(track) = self.clients[at].tracks.get_mut(&cid) {
            track.mid = (!track.sid.is_empty()).then_some(mid);
        }
    }

    pub(super) fn unpublish(&mut self, at: usize) {
        let Some(cid) = self.any_track(at) else {
            return;
        };
        let client = &mut self.clients[at];
        if client.session.is_none() {
            return;
        }
        for section in &mut client.sections {
            if section.use_ == Use::Send(cid.clone()) {
                section.use_ = Use::Stopped;
            }
        }
        client.tracks.remove(&cid);
        self.offer(at);
    }

    pub(super) fn mute(&mut self, at: usize) {
        let Some(cid) = self.any_track(at) else {
            return;
        };
        let muted = self.rng.random_bool(0.5);
        let client = &mut self.clients[at];
        if client.session.is_none() {
            return;
        }
        let Some(track) = client.tracks.get_mut(&cid) else {
            return;
        };
        track.is_muted = muted;
        let sid = track.sid.clone();
        self.ask(at, Ask::Mute(proto::MuteTrackRequest { sid, muted }));
    }
}

fn add_track(cid: &str, kind: Kind) -> proto::AddTrackRequest {
    let (kind, source) = match kind {
        Kind::Audio => (proto::TrackType::Audio, proto::TrackSource::Microphone),
        Kind::Video => (proto::TrackType::Video, proto::TrackSource::Camera),
    };
    proto::AddTrackRequest {
        cid: cid.to_owned(),
        r#type: kind as i32,
        source: source as i32,
        ..Default::default()
    }
}

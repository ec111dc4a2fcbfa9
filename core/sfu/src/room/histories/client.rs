//! A client and its connections, as far as a room sees them.

use std::collections::{BTreeMap, BTreeSet};

use conclave_livekit::join::Topology;
use livekit_protocol as proto;

use crate::command::SessionId;
use crate::connection::Side;
use crate::peer::OfferChange;
use crate::sdp::{Kind, Mid};

/// Of clients in one room.
pub(super) const MOST: usize = 5;

pub(super) struct Client {
    pub(super) identity: String,
    pub(super) topology: Topology,
    pub(super) automatic: bool,
    pub(super) session: Option<SessionId>,
    pub(super) sid: String,
    /// `None`: not in the room.
    pub(super) permission: Option<proto::ParticipantPermission>,
    pub(super) connections: BTreeMap<Side, Connection>,
    /// What it offers, in order.
    pub(super) sections: Vec<Section>,
    /// Announced and published tracks by cid.
    pub(super) tracks: BTreeMap<String, Track>,
    /// `None`: everybody.
    pub(super) audience: Option<BTreeSet<String>>,
    /// What it said about single tracks.
    pub(super) desires: BTreeMap<String, bool>,
    pub(super) disabled: BTreeSet<String>,
    /// An offer of the server's that it has not answered.
    pub(super) unanswered: Option<u32>,
    /// Sections that it is asked to add with its next offer; `Some` asks for one.
    pub(super) asked: Option<(u32, u32)>,
    /// What it was told last of each participant session.
    pub(super) known: BTreeMap<String, proto::ParticipantInfo>,
    pub(super) departed: BTreeSet<String>,
    pub(super) last_offer: u32,
    pub(super) last_data: u32,
    pub(super) numbers: u32,
}

#[derive(Default)]
pub(super) struct Connection {
    pub(super) is_up: bool,
    /// What the client's sections carry, by what it was told.
    pub(super) carries: BTreeMap<Mid, Carries>,
    pub(super) offered: Option<OfferChange>,
    pub(super) has_offered: bool,
    pub(super) sections: u32,
}

#[derive(Default)]
pub(super) struct Carries {
    /// The sid of the track that the section is said to carry.
    pub(super) track: Option<String>,
    /// Of the packets on the section's present SSRC.
    pub(super) last_sequence: Option<u64>,
}

pub(super) struct Section {
    pub(super) mid: String,
    pub(super) kind: Kind,
    pub(super) use_: Use,
}

#[derive(PartialEq, Eq)]
pub(super) enum Use {
    Receive,
    Send(String),
    Stopped,
}

pub(super) struct Track {
    pub(super) kind: Kind,
    /// Empty before the server said it.
    pub(super) sid: String,
    pub(super) mid: Option<String>,
    pub(super) is_muted: bool,
    pub(super) packets: u64,
}

impl Client {
    pub(super) fn new(identity: String, topology: Topology, automatic: bool) -> Self {
        Self {
            identity,
            topology,
            automatic,
            session: None,
            sid: String::new(),
            permission: None,
            connections: BTreeMap::new(),
            sections: Vec::new(),
            tracks: BTreeMap::new(),
            audience: None,
            desires: BTreeMap::new(),
            disabled: BTreeSet::new(),
            unanswered: None,
            asked: None,
            known: BTreeMap::new(),
            departed: BTreeSet::new(),
            last_offer: 0,
            last_data: 0,
            numbers: 0,
        }
    }

    pub(super) fn is_in(&self) -> bool {
        self.permission.is_some()
    }

    pub(super) fn downstream(&self) -> Side {
        match self.topology {
            Topology::Single => Side::Publisher,
            Topology::Dual => Side::Subscriber,
        }
    }

    pub(super) fn sides(&self) -> Vec<Side> {
        self.connections.keys().copied().collect()
    }

    pub(super) fn name(&mut self) -> String {
        self.numbers += 1;
        format!("{}{}", self.identity, self.numbers)
    }

    pub(super) fn desires(&self, track: &str) -> bool {
        self.desires.get(track).copied().unwrap_or(self.automatic)
    }

    /// The client's next offer, with the sections that it was asked for.
    pub(super) fn offer(&mut self) -> proto::SessionDescription {
        let (audios, videos) = self.asked.take().unwrap_or_default();
        for (count, kind) in [(audios, Kind::Audio), (videos, Kind::Video)] {
            for _ in 0..count {
                let mid = self.name();
                let use_ = Use::Receive;
                self.sections.push(Section { mid, kind, use_ });
            }
        }
        self.last_offer += 1;
        proto::SessionDescription {
            r#type: "offer".to_owned(),
            sdp: self.sdp(),
            id: self.last_offer,
            ..Default::default()
        }
    }

    fn sdp(&self) -> String {
        let mut sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n".to_owned();
        sdp += "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:data\r\n";
        for section in &self.sections {
            sdp += match section.kind {
                Kind::Audio => "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n",
                Kind::Video => "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n",
            };
            sdp += &format!("a=mid:{}\r\n", section.mid);
            match &section.use_ {
                Use::Receive => sdp += "a=recvonly\r\n",
                Use::Send(cid) => sdp += &format!("a=sendonly\r\na=msid:- {cid}\r\n"),
                Use::Stopped => sdp += "a=inactive\r\n",
            }
        }
        sdp
    }
}

//! Calls that are set up, and what they carry.

use super::*;

pub(super) const PAYLOAD: &[u8] = &[0x10, 2, 3, 4];

/// A client that listens on one audio and one video section, and is connected.
pub(super) fn listening_call(role: Role) -> (Call, Mid, Mid) {
    let mut call = Call::new(role, 1);
    let ((audio, video), _) = call.client_offers(
        |api| {
            let audio = add(api, MediaKind::Audio, Direction::RecvOnly);
            (audio, add(api, MediaKind::Video, Direction::RecvOnly))
        },
        |_, (audio, video)| plan_to_send(&[Mid::new(audio).unwrap(), Mid::new(video).unwrap()]),
    );
    call.connect();
    (call, Mid::new(&audio).unwrap(), Mid::new(&video).unwrap())
}

/// A client that publishes audio, and video in three layers.
pub(super) fn publishing_call() -> (Call, EngineMid, EngineMid) {
    let mut call = Call::new(Role::Publisher, 2);
    let (mids, _) = call.client_offers(
        |api| {
            let mic = add(api, MediaKind::Audio, Direction::SendOnly);
            let layers = ["q", "h", "f"].map(SimulcastLayer::new);
            let simulcast = Simulcast {
                send: layers.to_vec(),
                recv: vec![],
            };
            let kind = MediaKind::Video;
            let camera = api.add_media(kind, Direction::SendOnly, None, None, Some(simulcast));
            (mic, camera)
        },
        |_, _| AnswerPlan::default(),
    );
    call.connect();
    (call, mids.0, mids.1)
}

/// v0: the connection offers one video section, which the client takes.
pub(super) fn subscribing_call() -> (Call, Mid) {
    let mut call = Call::new(Role::Subscriber, 3);
    let change = OfferChange {
        add: vec![NewSection {
            kind: Kind::Video,
            source: source("TR_one"),
        }],
        ..OfferChange::default()
    };
    let offer = call.peer.create_offer(call.now, &change).unwrap();
    assert!(offer.sdp.contains("a=msid:PA_x|camera TR_one"));
    call.client_answers(&offer.sdp);
    call.connect();
    call.run(Duration::from_secs(1));
    for channel in DataChannel::ALL {
        assert!(call.peer.is_open(channel), "{channel:?}");
    }
    call.heard.clear();
    (call, offer.added[0])
}

/// A client with the reliable channel, of its own, open.
pub(super) fn data_call() -> (Call, str0m::channel::ChannelId) {
    let mut call = Call::new(Role::Single, 4);
    let (id, _) = call.client_offers(
        |api| {
            api.add_channel_with_config(ChannelConfig {
                label: "_reliable".to_owned(),
                ..ChannelConfig::default()
            })
        },
        |_, _| AnswerPlan::default(),
    );
    call.connect();
    call.run(Duration::from_secs(1));
    assert!(call.peer.is_open(DataChannel::Reliable));
    (call, id)
}

pub(super) fn add(api: &mut SdpApi<'_>, kind: MediaKind, direction: Direction) -> EngineMid {
    api.add_media(kind, direction, None, None, None)
}

pub(super) fn plan_to_send(mids: &[Mid]) -> AnswerPlan {
    AnswerPlan {
        send: mids.iter().map(|mid| (*mid, source("TR_b"))).collect(),
        ..AnswerPlan::default()
    }
}

pub(super) fn source(track_id: &str) -> Source {
    Source {
        stream_id: "PA_x|camera".to_owned(),
        track_id: track_id.to_owned(),
        stereo: false,
    }
}

pub(super) fn outgoing(mid: Mid, sequence: u64) -> OutgoingPacket {
    OutgoingPacket {
        mid,
        codec: Codec::Vp8,
        sequence,
        timestamp: sequence as u32 * 900,
        marker: false,
        audio_level: None,
        dependency_descriptor: None,
        rotation: None,
        capture_time: None,
        retransmit: true,
        payload: Arc::from(PAYLOAD),
        arrival: test_time::start(),
        vp8: None,
    }
}

/// A packet of the client's.
#[derive(Default)]
pub(super) struct OutgoingLike {
    pub(super) sequence: u64,
    pub(super) audio_level: Option<i8>,
    pub(super) descriptor: Option<Arc<[u8]>>,
}

impl OutgoingLike {
    pub(super) fn numbered(sequence: u64) -> Self {
        Self {
            sequence,
            ..Self::default()
        }
    }
}

pub(super) fn send_from_client(
    call: &mut Call,
    mid: EngineMid,
    rid: Option<&str>,
    packet: &OutgoingLike,
) {
    let mut values = ExtensionValues {
        audio_level: packet.audio_level,
        voice_activity: packet.audio_level.map(|_| true),
        ..ExtensionValues::default()
    };
    if let Some(descriptor) = &packet.descriptor {
        let carrier = OutgoingPacket {
            dependency_descriptor: Some(Arc::clone(descriptor)),
            ..outgoing(Mid::new("x").unwrap(), 0)
        };
        values = extensions::values_of(&carrier);
    }
    let now = call.now;
    call.change_client(|rtc| {
        let pt = rtc.media(mid).unwrap().remote_pts()[0];
        let mut api = rtc.direct_api();
        let stream = api.stream_tx_by_mid(mid, rid.map(Into::into)).unwrap();
        let time = packet.sequence as u32 * 900;
        stream.write_rtp(
            RtpWrite::new(pt, packet.sequence.into(), time, now, PAYLOAD)
                .ext_vals(values)
                .nackable(true),
        );
    });
    call.change_client(|rtc| rtc.handle_input(Input::Timeout(now)).unwrap());
}

pub(super) fn media(call: &Call) -> Vec<&MediaPacket> {
    call.said
        .iter()
        .filter_map(|output| match output {
            PeerOutput::Media(packet) => Some(packet),
            _ => None,
        })
        .collect()
}

pub(super) fn last_stats(call: &Call) -> &PeerStats {
    let stats = call.said.iter().rev().find_map(|output| match output {
        PeerOutput::Stats(stats) => Some(stats),
        _ => None,
    });
    stats.unwrap()
}

/// The user name fragments that were claimed and released.
pub(super) fn claims(call: &Call) -> (Vec<String>, Vec<String>) {
    let mut claimed = Vec::new();
    let mut released = Vec::new();
    for output in &call.said {
        match output {
            PeerOutput::Claim { ufrag } => claimed.push(ufrag.clone()),
            PeerOutput::Release { ufrag } => released.push(ufrag.clone()),
            _ => {}
        }
    }
    (claimed, released)
}

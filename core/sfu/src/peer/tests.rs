mod call;

use std::sync::Arc;

use rand::Rng;
use str0m::change::SdpApi;
use str0m::channel::ChannelConfig;
use str0m::media::{Direction, MediaKind, Mid as EngineMid, Simulcast, SimulcastLayer};
use str0m::rtp::{ExtensionValues, RtpWrite};
use str0m::{Event, IceConnectionState};

use self::call::{Call, config};
use super::sinks::engine_mid;
use super::*;
use crate::sdp::{AnswerPlan, Kind, Offer, Receive as Receiving, Source, recorded};
use crate::test_time;

#[test]
fn every_connection_is_sealed_with_aes_256_gcm() {
    for role in [Role::Single, Role::Publisher] {
        let call = listening_call(role).0;

        let security = call.said.iter().find_map(|output| match output {
            PeerOutput::Connected(security) => Some(security),
            _ => None,
        });
        let security = security.unwrap();
        assert_eq!(security.srtp, "SRTP_AEAD_AES_256_GCM");
        assert_eq!(security.dtls, "DTLS 1.2");
        assert_eq!(security.cipher, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    }
    assert_eq!(handshake::take_agreed(), None, "nothing is left over");
}

#[test]
fn a_client_behind_a_firewall_connects_over_tcp() {
    let mut call = Call::over(Transport::Tcp, Role::Single, 6);
    let (watch, _) = call.client_offers(
        |api| add(api, MediaKind::Video, Direction::RecvOnly),
        |_, watch| plan_to_send(&[Mid::new(watch).unwrap()]),
    );
    call.connect();

    let watch = Mid::new(&watch).unwrap();
    call.peer.send(call.now, outgoing(watch, 1)).unwrap();
    call.run(Duration::from_secs(3));

    assert_eq!(call.received().len(), 1);
    assert_eq!(last_stats(&call).path, Some(Transport::Tcp));
}

#[test]
fn media_arrives_with_its_section_layer_and_extensions() {
    let (mut call, mic, camera) = publishing_call();
    let descriptor: Arc<[u8]> = (0..40).collect();

    let audio = OutgoingLike {
        audio_level: Some(-30),
        ..OutgoingLike::default()
    };
    send_from_client(&mut call, mic, None, &audio);
    for rid in ["q", "h", "f"] {
        let video = OutgoingLike {
            descriptor: Some(Arc::clone(&descriptor)),
            ..OutgoingLike::default()
        };
        send_from_client(&mut call, camera, Some(rid), &video);
    }
    call.run(Duration::from_millis(100));

    let packets = media(&call);
    let [audio, video @ ..] = packets.as_slice() else {
        panic!("no media");
    };
    assert_eq!(audio.mid.as_str(), &*mic);
    assert_eq!(audio.codec, Codec::Opus);
    assert_eq!(audio.rid, None);
    let level = audio.audio_level.unwrap();
    assert_eq!((level.attenuation, level.voice), (30, true));
    assert_eq!(&*audio.payload, PAYLOAD);
    let layers: Vec<_> = video.iter().map(|p| p.rid.unwrap().to_string()).collect();
    assert_eq!(layers, ["q", "h", "f"]);
    for packet in video {
        assert_eq!(packet.codec, Codec::Vp8);
        assert_eq!(packet.dependency_descriptor.as_deref(), Some(&*descriptor));
    }
}

#[test]
fn packets_reach_the_client_as_they_were_sent() {
    let (mut call, listen, watch) = listening_call(Role::Single);
    let packet = OutgoingPacket {
        codec: Codec::Av1,
        marker: true,
        dependency_descriptor: Some(Arc::from([7; 3])),
        rotation: Some(3),
        ..outgoing(watch, 9)
    };

    call.peer.send(call.now, packet).unwrap();
    let packet = OutgoingPacket {
        codec: Codec::Red,
        audio_level: Some(AudioLevel {
            attenuation: 127,
            voice: false,
        }),
        ..outgoing(listen, 65_535)
    };
    call.peer.send(call.now, packet).unwrap();
    call.run(Duration::from_millis(100));

    let received = call.received();
    assert_eq!(received.len(), 2);
    let video = received.iter().find(|p| *p.seq_no == 9).unwrap();
    assert_eq!(&*video.payload, PAYLOAD);
    assert!(video.header.marker);
    let values = &video.header.ext_vals;
    assert_eq!(
        extensions::dependency_descriptor(values).as_deref(),
        Some([7; 3].as_slice())
    );
    assert_eq!(extensions::rotation(values), Some(3));
    let audio = received.iter().find(|p| *p.seq_no == 65_535).unwrap();
    assert_eq!(audio.header.ext_vals.audio_level, Some(-127));
    assert_eq!(audio.header.ext_vals.voice_activity, Some(false));
}

#[test]
fn a_number_without_a_payload_is_sent_too() {
    let (mut call, _, watch) = listening_call(Role::Single);
    for sequence in 1..=3 {
        let packet = OutgoingPacket {
            payload: if sequence == 2 {
                [].into()
            } else {
                PAYLOAD.into()
            },
            ..outgoing(watch, sequence)
        };
        call.peer.send(call.now, packet).unwrap();
    }

    call.run(Duration::from_secs(1));

    let received = call.received();
    let lengths: Vec<_> = received.iter().map(|p| p.payload.len()).collect();
    assert_eq!(lengths, [PAYLOAD.len(), 0, PAYLOAD.len()]);
}

#[test]
fn a_vp8_descriptor_is_rewritten_without_touching_the_shared_payload() {
    let (mut call, _, watch) = listening_call(Role::Single);
    // X=1 S=1; I=1 L=1 T=1 K=1; PictureID 15 bits; TL0PICIDX; TID 1, KEYIDX 2.
    let payload: Arc<[u8]> = Arc::from([0x90, 0xf0, 0x80, 0x05, 0x09, 0x42, 1, 2, 3]);
    let packet = OutgoingPacket {
        payload: Arc::clone(&payload),
        vp8: Some(Vp8Rewrite {
            picture_id: Some(0x1234),
            tl0_pic_idx: Some(0x77),
            key_idx: Some(0x3f),
        }),
        ..outgoing(watch, 1)
    };

    call.peer.send(call.now, packet).unwrap();
    call.run(Duration::from_millis(100));

    let received = call.received();
    assert_eq!(
        &*received[0].payload,
        [0x90, 0xf0, 0x92, 0x34, 0x77, 0x5f, 1, 2, 3]
    );
    assert_eq!(payload[2..4], [0x80, 0x05]);
}

#[test]
fn a_value_without_room_in_the_descriptor_changes_nothing() {
    let short = [0x90, 0x80, 0x05, 1, 2];
    let rewrite = |picture_id| Vp8Rewrite {
        picture_id: Some(picture_id),
        tl0_pic_idx: Some(1),
        key_idx: Some(1),
    };

    assert!(vp8_patch(&short, rewrite(127)).is_some());
    assert!(vp8_patch(&short, rewrite(128)).is_none());
    assert!(vp8_patch(&[], rewrite(1)).is_none());
}

#[test]
fn five_percent_loss_is_repaired_both_ways() {
    const PACKETS: u64 = 1_000;
    let (mut call, _, watch) = listening_call(Role::Single);
    let ((camera, ()), _) = call.client_offers(
        |api| (add(api, MediaKind::Video, Direction::SendOnly), ()),
        |_, _| plan_to_send(&[watch]),
    );
    call.loss = 0.05;

    for sequence in 1..=PACKETS {
        call.peer.send(call.now, outgoing(watch, sequence)).unwrap();
        send_from_client(&mut call, camera, None, &OutgoingLike::numbered(sequence));
        call.run(Duration::from_millis(10));
    }
    call.loss = 0.0;
    call.run(Duration::from_secs(1));

    let arrived = media(&call).len() as u64;
    let received = call.received().len() as u64;
    assert!(arrived >= PACKETS - 2, "{arrived} reached the server");
    assert!(received >= PACKETS - 2, "{received} reached the client");
    let stats = last_stats(&call);
    assert!(stats.sent[0].nacks > 0 && stats.received[0].nacks > 0);
    assert_eq!(stats.received[0].lost, PACKETS - arrived);
    assert_eq!(stats.path, Some(Transport::Udp));
    assert!(stats.round_trip.unwrap() >= Duration::from_millis(20));
}

#[test]
fn an_ice_restart_by_the_client_changes_the_claim_and_keeps_the_media() {
    let (mut call, _, watch) = listening_call(Role::Single);
    call.said.clear();

    call.client_offers(|api| api.ice_restart(true), |_, _| plan_to_send(&[watch]));
    call.peer.send(call.now, outgoing(watch, 1)).unwrap();
    call.run(Duration::from_secs(2));
    call.peer.send(call.now, outgoing(watch, 2)).unwrap();
    call.run(Duration::from_secs(1));

    let (claimed, released) = claims(&call);
    assert_eq!((claimed.len(), released.len()), (1, 1));
    assert_ne!(claimed, released);
    assert_eq!(call.received().len(), 2);
    let last_state = call.heard.iter().rev().find_map(|event| match event {
        Event::IceConnectionStateChange(state) => Some(*state),
        _ => None,
    });
    assert!(
        last_state.is_some_and(|s| s.is_connected()),
        "{last_state:?}"
    );
}

#[test]
fn an_ice_restart_by_the_server_claims_at_the_offer_and_releases_at_the_answer() {
    let (mut call, mid) = subscribing_call();
    call.said.clear();
    let restart = OfferChange {
        ice_restart: true,
        ..OfferChange::default()
    };

    let offer = call.peer.create_offer(call.now, &restart).unwrap();
    call.drain_peer();
    let (claimed, released) = claims(&call);
    assert_eq!((claimed.len(), released.len()), (1, 0));
    assert!(offer.sdp.contains(&claimed[0]));

    call.client_answers(&offer.sdp);
    assert_eq!(claims(&call).1.len(), 1);
    call.run(Duration::from_secs(2));
    call.peer.send(call.now, outgoing(mid, 1)).unwrap();
    call.run(Duration::from_secs(1));
    assert_eq!(call.received().len(), 1);
    assert!(call.heard.iter().rev().any(|event| {
        matches!(
            event,
            Event::IceConnectionStateChange(
                IceConnectionState::Connected | IceConnectionState::Completed
            )
        )
    }));
}

#[test]
fn large_messages_pass_both_ways() {
    let (mut call, id) = data_call();
    let message: Vec<u8> = (0..64_000_u32).map(|n| n as u8).collect();

    call.peer
        .send_data(call.now, DataChannel::Reliable, &message)
        .unwrap();
    call.change_client(|rtc| {
        let written = rtc.channel(id).unwrap().write(true, &message);
        assert_eq!(written.ok(), Some(true));
    });
    call.run(Duration::from_secs(2));

    let to_client = call.heard.iter().find_map(|event| match event {
        Event::ChannelData(data) => Some(&data.data),
        _ => None,
    });
    let to_server = call.said.iter().find_map(|output| match output {
        PeerOutput::Data {
            channel: DataChannel::Reliable,
            bytes,
        } => Some(bytes),
        _ => None,
    });
    assert_eq!(to_client, Some(&message));
    assert_eq!(to_server, Some(&message));
}

#[test]
fn a_client_that_does_not_read_fills_its_buffer_and_no_more() {
    let (mut call, _) = data_call();
    call.loss = 1.0;
    let message = vec![0; 64_000];

    let refused = (0..1_000).find_map(|n| {
        let sent = call
            .peer
            .send_data(call.now, DataChannel::Reliable, &message);
        sent.err().map(|error| (n, error))
    });

    let (accepted, error) = refused.unwrap();
    assert_eq!(error, DataError::Full);
    assert!(accepted * message.len() <= MAX_BUFFERED_DATA + message.len());
    let too_long = vec![0; MAX_DATA_MESSAGE + 1];
    assert_eq!(
        call.peer
            .send_data(call.now, DataChannel::Reliable, &too_long),
        Err(DataError::TooLong)
    );
    assert_eq!(
        call.peer.send_data(call.now, DataChannel::Lossy, b"x"),
        Err(DataError::NotOpen)
    );
}

#[test]
fn a_client_that_opens_channels_without_end_is_closed() {
    let (mut call, _) = data_call();

    call.change_client(|rtc| {
        let mut api = rtc.sdp_api();
        for n in 0..100 {
            api.add_channel(format!("channel {n}"));
        }
        assert!(api.apply().is_none());
    });
    call.run(Duration::from_secs(2));

    assert!(call.peer.is_dead());
    assert!(matches!(call.said.last(), Some(PeerOutput::Closed)));
}

#[test]
fn key_frames_are_asked_for_both_ways() {
    let (mut call, _, watch) = listening_call(Role::Single);
    let ((camera, ()), _) = call.client_offers(
        |api| (add(api, MediaKind::Video, Direction::SendOnly), ()),
        |_, _| plan_to_send(&[watch]),
    );
    let camera_mid = Mid::new(&camera).unwrap();
    assert!(
        !call
            .peer
            .request_key_frame(call.now, camera_mid, Rid::new("q"))
    );
    call.peer.send(call.now, outgoing(watch, 1)).unwrap();
    send_from_client(&mut call, camera, None, &OutgoingLike::default());
    call.run(Duration::from_millis(100));

    assert!(call.peer.request_key_frame(call.now, camera_mid, None));
    let watch = engine_mid(watch);
    call.change_client(|rtc| {
        let mut api = rtc.direct_api();
        let stream = api.stream_rx_by_mid(watch, None).unwrap();
        stream.request_keyframe(KeyframeRequestKind::Fir);
    });
    call.run(Duration::from_millis(100));

    assert!(
        call.heard
            .iter()
            .any(|e| matches!(e, Event::KeyframeRequest(r) if r.mid == camera))
    );
    assert!(
        call.said.iter().any(|o| {
            matches!(o, PeerOutput::KeyFrameRequest { mid } if mid.as_str() == &*watch)
        })
    );
}

#[test]
fn a_section_carries_another_track_with_fresh_numbers() {
    let (mut call, mid) = subscribing_call();
    call.peer.send(call.now, outgoing(mid, 500)).unwrap();
    call.run(Duration::from_millis(100));

    let stop = OfferChange {
        deactivate: vec![mid],
        ..OfferChange::default()
    };
    let offer = call.peer.create_offer(call.now, &stop).unwrap();
    assert!(offer.sdp.contains("a=inactive"));
    assert!(!offer.sdp.contains("TR_one"));
    call.client_answers(&offer.sdp);
    assert_eq!(
        call.peer.send(call.now, outgoing(mid, 501)),
        Err(SendError::NoSection)
    );

    let reuse = OfferChange {
        reuse: vec![Reuse {
            mid,
            source: source("TR_two"),
        }],
        ..OfferChange::default()
    };
    let offer = call.peer.create_offer(call.now, &reuse).unwrap();
    assert!(offer.sdp.contains("a=msid:PA_x|camera TR_two"));
    assert!(!offer.sdp.contains("TR_one msid") && !offer.sdp.contains("camera TR_one"));
    call.client_answers(&offer.sdp);
    call.peer.send(call.now, outgoing(mid, 1)).unwrap();
    call.run(Duration::from_millis(100));

    let received = call.received();
    assert_eq!(received.len(), 2);
    assert_ne!(received[0].header.ssrc, received[1].header.ssrc);
    assert_eq!(*received[1].seq_no, 1);
}

#[test]
fn a_clients_section_that_is_used_again_has_fresh_numbers() {
    let (mut call, _, watch) = listening_call(Role::Single);
    call.peer.send(call.now, outgoing(watch, 500)).unwrap();
    call.run(Duration::from_millis(100));

    let (_, answer) = call.client_offers(
        |api| add(api, MediaKind::Audio, Direction::RecvOnly),
        |_, _| AnswerPlan::default(),
    );
    assert!(!answer.contains("a=sendonly"));
    call.client_offers(
        |api| api.set_direction(engine_mid(watch), Direction::RecvOnly),
        |_, ()| plan_to_send(&[watch]),
    );
    call.peer.send(call.now, outgoing(watch, 1)).unwrap();
    call.run(Duration::from_millis(100));

    let received = call.received();
    assert_eq!(received.len(), 2);
    assert_ne!(received[0].header.ssrc, received[1].header.ssrc);
    assert_eq!(*received[1].seq_no, 1);
}

#[test]
fn an_empty_room_is_offered_with_the_channels_alone_and_once() {
    let mut call = Call::new(Role::Subscriber, 7);
    let offer = call.peer.create_offer(call.now, &OfferChange::default());
    let offer = offer.unwrap();
    assert!(offer.sdp.contains("m=application") && !offer.sdp.contains("m=video"));
    call.client_answers(&offer.sdp);
    call.connect();
    call.run(Duration::from_secs(1));

    let change = OfferChange {
        add: vec![NewSection {
            kind: Kind::Video,
            source: source("TR_one"),
        }],
        ..OfferChange::default()
    };
    let offer = call.peer.create_offer(call.now, &change).unwrap();
    call.client_answers(&offer.sdp);
    call.run(Duration::from_secs(1));
    let packet = outgoing(offer.added[0], 1);
    call.peer.send(call.now, packet).unwrap();
    call.run(Duration::from_secs(1));

    let opened = call
        .heard
        .iter()
        .filter(|e| matches!(e, Event::ChannelOpen(..)));
    assert_eq!(opened.count(), DataChannel::ALL.len());
    assert_eq!(call.received().len(), 1);
}

#[test]
fn a_reused_section_is_repaired_too() {
    let (mut call, mid) = subscribing_call();
    for change in [
        OfferChange {
            deactivate: vec![mid],
            ..OfferChange::default()
        },
        OfferChange {
            reuse: vec![Reuse {
                mid,
                source: source("TR_two"),
            }],
            ..OfferChange::default()
        },
    ] {
        let offer = call.peer.create_offer(call.now, &change).unwrap();
        call.client_answers(&offer.sdp);
    }
    call.loss = 0.05;

    for sequence in 1..=300 {
        call.peer.send(call.now, outgoing(mid, sequence)).unwrap();
        call.run(Duration::from_millis(10));
    }
    call.loss = 0.0;
    call.run(Duration::from_secs(1));

    assert!(call.received().len() >= 299, "{}", call.received().len());
}

#[test]
fn one_offer_waits_for_its_answer_at_a_time() {
    let (mut call, mid) = subscribing_call();
    let more = |track: &str| OfferChange {
        add: vec![NewSection {
            kind: Kind::Audio,
            source: source(track),
        }],
        ..OfferChange::default()
    };

    let now = call.now;
    let offer = call.peer.create_offer(now, &more("TR_2")).unwrap();
    assert!(call.peer.has_pending_offer());
    assert_eq!(
        call.peer.create_offer(now, &more("TR_3")).err(),
        Some(NegotiationError::OfferPending)
    );
    let theirs = recorded::CHROMIUM_PUBLISHES;
    assert_eq!(
        call.peer.accept_offer(now, theirs, &AnswerPlan::default()),
        Err(NegotiationError::OfferPending)
    );
    call.client_answers(&offer.sdp);

    assert_eq!(
        call.peer.accept_answer(now, "v=0"),
        Err(NegotiationError::NoOffer)
    );
    assert_eq!(
        call.peer.create_offer(now, &OfferChange::default()).err(),
        Some(NegotiationError::NothingToOffer)
    );
    let unknown = OfferChange {
        deactivate: vec![Mid::new("nobody").unwrap()],
        ..OfferChange::default()
    };
    assert_eq!(
        call.peer.create_offer(now, &unknown).err(),
        Some(NegotiationError::NoSection)
    );
    assert_eq!(
        call.peer.sendable(offer.added[0]),
        [Codec::Opus, Codec::Red]
    );
    assert!(call.peer.sendable(mid).contains(&Codec::Vp8));
}

#[test]
fn real_browsers_are_answered_with_their_own_sections() {
    for offer in [
        recorded::CHROMIUM_PUBLISHES,
        recorded::FIREFOX_PUBLISHES,
        recorded::NATIVE_PUBLISHES,
    ] {
        let now = test_time::start();
        let mut peer = Peer::new(now, &config(), Role::Single);
        let offered = Offer::parse(offer).unwrap();
        let wanted = offered
            .sections
            .iter()
            .filter(|s| s.track_id.is_some())
            .map(|s| {
                let receiving = Receiving {
                    codec: s.codecs.last().copied().filter(|c| *c != Codec::Red),
                    red: false,
                    dtx: true,
                    stereo: false,
                };
                (s.mid, receiving)
            });
        let plan = AnswerPlan {
            receive: wanted.collect(),
            ..AnswerPlan::default()
        };

        let answer = peer.accept_offer(now, offer, &plan).unwrap();

        let answered = Offer::parse(&answer).unwrap();
        assert_eq!(answered.sections.len(), offered.sections.len());
        for (theirs, ours) in offered.sections.iter().zip(&answered.sections) {
            assert_eq!(theirs.mid, ours.mid);
            if let Some(Receiving {
                codec: Some(codec), ..
            }) = plan.receive.get(&theirs.mid)
            {
                assert_eq!(ours.codecs.first(), Some(codec), "{answer}");
                assert!(ours.direction.receives() && !ours.direction.sends());
            } else if theirs.direction.receives() && !theirs.codecs.is_empty() {
                assert!(!ours.direction.sends() && !ours.direction.receives());
            }
        }
        assert!(answer.contains("typ host") && answer.contains("tcptype passive"));
        assert!(!answer.contains("rtcp-fb:35"), "an orphan came back");
    }
}

#[test]
fn descriptions_that_make_no_sense_are_refused() {
    let now = test_time::start();
    for text in [
        "",
        "v=0",
        "m=audio 9 X 0\r\na=mid:0\r\n",
        "\0\0\0",
        "m=m=m=",
    ] {
        let mut peer = Peer::new(now, &config(), Role::Single);
        let answer = peer.accept_offer(now, text, &AnswerPlan::default());
        assert!(
            matches!(
                answer,
                Err(NegotiationError::Sdp(_) | NegotiationError::Refused(_))
            ),
            "{text:?}: {answer:?}"
        );
    }
}

#[test]
fn no_damaged_datagram_harms_a_call() {
    let (mut call, _, watch) = listening_call(Role::Single);
    let ((camera, ()), _) = call.client_offers(
        |api| (add(api, MediaKind::Video, Direction::SendOnly), ()),
        |_, _| plan_to_send(&[watch]),
    );
    // Beside each datagram travels a damaged copy of it.
    call.corrupt = Some(|random, bytes| match random.random_range(0..4) {
        0 => bytes.truncate(random.random_range(0..bytes.len())),
        1 => {
            for _ in 0..4 {
                let at = random.random_range(0..bytes.len());
                bytes[at] = random.random();
            }
        }
        2 => bytes.extend([0xff; 1_000]),
        _ => bytes.iter_mut().for_each(|byte| *byte = random.random()),
    });

    for sequence in 1..=500 {
        call.peer.send(call.now, outgoing(watch, sequence)).unwrap();
        send_from_client(&mut call, camera, None, &OutgoingLike::numbered(sequence));
        call.run(Duration::from_millis(10));
    }
    call.run(Duration::from_secs(1));

    assert!(!call.peer.is_dead());
    assert_eq!(media(&call).len(), 500);
    assert_eq!(call.received().len(), 500);
}

#[test]
fn a_handshake_is_completed_amid_noise() {
    let mut call = Call::new(Role::Single, 5);
    call.corrupt = Some(|random, bytes| {
        bytes
            .iter_mut()
            .skip(1)
            .for_each(|byte| *byte = random.random());
    });
    call.client_offers(
        |api| add(api, MediaKind::Audio, Direction::SendOnly),
        |_, _| AnswerPlan::default(),
    );

    call.connect();
}

#[test]
fn a_panic_is_told_once_and_the_connection_is_dead() {
    let (mut call, _, watch) = listening_call(Role::Single);
    call.said.clear();

    call.peer
        .change(|_| panic!("as a defect of the engine would"));
    call.drain_peer();

    assert!(matches!(
        call.said.as_slice(),
        [PeerOutput::Release { .. }, PeerOutput::Panicked]
    ));
    call.said.clear();
    assert!(call.peer.is_dead() && !call.peer.is_connected());
    assert_eq!(
        call.peer.send(call.now, outgoing(watch, 1)),
        Err(SendError::Closed)
    );
    assert_eq!(
        call.peer.accept_offer(
            call.now,
            recorded::CHROMIUM_PUBLISHES,
            &AnswerPlan::default()
        ),
        Err(NegotiationError::Closed)
    );
    call.peer.close(call.now);
    call.run(Duration::from_secs(5));
    assert!(call.said.is_empty());
}

#[test]
fn a_closed_connection_tells_the_client_and_releases_its_claim() {
    let (mut call, ..) = listening_call(Role::Single);

    call.peer.close(call.now);
    call.drain_peer();
    call.run(Duration::from_millis(100));

    let (claimed, released) = claims(&call);
    assert_eq!(claimed, released);
    assert!(call.heard.iter().any(|e| matches!(e, Event::Closed)));
    assert!(call.peer.is_dead());
}

#[test]
fn what_can_not_be_sent_is_refused() {
    let (mut call, listen, watch) = listening_call(Role::Single);
    let now = call.now;
    let long = OutgoingPacket {
        payload: vec![0; MAX_RTP_PAYLOAD + 1].into(),
        ..outgoing(watch, 1)
    };
    let long_descriptor = OutgoingPacket {
        dependency_descriptor: Some(vec![0; 256].into()),
        ..outgoing(watch, 1)
    };
    let largest = OutgoingPacket {
        payload: vec![0; MAX_RTP_PAYLOAD].into(),
        dependency_descriptor: Some(vec![0; 255].into()),
        ..outgoing(watch, 1)
    };

    assert_eq!(call.peer.send(now, long), Err(SendError::TooLong));
    assert_eq!(
        call.peer.send(now, long_descriptor),
        Err(SendError::TooLong)
    );
    assert_eq!(
        call.peer.send(now, outgoing(listen, 1)),
        Err(SendError::NoCodec),
        "video in an audio section"
    );
    assert_eq!(
        call.peer.send(now, outgoing(Mid::new("none").unwrap(), 1)),
        Err(SendError::NoSection)
    );
    assert_eq!(call.peer.send(now, largest), Ok(()));
    call.run(Duration::from_millis(100));
    assert_eq!(call.received().len(), 1);
}

#[test]
fn candidates_that_can_not_be_used_are_skipped_and_their_number_is_bounded() {
    let (mut call, ..) = listening_call(Role::Single);
    let now = call.now;
    let good = "candidate:1 1 udp 2113937151 192.0.2.1 50000 typ host";
    for bad in [
        "",
        "candidate:1 1 udp 1 d5b1e6a0-1.local 5 typ host",
        "candidate:x",
        "end-of-candidates",
    ] {
        assert!(!call.peer.add_remote_candidate(now, bad), "{bad:?}");
    }

    let accepted = (0..1_000)
        .filter(|_| call.peer.add_remote_candidate(now, good))
        .count();

    assert_eq!(accepted, MAX_REMOTE_CANDIDATES - 4);
}

#[test]
fn the_estimate_rises_when_more_is_wanted_than_is_sent() {
    let (mut call, _, watch) = listening_call(Role::Single);
    call.peer.set_bitrate(call.now, 300_000, 5_000_000);

    for sequence in 1..=500 {
        let packet = OutgoingPacket {
            payload: vec![0; 375].into(),
            ..outgoing(watch, sequence)
        };
        call.peer.send(call.now, packet).unwrap();
        call.run(Duration::from_millis(10));
    }

    let last = call.said.iter().rev().find_map(|output| match output {
        PeerOutput::BandwidthEstimate { bitrate } => Some(*bitrate),
        _ => None,
    });
    assert!(last.unwrap() > 3_000_000, "{last:?}");
}

const PAYLOAD: &[u8] = &[0x10, 2, 3, 4];

/// A client that listens on one audio and one video section, and is connected.
fn listening_call(role: Role) -> (Call, Mid, Mid) {
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
fn publishing_call() -> (Call, EngineMid, EngineMid) {
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
fn subscribing_call() -> (Call, Mid) {
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
fn data_call() -> (Call, str0m::channel::ChannelId) {
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

fn add(api: &mut SdpApi<'_>, kind: MediaKind, direction: Direction) -> EngineMid {
    api.add_media(kind, direction, None, None, None)
}

fn plan_to_send(mids: &[Mid]) -> AnswerPlan {
    AnswerPlan {
        send: mids.iter().map(|mid| (*mid, source("TR_b"))).collect(),
        ..AnswerPlan::default()
    }
}

fn source(track_id: &str) -> Source {
    Source {
        stream_id: "PA_x|camera".to_owned(),
        track_id: track_id.to_owned(),
        stereo: false,
    }
}

fn outgoing(mid: Mid, sequence: u64) -> OutgoingPacket {
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
struct OutgoingLike {
    sequence: u64,
    audio_level: Option<i8>,
    descriptor: Option<Arc<[u8]>>,
}

impl OutgoingLike {
    fn numbered(sequence: u64) -> Self {
        Self {
            sequence,
            ..Self::default()
        }
    }
}

fn send_from_client(call: &mut Call, mid: EngineMid, rid: Option<&str>, packet: &OutgoingLike) {
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

fn media(call: &Call) -> Vec<&MediaPacket> {
    call.said
        .iter()
        .filter_map(|output| match output {
            PeerOutput::Media(packet) => Some(packet),
            _ => None,
        })
        .collect()
}

fn last_stats(call: &Call) -> &PeerStats {
    let stats = call.said.iter().rev().find_map(|output| match output {
        PeerOutput::Stats(stats) => Some(stats),
        _ => None,
    });
    stats.unwrap()
}

/// The user name fragments that were claimed and released.
fn claims(call: &Call) -> (Vec<String>, Vec<String>) {
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

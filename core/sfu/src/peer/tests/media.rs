//! How media passes through a connection.

use super::calls::*;
use super::*;

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

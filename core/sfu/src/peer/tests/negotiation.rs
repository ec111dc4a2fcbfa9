//! Offers and answers.

use super::calls::*;
use super::*;

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

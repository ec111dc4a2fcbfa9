//! How a connection comes about and finds its way.

use super::calls::*;
use super::*;

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

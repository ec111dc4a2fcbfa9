//! What strangers and defects may do to a connection.

use super::calls::*;
use super::*;

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

use std::time::Duration;

use conclave_protocol::ParticipantId;
use conclave_protocol::personal::Words;
use conclave_protocol::remote::{Capabilities, Capability, EndReason};
use conclave_remote::{FileRules, Limits};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::*;

#[test]
fn a_socket_that_is_given_away_is_heard_before_what_follows_it() {
    let (one, other) = Socket::pair().unwrap();
    let (given, theirs) = Socket::pair().unwrap();
    one.send_socket(&given).unwrap();
    drop(given);
    one.send(&UiToDesk::Ready).unwrap();

    let given = other.receive_socket().unwrap();

    assert!(matches!(other.receive(), Ok(UiToDesk::Ready)));
    given.send(&UiToDesk::Stop).unwrap();
    assert!(matches!(theirs.receive(), Ok(UiToDesk::Stop)));
    drop(theirs);
    assert!(other.receive_socket().is_none());
}

#[test]
fn a_message_arrives_as_it_was_sent() {
    let (desk, net) = Socket::pair().unwrap();
    let bytes = Zeroizing::new(vec![7; conclave_protocol::remote::LARGEST_MESSAGE]);
    let (from, way) = (ParticipantId(Uuid::from_u128(5)), Way::File);

    net.send(&NetToDesk::Heard { from, way, bytes }).unwrap();
    net.send(&NetToDesk::Limits(limits())).unwrap();

    let heard = desk.receive().unwrap();
    assert!(
        matches!(heard, NetToDesk::Heard { from: it, way: Way::File, bytes }
        if it == from && bytes.len() == conclave_protocol::remote::LARGEST_MESSAGE)
    );
    let shrunk = desk.receive().unwrap();
    assert!(matches!(shrunk, NetToDesk::Limits(it) if it == limits()));
}

#[test]
fn a_piece_of_a_frame_and_what_is_said_of_it_arrive() {
    let (desk, net) = Socket::pair().unwrap();
    let piece = Footage::Piece {
        is_key: true,
        is_last: false,
        bytes: vec![7; Footage::LARGEST_PIECE],
    };
    desk.send(&DeskToNet::Video(piece)).unwrap();
    net.send(&NetToDesk::Video(Airing::Rate(2_500))).unwrap();

    let piece = net.receive().unwrap();
    assert!(
        matches!(piece, DeskToNet::Video(Footage::Piece { is_key: true, is_last: false, bytes })
        if bytes == [7; Footage::LARGEST_PIECE])
    );
    let rate = desk.receive().unwrap();
    assert!(matches!(rate, NetToDesk::Video(Airing::Rate(2_500))));
}

#[test]
fn what_is_no_message_is_malformed() {
    for bytes in [&[250][..], &[0], &[10, 0]] {
        let (desk, ui) = Socket::pair().unwrap();
        rustix::net::send(&ui, bytes, rustix::net::SendFlags::empty()).unwrap();

        let received = desk.receive::<UiToDesk>();

        assert_eq!(received.err(), (bytes != [0]).then_some(Broken::Malformed));
    }
}

#[test]
fn words_are_bounded_by_whoever_reads_them() {
    let (desk, ui) = Socket::pair().unwrap();
    let chat = 6_u8;
    let long = (chat, "x".repeat(3_000));
    ui.send(&long).unwrap();
    ui.send(&UiToDesk::Chat(Words::parse("hello").unwrap()))
        .unwrap();

    assert_eq!(desk.receive::<UiToDesk>().err(), Some(Broken::Malformed));
    assert!(matches!(desk.receive().unwrap(), UiToDesk::Chat(_)));
}

#[test]
fn nothing_larger_than_the_largest_is_sent_or_taken() {
    let (desk, net) = Socket::pair().unwrap();
    let (from, way) = (ParticipantId(Uuid::nil()), Way::Remote);
    let bytes = Zeroizing::new(vec![0; LARGEST]);

    let sent = net.send(&NetToDesk::Heard { from, way, bytes });
    assert_eq!(sent, Err(Broken::TooLarge));

    let flags = rustix::net::SendFlags::empty();
    rustix::net::send(&net, &vec![0; LARGEST + 1], flags).unwrap();
    assert_eq!(desk.receive::<NetToDesk>().err(), Some(Broken::Malformed));
}

#[test]
fn an_end_that_is_closed_is_told() {
    let (desk, ui) = Socket::pair().unwrap();
    drop(ui);

    assert_eq!(desk.receive::<UiToDesk>().err(), Some(Broken::Closed));
    assert_eq!(desk.send(&DeskToUi::CloseQuestion), Err(Broken::Closed));
}

#[test]
fn an_ear_that_is_closed_hears_nothing_and_speaks_on() {
    let (desk, net) = Socket::pair().unwrap();
    let again = desk.again().unwrap();
    let hears = std::thread::spawn(move || again.receive::<NetToDesk>().err());

    desk.close_ear().unwrap();

    assert_eq!(hears.join().unwrap(), Some(Broken::Closed));
    desk.send(&DeskToNet::Ended(EndReason::AgentStopped))
        .unwrap();
    let said = net.receive().unwrap();
    assert!(matches!(said, DeskToNet::Ended(EndReason::AgentStopped)));
}

#[test]
fn who_does_not_read_holds_nobody_up() {
    let (desk, _ui) = Socket::pair().unwrap();
    let mut sent = 0_u32;
    while desk.try_send(&DeskToUi::CloseQuestion).unwrap() {
        sent += 1;
        assert!(sent < 1_000_000, "a socket has a bound");
    }

    let within = Duration::from_millis(1);
    assert!(!desk.send_within(&DeskToUi::CloseQuestion, within).unwrap());
}

fn limits() -> Limits {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    Limits {
        permitted: Capabilities::NONE
            .with(Capability::View)
            .with(Capability::Chat),
        idle: minutes(15),
        longest: minutes(240),
        longest_consent: minutes(30),
        must_record: false,
        sealed_to: Some([7; 32]),
        files: FileRules {
            largest: 1 << 20,
            most: 4,
            programs: false,
        },
    }
}

use std::net::Ipv4Addr;

use proptest::prelude::*;

use super::*;

#[test]
fn a_request_names_its_owner_and_what_follows_from_its_address_is_the_owners() {
    let now = crate::test_time::start();
    let mut demux = demux();

    assert_eq!(demux.owner(now, &from(1, MEDIA)), None);
    assert_eq!(demux.owner(now, &from(1, &request("alice"))), Some(1));

    assert_eq!(demux.owner(now, &from(1, MEDIA)), Some(1));
    assert_eq!(demux.owner(now, &from(2, MEDIA)), None);
    assert_eq!(demux.owner(now, &from(1, &request("nobody"))), None);
}

#[test]
fn udp_and_tcp_addresses_are_different() {
    let now = crate::test_time::start();
    let mut demux = demux();
    demux.owner(now, &from(1, &request("alice")));

    let over_tcp = Datagram {
        transport: Transport::Tcp,
        ..from(1, MEDIA)
    };
    assert_eq!(demux.owner(now, &over_tcp), None);
}

#[test]
fn a_forged_sender_does_not_take_an_address_away() {
    let now = crate::test_time::start();
    let mut demux = demux();
    demux.owner(now, &from(1, &request("alice")));

    let forged = demux.owner(now + HOLD / 2, &from(1, &request("bob")));

    assert_eq!(forged, Some(2), "the request itself is bob's");
    assert_eq!(demux.owner(now + HOLD / 2, &from(1, MEDIA)), Some(1));
}

#[test]
fn an_address_that_its_owner_left_goes_to_the_next() {
    let now = crate::test_time::start();
    let mut demux = demux();
    demux.owner(now, &from(1, &request("alice")));

    demux.owner(now + HOLD, &from(1, &request("bob")));

    assert_eq!(demux.owner(now + HOLD, &from(1, MEDIA)), Some(2));
}

#[test]
fn an_ice_restart_keeps_the_old_address_until_somebody_asks_for_it() {
    let now = crate::test_time::start();
    let mut demux = demux();
    demux.owner(now, &from(1, &request("alice")));

    demux.claim("alice2".to_owned(), 1);
    demux.release("alice");

    assert_eq!(demux.owner(now, &from(1, MEDIA)), Some(1));
    demux.owner(now, &from(1, &request("bob")));
    assert_eq!(demux.owner(now, &from(1, MEDIA)), Some(2));
}

#[test]
fn an_owner_without_claims_has_no_addresses() {
    let now = crate::test_time::start();
    let mut demux = demux();
    demux.owner(now, &from(1, &request("alice")));
    demux.owner(now, &from(2, &request("bob")));

    demux.release("alice");
    demux.release("alice");

    assert_eq!(demux.owner(now, &from(1, MEDIA)), None);
    assert_eq!(demux.owner(now, &from(1, &request("alice"))), None);
    assert_eq!(demux.owner(now, &from(2, MEDIA)), Some(2));
}

#[test]
fn the_longest_unconfirmed_address_is_forgotten_first() {
    let mut now = crate::test_time::start();
    let mut demux = demux();
    for port in 1..=MAX as u16 {
        demux.owner(now, &from(port, &request("alice")));
        now += Duration::from_millis(1);
    }
    demux.owner(now, &from(1, &request("alice")));

    demux.owner(now, &from(99, &request("alice")));

    assert_eq!(demux.owner(now, &from(1, MEDIA)), Some(1));
    assert_eq!(demux.owner(now, &from(2, MEDIA)), None);
    assert_eq!(demux.owner(now, &from(99, MEDIA)), Some(1));
    assert_eq!(demux.addresses.len(), MAX);
    assert_eq!(demux.oldest.len(), MAX);
}

#[test]
fn a_stream_that_ended_is_nobodys() {
    let now = crate::test_time::start();
    let mut demux = demux();
    demux.owner(now, &from(1, &request("alice")));

    demux.forget(Transport::Udp, from(1, MEDIA).remote);

    assert_eq!(demux.owner(now, &from(1, MEDIA)), None);
    assert!(demux.oldest.is_empty());
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), whole in any::<bool>()) {
        let mut demux = demux();
        let mut datagram = request("alice");
        if whole {
            datagram = bytes;
        } else {
            datagram.truncate(20);
            datagram.extend(bytes);
        }
        demux.owner(crate::test_time::start(), &from(1, &datagram));
    }
}

const MAX: usize = 4;
const MEDIA: &[u8] = &[0x80, 96, 0, 1];

fn demux() -> Demux<u32> {
    let mut demux = Demux::new(MAX);
    demux.claim("alice".to_owned(), 1);
    demux.claim("bob".to_owned(), 2);
    demux
}

fn from(port: u16, bytes: &[u8]) -> Datagram<'_> {
    Datagram {
        transport: Transport::Udp,
        remote: (Ipv4Addr::LOCALHOST, port).into(),
        local: (Ipv4Addr::LOCALHOST, 7882).into(),
        bytes,
    }
}

/// A binding request to `ufrag`, with an attribute before the USERNAME.
fn request(ufrag: &str) -> Vec<u8> {
    let name = format!("{ufrag}:them");
    let mut bytes = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
    bytes.extend([7; 12]);
    bytes.extend([0x80, 0x29, 0, 3, 1, 2, 3, 0]);
    bytes.extend([0, 6, 0, name.len() as u8]);
    bytes.extend(name.as_bytes());
    bytes
}

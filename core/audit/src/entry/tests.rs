//! Canonical bytes that never change, and every way to spoil them.

use proptest::prelude::*;

use super::*;
use crate::{Assurance, Decision, Entrance, Way};

#[test]
fn canonical_bytes_are_those_of_the_vectors() {
    for (entry, vector) in [
        (
            smallest(),
            include_str!("../../tests/vectors/smallest.json"),
        ),
        (fullest(), include_str!("../../tests/vectors/fullest.json")),
    ] {
        let bytes = entry.to_canonical().unwrap();

        assert_eq!(String::from_utf8(bytes).unwrap(), vector.trim_end());
    }
}

#[test]
fn an_entry_survives_its_canonical_form() {
    for entry in [smallest(), fullest()] {
        let read = Entry::from_canonical(&entry.to_canonical().unwrap());

        assert!(read.is_ok_and(|read| read == entry));
    }
}

#[test]
fn the_log_can_add_a_sequence_number_to_an_entry_that_it_accepted() {
    let mut entry = fullest();
    let room = MAX_ENTRY_BYTES - SEQ_RESERVE - entry.to_canonical().unwrap().len();
    pad(&mut entry, room);
    assert_eq!(
        entry.to_canonical().unwrap().len(),
        MAX_ENTRY_BYTES - SEQ_RESERVE
    );

    entry.seq = Some((1 << 53) - 1);

    assert_eq!(entry.to_canonical().unwrap().len(), MAX_ENTRY_BYTES);
}

#[test]
fn one_byte_too_many_is_refused() {
    let mut entry = fullest();
    let room = MAX_ENTRY_BYTES - SEQ_RESERVE - entry.to_canonical().unwrap().len();
    pad(&mut entry, room + 1);

    assert_eq!(entry.to_canonical(), Err(Unwritable::TooLong));
}

#[test]
fn a_version_from_the_future_is_told_apart_from_damage() {
    let later = br#"{"v":2,"anything":true}"#;

    assert!(Entry::from_canonical(later) == Err(Unreadable::UnknownVersion));
    assert!(Entry::from_canonical(b"{}") == Err(Unreadable::Malformed));
}

#[test]
fn an_object_that_is_not_the_events_is_refused() {
    let text = String::from_utf8(smallest().to_canonical().unwrap()).unwrap();
    let forged = text.replace(r#""kind":"meeting""#, r#""kind":"account""#);
    assert_ne!(text, forged);

    assert!(Entry::from_canonical(forged.as_bytes()) == Err(Unreadable::Malformed));
}

#[test]
fn a_time_that_rfc_3339_cannot_say_is_refused() {
    let mut entry = smallest();
    entry.time = EntryTime::from_unix_micros(i64::MAX);

    assert_eq!(entry.to_canonical(), Err(Unwritable::TimeOutOfRange));
}

#[test]
fn what_was_not_done_has_no_sealed_part() {
    assert!(fullest().sealed.is_some());
    for entry in [
        fullest().refused(Code::new("role")),
        fullest().failed(Code::new("store")),
    ] {
        assert!(entry.sealed.is_none());
    }
}

#[test]
fn an_event_is_recorded_under_its_name() {
    for entry in [smallest(), fullest()] {
        let value: Value = serde_json::from_slice(&entry.to_canonical().unwrap()).unwrap();

        assert_eq!(value["event"], entry.event.name());
    }
}

proptest! {
    #[test]
    fn a_changed_byte_never_reads_as_the_same_entry(at in 0_usize..700, with in any::<u8>()) {
        let entry = fullest();
        let mut bytes = entry.to_canonical().unwrap();
        let at = at % bytes.len();
        prop_assume!(bytes[at] != with);

        bytes[at] = with;

        prop_assert!(!Entry::from_canonical(&bytes).is_ok_and(|read| read == entry));
    }

    #[test]
    fn strangers_bytes_are_refused_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Entry::from_canonical(&bytes).is_err());
    }
}

fn stamp() -> Stamp {
    Stamp {
        id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        time: EntryTime::from_unix_micros(1_795_336_200_123_456),
        salt: [0xa5; 16],
    }
}

fn smallest() -> Entry {
    let event = Event::MeetingEnd {
        meeting: Uuid::from_u128(2),
    };
    Entry::new(stamp(), Actor::System, event)
}

fn fullest() -> Entry {
    let actor = Actor::Account {
        id: Uuid::from_u128(3),
        role: Code::new("owner"),
        auth: Some(Assurance {
            aal: 1,
            methods: vec![Code::new("password")],
            session_hash: Some(Hex([7; 8])),
        }),
    };
    let event = Event::MeetingJoin {
        meeting: Uuid::from_u128(2),
        participant: Uuid::from_u128(4),
        role: Code::new("host"),
        way: Way::Host,
        entrance: Entrance::Admitted,
    };
    let source = Source::truncated("192.0.2.77".parse().unwrap()).with_user_agent("Browser/1.0");
    let mut entry = Entry::new(stamp(), actor, event)
        .refused(Code::new("meeting_full"))
        .in_organisation(Uuid::from_u128(5))
        .from_source(source)
        .for_request(Uuid::from_u128(6));
    entry.policy = Some(Ruling {
        id: Code::new("admission"),
        decision: Decision::Deny,
        version: 1,
    });
    entry.clock = Some(Clock {
        ntp_synced: true,
        offset_ms: -3,
    });
    entry.on_behalf_of = Some(Uuid::from_u128(8));
    entry.sealed = Some(Sealed {
        alg: Code::new("aes-256-gcm"),
        kid: Uuid::from_u128(7),
        ct_hash: Hex([0x11; 32]),
    });
    entry.spooled = true;
    entry
}

/// Makes the canonical form longer by exactly `bytes`, with methods of signing in.
fn pad(entry: &mut Entry, mut bytes: usize) {
    let Actor::Account {
        auth: Some(auth), ..
    } = &mut entry.actor
    else {
        unreachable!("the fullest entry's actor is an account");
    };
    const PUNCTUATION: usize = r#","""#.len();
    while bytes > 0 {
        let take = match bytes {
            short if short <= Code::MAX_BYTES + PUNCTUATION => short,
            _ => Code::MAX_BYTES,
        };
        auth.methods
            .push(Code::parse(&"x".repeat(take - PUNCTUATION)).unwrap());
        bytes -= take;
    }
}

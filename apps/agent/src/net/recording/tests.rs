//! A recording beside a server that keeps it, or does not.

use conclave_client::e2ee::recording::{Binding, Opener, RecordingKeys, Wholeness};
use conclave_client::protocol::recording::PublicKey;
use conclave_client::protocol::{OrganisationId, SupportSessionId};

use super::records::CHUNK_TIME;
use super::*;

fn seed(number: u8) -> Seed {
    Seed([number; 32].into())
}

fn keys() -> RecordingKeys {
    RecordingKeys::generate(seed(1))
}

fn begun() -> RecordingBegun {
    RecordingBegun {
        recording: Uuid::from_u128(3),
        organisation: OrganisationId(Uuid::from_u128(1)),
        session: SupportSessionId(Uuid::from_u128(2)),
        public: PublicKey::new(keys().public().to_vec()).unwrap(),
    }
}

fn binding() -> Binding {
    Binding {
        organisation: Uuid::from_u128(1).into_bytes(),
        session: Uuid::from_u128(2).into_bytes(),
        recording: Uuid::from_u128(3).into_bytes(),
    }
}

/// A server that keeps everything, until nothing is to be asked any more.
fn serve(recording: &mut Recording, now: Instant, kept: &mut Vec<Vec<u8>>) -> Option<Vec<u8>> {
    let mut ended = None;
    while let Some(errand) = recording.next(now) {
        let came = match errand {
            Errand::Begin { .. } => Came::Begun(begun()),
            Errand::Bring { number, bytes, .. } => {
                assert_eq!(number as usize, kept.len());
                kept.push(bytes);
                let next = number + 1;
                Came::Kept(PieceKept { next })
            }
            Errand::End { manifest, .. } => {
                ended = Some(manifest);
                Came::Ended
            }
        };
        recording.came(now, came, Some(seed(2)));
    }
    ended
}

// Shows: REQ-AU-04.
#[test]
fn all_that_was_recorded_is_kept_in_its_order_and_opens_whole() {
    let now = Instant::now();
    let (mut recording, mut kept) = (Recording::begin(now), Vec::new());
    for number in 0..9 {
        recording.push(now, vec![number; 60 << 10]);
    }
    assert!(serve(&mut recording, now, &mut kept).is_none());
    recording.push(now, vec![9]);
    assert!(recording.feedback_seal().is_none());
    assert!(serve(&mut recording, now, &mut kept).is_none());
    recording.finish();
    let manifest = serve(&mut recording, now, &mut kept).unwrap();

    assert!(recording.is_done());
    let seal = recording.feedback_seal();
    assert!(seal.is_some_and(|seal| seal.recording == begun().recording));
    assert!(recording.feedback_seal().is_none());
    let (header, chunks) = kept.split_first().unwrap();
    let opener = Opener::begin(&keys(), binding(), header, Some(&manifest));
    let mut opener = opener.unwrap();
    let chunks = chunks.iter().map(|chunk| opener.open(chunk).unwrap());
    let plain = chunks.collect::<Vec<_>>().concat();
    assert_eq!(opener.end(), Ok(Wholeness::Whole));
    assert_eq!(plain.len(), 9 * (60 << 10) + 1);
    assert!(plain.is_sorted());
}

#[test]
fn a_server_that_can_not_be_reached_is_asked_again_after_a_while() {
    let now = Instant::now();
    let mut recording = Recording::begin(now);
    let key = recording.key();
    let begins = |errand| matches!(errand, Some(Errand::Begin { key: its }) if its == key);
    assert!(begins(recording.next(now)));
    assert!(recording.next(now).is_none());

    recording.came(now, Came::Later, None);

    assert!(recording.next(now).is_none());
    assert_eq!(recording.wake(), Some(now + FIRST_DELAY));
    // Under the same key: what was begun, and not answered, is not begun twice.
    assert!(begins(recording.next(now + FIRST_DELAY)));
    assert_ne!(Recording::begin(now).key(), key);
}

// Shows: REQ-AU-04.
#[test]
fn a_server_that_never_names_its_key_is_not_recorded_for() {
    let now = Instant::now();
    let mut recording = Recording::begin(now);
    recording.push(now, vec![1]);
    assert!(recording.next(now).is_some());
    let given_up = recording.given_up_at().unwrap();
    assert_eq!(given_up, now + BEGUN_WITHIN);

    recording.look(given_up - Duration::from_millis(1));
    assert!(!recording.is_lost());
    recording.look(given_up);

    assert!(recording.is_lost() && recording.given_up_at().is_none());
    let (mut begins, mut kept) = (Recording::begin(now), Vec::new());
    serve(&mut begins, now, &mut kept);
    begins.look(given_up);
    assert!(begins.goes_on() && kept.len() == 1);
}

#[test]
fn what_is_refused_or_too_much_is_lost() {
    let now = Instant::now();
    let mut refused = Recording::begin(now);
    refused.next(now);
    refused.came(now, Came::Refused, None);
    assert!(refused.is_lost() && refused.next(now).is_none());

    let mut full = Recording::begin(now);
    for _ in 0..=MOST_WAITING / (1 << 20) {
        full.push(now, vec![0; 1 << 20]);
    }
    assert!(full.is_lost());
}

#[test]
fn what_is_recorded_slowly_is_brought_after_some_seconds() {
    let now = Instant::now();
    let (mut recording, mut kept) = (Recording::begin(now), Vec::new());
    recording.push(now, vec![1]);
    serve(&mut recording, now, &mut kept);
    assert_eq!(kept.len(), 1);
    assert_eq!(recording.wake(), Some(now + CHUNK_TIME));

    serve(&mut recording, now + CHUNK_TIME, &mut kept);

    assert_eq!(kept.len(), 2);
}

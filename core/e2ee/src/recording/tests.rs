//! What somebody who keeps a recording may do to it, and what is seen of that.

use proptest::prelude::*;

use super::*;
use crate::Seed;

const BINDING: Binding = Binding {
    organisation: [1; 16],
    session: [2; 16],
    recording: [3; 16],
};

/// As it is kept.
#[derive(Clone)]
struct Kept {
    header: Vec<u8>,
    chunks: Vec<Vec<u8>>,
    manifest: Vec<u8>,
}

fn seed(number: u8) -> Seed {
    Seed([number; 32].into())
}

fn keys() -> RecordingKeys {
    RecordingKeys::generate(seed(1))
}

fn recorded(binding: Binding, number: u8, chunks: usize) -> Kept {
    let mut sealer = Sealer::begin(keys().public(), binding, seed(number)).unwrap();
    let header = sealer.header().to_vec();
    let body = (1..chunks).map(|at| sealer.seal(&plain(at)).unwrap());
    let mut body: Vec<_> = body.collect();
    let finished = sealer.finish(&plain(chunks)).unwrap();
    assert_eq!(finished.chunks as usize, chunks);
    body.push(finished.last_chunk);
    Kept {
        header,
        chunks: body,
        manifest: finished.manifest,
    }
}

fn plain(at: usize) -> Vec<u8> {
    vec![at as u8; 40 + at]
}

fn opened(kept: &Kept, binding: Binding) -> Result<Vec<Vec<u8>>, Broken> {
    let mut opener = Opener::begin(&keys(), binding, &kept.header, Some(&kept.manifest))?;
    let chunks = kept.chunks.iter().map(|chunk| opener.open(chunk));
    let chunks = chunks.collect::<Result<_, _>>()?;
    opener.end().map(|_| chunks)
}

// Shows: REQ-CR-11.
#[test]
fn a_recording_opens_in_its_order_with_its_key_alone() {
    let kept = recorded(BINDING, 7, 4);

    let plains: Vec<_> = (1..=4).map(plain).collect();
    assert_eq!(opened(&kept, BINDING), Ok(plains.clone()));
    let other = RecordingKeys::generate(seed(9));
    let refused = Opener::begin(&other, BINDING, &kept.header, Some(&kept.manifest));
    assert!(matches!(refused, Err(Broken::NotOurs)));
    for sealed in kept.chunks.iter().chain([&kept.header, &kept.manifest]) {
        let shows = |plain: &Vec<u8>| sealed.windows(plain.len()).any(|window| window == plain);
        assert!(!plains.iter().any(shows));
    }
}

// Shows: REQ-RS-07, REQ-AU-04, REQ-IN-08.
#[test]
fn what_is_said_afterwards_opens_with_its_recording_alone_and_as_it_was_said() {
    let sealer = Sealer::begin(keys().public(), BINDING, seed(7)).unwrap();
    let header = sealer.header().to_vec();
    let finished = sealer.finish(b"the end").unwrap();
    let said = finished.afterword.seal(b"it went well").unwrap();
    let opener = Opener::begin(&keys(), BINDING, &header, Some(&finished.manifest)).unwrap();

    assert_eq!(opener.afterword(&said).unwrap(), b"it went well");
    for at in 0..said.len() {
        let mut changed = said.clone();
        changed[at] ^= 1;
        assert_eq!(opener.afterword(&changed), Err(Broken::Afterword), "{at}");
    }
    let other = recorded(BINDING, 8, 2);
    let other = Opener::begin(&keys(), BINDING, &other.header, Some(&other.manifest)).unwrap();
    assert_eq!(other.afterword(&said), Err(Broken::Afterword));
    assert!(!said.windows(4).any(|window| window == b"well"));
}

#[test]
fn what_is_said_afterwards_is_short() {
    let afterword = || {
        let sealer = Sealer::begin(keys().public(), BINDING, seed(7)).unwrap();
        sealer.finish(&[]).unwrap().afterword
    };

    let longest = MOST_AFTERWORD_BYTES - 16;
    assert!(afterword().seal(&vec![0; longest]).is_some());
    assert!(afterword().seal(&vec![0; longest + 1]).is_none());
}

// Shows: REQ-AU-06.
#[test]
fn what_was_cut_off_is_missed_and_a_recording_that_never_ended_says_so() {
    let mut kept = recorded(BINDING, 7, 4);
    kept.chunks.pop();
    assert_eq!(opened(&kept, BINDING), Err(Broken::Missing));

    let mut opener = Opener::begin(&keys(), BINDING, &kept.header, None).unwrap();
    for chunk in &kept.chunks {
        opener.open(chunk).unwrap();
    }
    assert_eq!(opener.end(), Ok(Wholeness::Unfinished));
    kept.chunks.clear();
    assert_eq!(opened(&kept, BINDING), Err(Broken::Missing));
}

#[test]
fn nothing_follows_the_last_chunk() {
    let mut kept = recorded(BINDING, 7, 2);
    let again = kept.chunks[1].clone();
    kept.chunks.push(again);

    assert_eq!(opened(&kept, BINDING), Err(Broken::Chunk));
}

#[test]
fn a_chunk_is_bounded_and_what_is_no_key_seals_nothing() {
    let mut sealer = Sealer::begin(keys().public(), BINDING, seed(7)).unwrap();

    let largest = sealer.seal(&vec![0; MOST_PLAIN_BYTES]).unwrap();
    assert_eq!(largest.len(), MOST_CHUNK_BYTES);
    let beyond = vec![0; MOST_PLAIN_BYTES + 1];
    assert_eq!(sealer.seal(&beyond), Err(NotSealed::TooLarge));
    assert!(Sealer::begin(&[0; 32], BINDING, seed(7)).is_none());
}

#[test]
fn a_recording_has_an_end_while_there_is_a_place_for_it() {
    let mut sealer = Sealer::begin(keys().public(), BINDING, seed(7)).unwrap();
    for _ in 1..MOST_CHUNKS {
        sealer.seal(&[]).unwrap();
    }

    assert_eq!(sealer.seal(&[]), Err(NotSealed::Full));
    assert_eq!(sealer.finish(&[]).unwrap().chunks, MOST_CHUNKS);
}

/// One thing that is done to a recording.
#[derive(Clone, Copy, Debug)]
enum Harm {
    Flip { bit: u8 },
    Drop,
    Swap,
    Repeat,
    Truncate,
    OfAnotherSession,
    OfAnotherRecording,
}

fn harm() -> impl Strategy<Value = Harm> {
    prop_oneof![
        (0_u8..8).prop_map(|bit| Harm::Flip { bit }),
        Just(Harm::Drop),
        Just(Harm::Swap),
        Just(Harm::Repeat),
        Just(Harm::Truncate),
        Just(Harm::OfAnotherSession),
        Just(Harm::OfAnotherRecording),
    ]
}

fn harmed(kept: &Kept, harm: Harm, at: usize, byte: usize) -> Kept {
    let mut harmed = kept.clone();
    let of_other = |binding| recorded(binding, 8, 4).chunks[at].clone();
    match harm {
        Harm::Flip { bit } => {
            let length = harmed.chunks[at].len();
            harmed.chunks[at][byte % length] ^= 1 << bit;
        }
        Harm::Drop => drop(harmed.chunks.remove(at)),
        Harm::Swap => harmed.chunks.swap(at, (at + 1) % 4),
        Harm::Repeat => harmed.chunks.insert(at, kept.chunks[at].clone()),
        Harm::Truncate => harmed.chunks[at].truncate(byte % kept.chunks[at].len()),
        Harm::OfAnotherSession => {
            let session = [9; 16];
            harmed.chunks[at] = of_other(Binding { session, ..BINDING });
        }
        Harm::OfAnotherRecording => harmed.chunks[at] = of_other(BINDING),
    }
    harmed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    // Shows: REQ-AU-06, REQ-IN-08.
    #[test]
    fn whatever_is_done_to_a_chunk_is_noticed(harm in harm(), at in 0_usize..4, byte in 0_usize..200) {
        let kept = recorded(BINDING, 7, 4);

        prop_assert!(opened(&harmed(&kept, harm, at, byte), BINDING).is_err());
    }

    // Shows: REQ-IN-08.
    #[test]
    fn whatever_is_done_to_header_or_manifest_is_noticed(byte in 0_usize..2_000, bit in 0_u8..8) {
        let kept = recorded(BINDING, 7, 2);
        let mut of_header = kept.clone();
        let length = of_header.header.len();
        of_header.header[byte % length] ^= 1 << bit;
        let mut of_manifest = kept.clone();
        let length = of_manifest.manifest.len();
        of_manifest.manifest[byte % length] ^= 1 << bit;

        prop_assert!(opened(&of_header, BINDING).is_err());
        prop_assert!(opened(&of_manifest, BINDING).is_err());
        let other = Binding { organisation: [9; 16], ..BINDING };
        prop_assert!(opened(&kept, other).is_err());
        let foreign = Kept { manifest: recorded(BINDING, 8, 2).manifest, ..kept };
        prop_assert!(opened(&foreign, BINDING).is_err());
    }
}

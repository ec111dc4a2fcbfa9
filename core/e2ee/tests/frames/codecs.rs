//! Each codec's frames arrive whole, and show on the way what they must and no more.

use conclave_e2ee::frame::codec::Codec;
use proptest::prelude::*;

use crate::bitstream::{golomb, obus, units};
use crate::meeting::{CODECS, Meeting, key_frame};

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..most)
}

/// Header, extension, payload; and the size in more bytes than needed, or left out of the last.
fn obu() -> impl Strategy<Value = (u8, Option<u8>, Vec<u8>, bool)> {
    let kind = prop::sample::select(vec![1_u8, 2, 3, 4, 5, 6, 7, 8, 15]);
    (kind, any::<Option<u8>>(), bytes(200), any::<bool>())
}

fn temporal_unit(obus: &[(u8, Option<u8>, Vec<u8>, bool)], last_has_size: bool) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, (kind, extension, payload, wide)) in obus.iter().enumerate() {
        let has_size = last_has_size || at + 1 < obus.len();
        let header = kind << 3 | u8::from(extension.is_some()) << 2 | u8::from(has_size) << 1;
        out.push(header);
        out.extend(extension);
        if has_size {
            let size = payload.len() as u8;
            match payload.len() {
                128.. => out.extend([size | 0x80, 1]),
                _ if *wide => out.extend([size | 0x80, 0]),
                _ => out.push(size),
            }
        }
        out.extend(payload);
    }
    out
}

/// Unit header, parameter set for slices, content without start codes.
fn unit() -> impl Strategy<Value = (u8, u8, Vec<u8>)> {
    let header = prop::sample::select(vec![0x67_u8, 0x68, 0x06, 0x09, 0x65, 0x41, 0x01]);
    let content = prop::collection::vec(1_u8.., 1..200);
    (header, prop::sample::select(vec![0_u8, 1, 6]), content)
}

/// An intra slice from the first macroblock on, of parameter set 0, 1 or 6.
fn slice_head(parameter_set: u8) -> &'static [u8] {
    match parameter_set {
        0 => &[0x88, 0x84],
        1 => &[0x88, 0x47],
        _ => &[0x88, 0x3c],
    }
}

fn access_unit(of: &[(u8, u8, Vec<u8>)], long_codes: bool) -> Vec<u8> {
    let mut out = Vec::new();
    for (header, parameter_set, content) in of {
        out.extend(long_codes.then_some(0));
        out.extend([0, 0, 1, *header]);
        if is_slice(*header) {
            out.extend(slice_head(*parameter_set));
        }
        out.extend(content);
    }
    out
}

fn is_slice(header: u8) -> bool {
    matches!(header & 0x1f, 1 | 5)
}

#[test]
fn nothing_of_a_picture_is_clear() {
    for codec in CODECS {
        let frame = key_frame(codec);
        let secret = &frame[frame.len() - 40..];
        let sealed = Meeting::new().seal(codec, &frame).unwrap();
        for piece in secret.windows(4) {
            assert!(!sealed.windows(4).any(|shown| shown == piece), "{codec:?}");
        }
    }
}

#[test]
fn padding_behind_a_frame_harms_nothing() {
    for codec in CODECS {
        let mut meeting = Meeting::new();
        for padding in [&[0][..], &[0; 40], &[0, 0, 0, 4]] {
            let mut sealed = meeting.seal(codec, &key_frame(codec)).unwrap();
            // A count in the last byte means that it is RTP's own; H264 has only zeros of its own.
            let padding = if codec == Codec::H264 {
                &[0; 4]
            } else {
                padding
            };
            sealed.extend(padding);
            assert!(meeting.open(codec, &sealed).is_ok(), "{codec:?}");
        }
    }
}

#[test]
fn a_depacketiser_may_rewrite_what_it_reads() {
    let mut meeting = Meeting::new();
    let frame = key_frame(Codec::H264);
    let sealed = meeting.seal(Codec::H264, &frame).unwrap();
    let units = units(&sealed);
    let mut rewritten = vec![0, 0, 1];
    rewritten.extend([0x67, 0x42, 0xc0, 0x1f, 0xda, 0x11, 0x22]);
    for unit in &units[1..] {
        rewritten.extend([0, 0, 1]);
        rewritten.extend(*unit);
    }

    assert_eq!(meeting.open(Codec::H264, &rewritten).unwrap(), frame);
}

/// Ciphertext begins a start code once in four megabytes; under this key, the 544th frame does.
#[test]
fn a_slice_that_would_hold_a_start_code_is_escaped() {
    let mut meeting = Meeting::new();
    let mut frame = key_frame(Codec::H264);
    frame.resize(20_000, 0x55);
    for _ in 0..543 {
        meeting.seal(Codec::H264, &[]).unwrap_err();
    }

    let sealed = meeting.seal(Codec::H264, &frame).unwrap();

    let slice = units(&sealed)[2];
    assert!(slice.windows(3).any(|three| three == [0, 0, 3]));
    assert!(
        slice
            .windows(3)
            .all(|three| three[..2] != [0, 0] || three[2] > 2)
    );
    assert_eq!(meeting.open(Codec::H264, &sealed).unwrap(), frame);
}

#[test]
fn an_audio_frame_grows_by_few_bytes() {
    let sealed = Meeting::new().seal(Codec::Opus, &[7; 80]).unwrap();

    // Length, first byte of the header, key id, tag; the first counters cost nothing.
    assert_eq!(sealed.len(), 80 + 1 + 1 + 3 + 16);
}

proptest! {
    #[test]
    fn opus_and_vp9_arrive(frame in bytes(400)) {
        let mut meeting = Meeting::new();
        prop_assert_eq!(&meeting.carry(Codec::Opus, &frame), &frame);
        prop_assert_eq!(&meeting.carry(Codec::Vp9, &frame), &frame);
    }

    #[test]
    fn vp8_arrives_and_shows_its_header(mut frame in prop::collection::vec(any::<u8>(), 10..400)) {
        let mut meeting = Meeting::new();
        for (key, clear) in [(0, 10), (1, 3)] {
            frame[0] = frame[0] & 0xfe | key;
            let sealed = meeting.seal(Codec::Vp8, &frame).unwrap();
            prop_assert_eq!(&sealed[..clear], &frame[..clear]);
            prop_assert_eq!(&meeting.open(Codec::Vp8, &sealed).unwrap(), &frame);
        }
    }

    #[test]
    fn av1_arrives_as_it_would_without_encryption(
        given in prop::collection::vec(obu(), 1..6),
        last_has_size in any::<bool>(),
    ) {
        let mut meeting = Meeting::new();
        let travels = |kind: u8| !matches!(kind, 2 | 8 | 15);
        let travelling: Vec<_> = given.iter().filter(|obu| travels(obu.0)).collect();
        let frame = temporal_unit(&given, last_has_size);
        prop_assume!(!travelling.is_empty());

        let sealed = meeting.seal(Codec::Av1, &frame).unwrap();

        let shown = obus(&sealed);
        let (last, headers) = shown.split_last().unwrap();
        prop_assert_eq!(last.kind, 6);
        let layer = travelling.iter().filter(|obu| obu.0 != 1).find_map(|obu| obu.1);
        prop_assert_eq!(last.extension, layer);
        let sequence_headers: Vec<_> = travelling.iter().filter(|obu| obu.0 == 1).collect();
        prop_assert_eq!(headers.len(), sequence_headers.len());
        for (shown, given) in headers.iter().zip(sequence_headers) {
            prop_assert_eq!((shown.kind, &shown.payload), (1, &given.2));
        }

        let opened = obus(&meeting.open(Codec::Av1, &sealed).unwrap());
        prop_assert_eq!(opened.len(), travelling.len());
        for (opened, given) in opened.iter().zip(travelling) {
            prop_assert_eq!((opened.kind, opened.extension, &opened.payload), (given.0, given.1, &given.2));
        }
    }

    #[test]
    fn h264_arrives_and_shows_parameter_sets_and_one_slice(
        given in prop::collection::vec(unit(), 1..6),
        long_codes in any::<bool>(),
    ) {
        let mut meeting = Meeting::new();
        let frame = access_unit(&given, long_codes);
        let Some(first) = given.iter().position(|unit| is_slice(unit.0)) else {
            prop_assert!(meeting.seal(Codec::H264, &frame).is_err());
            return Ok(());
        };

        let sealed = meeting.seal(Codec::H264, &frame).unwrap();

        let shown = units(&sealed);
        let (slice, sets) = shown.split_last().unwrap();
        let given_sets = given[..first].iter().filter(|unit| matches!(unit.0 & 0x1f, 7 | 8));
        let given_sets: Vec<Vec<u8>> = given_sets
            .map(|(header, _, content)| [&[*header], content.as_slice()].concat())
            .collect();
        let sets: Vec<Vec<u8>> = sets.iter().map(|set| set.strip_suffix(&[0]).unwrap().to_vec()).collect();
        prop_assert_eq!(sets, given_sets);
        prop_assert_eq!(slice[0], given[first].0);
        prop_assert_eq!(golomb(slice), [0, 7, u32::from(given[first].1)]);
        prop_assert_eq!(slice.last(), Some(&0x80));
        prop_assert!(slice.windows(3).all(|three| three[..2] != [0, 0] || three[2] > 2));
        prop_assert_eq!(meeting.open(Codec::H264, &sealed).unwrap(), frame);
    }
}

//! Whatever is done to sealed bytes: they open to what was sealed, or not at all (abuse case 38).

use conclave_e2ee::frame::codec::Codec;
use conclave_e2ee::frame::data::{Channel, Label};
use conclave_e2ee::frame::{Source, Unopened};
use conclave_e2ee::identity::ParticipantId;
use proptest::prelude::*;

use crate::meeting::{CODECS, Meeting, SENDER, key_frame, open, opener, track};

/// Where nothing is ignored, each bit counts.
// Shows: REQ-IN-01, REQ-IN-02, REQ-IN-03.
#[test]
fn each_flipped_bit_is_refused_or_ignored() {
    for codec in CODECS {
        let frame = key_frame(codec);
        let mut meeting = Meeting::new();
        let mut sealed = meeting.seal(codec, &frame).unwrap();
        let original = meeting.open(codec, &sealed).unwrap();
        let mut ignored = Vec::new();
        for bit in 0..sealed.len() * 8 {
            sealed[bit / 8] ^= 1 << (bit % 8);
            if let Ok(opened) = open(&mut opener(), codec, &sealed) {
                assert_eq!(opened, original, "bit {bit} of {codec:?}");
                ignored.push(bit / 8);
            }
            sealed[bit / 8] ^= 1 << (bit % 8);
        }
        let copies = match codec {
            Codec::Opus | Codec::Vp8 | Codec::Vp9 => 0,
            // The sequence header, and the header of the frame's unit.
            Codec::Av1 => 2 + 6 + 1,
            // Two parameter sets, three start codes, the head of the slice.
            Codec::H264 => 3 * 4 + 5 + 4 + 3,
        };
        assert!(
            ignored.iter().all(|at| *at < copies),
            "{codec:?}: {ignored:?}"
        );
    }
}

#[test]
fn each_truncation_is_refused() {
    for codec in CODECS {
        let mut meeting = Meeting::new();
        let sealed = meeting.seal(codec, &key_frame(codec)).unwrap();
        for length in 0..sealed.len() {
            assert_eq!(open(&mut opener(), codec, &sealed[..length]), Err(Unopened));
        }
    }
}

#[test]
fn what_was_sealed_for_one_codec_opens_as_no_other() {
    for sealed_as in CODECS {
        let mut meeting = Meeting::new();
        let sealed = meeting.seal(sealed_as, &key_frame(sealed_as)).unwrap();
        for opened_as in CODECS {
            let opened = open(&mut opener(), opened_as, &sealed);
            assert_eq!(opened.is_ok(), sealed_as == opened_as);
        }
    }
}

#[test]
fn each_flipped_bit_of_a_message_is_refused() {
    let mut meeting = Meeting::new();
    let mut message = Vec::new();
    let sealer = &mut meeting.sealer;
    let sealed = sealer.seal_message(
        Label::Input,
        Channel::Lossy,
        b"to 7",
        b"click",
        &mut message,
    );
    sealed.unwrap();
    let mut out = Vec::new();
    for bit in 0..message.len() * 8 {
        message[bit / 8] ^= 1 << (bit % 8);
        let opened = opener().open_message(SENDER, Label::Input, b"to 7", &message, &mut out);
        assert_eq!(opened, Err(Unopened));
        assert!(out.is_empty());
        message[bit / 8] ^= 1 << (bit % 8);
    }
    for length in 0..message.len() {
        let cut = &message[..length];
        let opened = opener().open_message(SENDER, Label::Input, b"to 7", cut, &mut out);
        assert_eq!(opened, Err(Unopened));
    }
}

fn strangers_bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        // Rich in start codes, unit headers and small sizes.
        prop::collection::vec(
            prop::sample::select(vec![
                0_u8, 0, 0, 1, 2, 3, 0x0a, 0x32, 0x36, 0x65, 0x67, 0x80
            ]),
            0..300
        ),
    ]
}

proptest! {
    #[test]
    fn garbage_opens_as_nothing(bytes in strangers_bytes(), stranger in any::<[u8; 16]>()) {
        let mut opener = opener();
        for codec in CODECS {
            prop_assert_eq!(open(&mut opener, codec, &bytes), Err(Unopened));
            let mut source = Source::new(ParticipantId(stranger), track(codec));
            let mut out = Vec::new();
            prop_assert_eq!(opener.open_frame(&mut source, &bytes, &mut out), Err(Unopened));
        }
        let mut out = Vec::new();
        let opened = opener.open_message(SENDER, Label::File, &[], &bytes, &mut out);
        prop_assert_eq!(opened, Err(Unopened));
        let drops = opener.drops();
        let counts = [drops.malformed, drops.misattributed, drops.keyless, drops.replayed, drops.forged];
        prop_assert_eq!(counts.iter().sum::<u64>(), 11);
    }

    #[test]
    fn any_bytes_are_sealed_or_refused_and_arrive_if_sealed(frame in strangers_bytes()) {
        let mut meeting = Meeting::new();
        for codec in CODECS {
            if let Ok(sealed) = meeting.seal(codec, &frame) {
                let opened = meeting.open(codec, &sealed).unwrap();
                prop_assert!(codec == Codec::Av1 || opened == frame);
                // What AV1 left out on the first way is gone; the rest stays as it is.
                prop_assert_eq!(&meeting.carry(codec, &opened), &opened);
            }
        }
    }
}

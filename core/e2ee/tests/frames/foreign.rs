//! The `sframe` crate opens what we seal, and we open what it seals.

use conclave_e2ee::frame::codec::Codec;
use conclave_e2ee::frame::data::{Channel, Label};
use proptest::prelude::*;
use sframe::CipherSuite::AesGcm256Sha512;
use sframe::frame::{EncryptedFrameView, MediaFrameView, MonotonicCounter};
use sframe::header::SframeHeader;
use sframe::key::{DecryptionKey, EncryptionKey};
use sframe::mls::{MlsKeyId, MlsKeyIdBitRange};

use crate::meeting::{BASE_KEY, EPOCH, LEAF, Meeting};

/// A camera, its codec, the length of its name, its name.
const VP8_CAMERA: &[u8] = b"\x01\x01\x040123";
const VP9_CAMERA: &[u8] = b"\x01\x02\x040123";

fn key_id(context: u64) -> MlsKeyId {
    let bits = MlsKeyIdBitRange::new(8, 16);
    MlsKeyId::try_new(context, EPOCH, u64::from(LEAF), bits).unwrap()
}

fn theirs(record: &[u8], context: u64, metadata: &[u8]) -> Vec<u8> {
    let key = DecryptionKey::derive_from(AesGcm256Sha512, key_id(context), BASE_KEY).unwrap();
    let frame = EncryptedFrameView::try_with_meta_data(record, metadata).unwrap();
    frame.decrypt(&key).unwrap().payload().to_vec()
}

fn delimited(record: &[u8]) -> Vec<u8> {
    let length = record.len();
    let mut bytes = vec![length as u8 | 0x80, (length >> 7) as u8];
    bytes.truncate(if length < 128 { 1 } else { 2 });
    bytes[0] &= if length < 128 { 0x7f } else { 0xff };
    bytes.extend(record);
    bytes
}

// Shows: REQ-CR-10.
#[test]
fn a_message_is_none_of_medias_keys() {
    let mut meeting = Meeting::new();
    let mut record = Vec::new();
    let sealer = &mut meeting.sealer;
    let sealed = sealer.seal_message(Label::Chat, Channel::Reliable, &[], b"hi", &mut record);
    sealed.unwrap();
    let header = SframeHeader::deserialize(&record).unwrap();
    assert_eq!(header.key_id(), u64::from(key_id(0)));

    let key = DecryptionKey::derive_from(AesGcm256Sha512, key_id(0), BASE_KEY).unwrap();
    assert!(
        EncryptedFrameView::try_new(&record)
            .unwrap()
            .decrypt(&key)
            .is_err()
    );
}

proptest! {
    #[test]
    fn they_open_our_frames(frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 10..90), 1..20)) {
        let mut meeting = Meeting::new();
        meeting.seal(Codec::Opus, &[]).unwrap();
        for mut frame in frames {
            frame[0] &= 0xfe;
            let sealed = meeting.seal(Codec::Vp8, &frame).unwrap();
            let (clear, rest) = sealed.split_at(10);
            let record = &rest[1..];
            prop_assert_eq!(usize::from(rest[0]), record.len());
            prop_assert_eq!([clear, &theirs(record, 1, &[VP8_CAMERA, clear].concat())].concat(), frame);
        }
    }

    #[test]
    fn we_open_their_frames(
        frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..20),
        start in 0_u64..1 << 40,
        context in 0_u64..64,
    ) {
        let key = EncryptionKey::derive_from(AesGcm256Sha512, key_id(context), BASE_KEY).unwrap();
        let mut counter = MonotonicCounter::with_start_value(start, u64::MAX);
        let mut meeting = Meeting::new();
        for frame in frames {
            let mut record = Vec::new();
            let view = MediaFrameView::try_with_meta_data(&mut counter, &frame, VP9_CAMERA).unwrap();
            view.encrypt_into(&key, &mut record).unwrap();
            // Theirs begins with the metadata; ours doesn't send it.
            record.drain(..VP9_CAMERA.len());
            prop_assert_eq!(meeting.open(Codec::Vp9, &delimited(&record)), Ok(frame));
        }
    }
}

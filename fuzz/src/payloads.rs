//! Payload descriptors of the codecs.

use conclave_sfu::codec::{dependency_descriptor, h264 as units, red as redundant, vp8, vp9};
use str0m::rtp::Vp8Descriptor;

/// What our reader accepts, the engine that writes the outgoing packet must accept too, and read
/// alike: else a rewritten picture id would land elsewhere.
pub(crate) fn vp8_descriptor(bytes: &[u8]) {
    let ours = vp8::Descriptor::parse(bytes);
    let engine = Vp8Descriptor::parse(bytes);
    assert_eq!(ours.is_ok(), engine.is_ok());
    let (Ok(ours), Ok(engine)) = (ours, engine) else {
        return;
    };
    assert!(ours.length < bytes.len());
    assert_eq!(ours.picture_id.map(|id| id.value), engine.picture_id());
    assert_eq!(ours.tl0_pic_idx, engine.tl0_pic_idx());
    assert_eq!(ours.key_idx, engine.key_idx());
    assert_eq!(ours.starts_key_frame, engine.starts_keyframe(bytes));

    let mut patch = engine.patch();
    if let Some(id) = ours.picture_id {
        patch = patch.picture_id((1 << id.bits()) - 1);
    }
    if ours.tl0_pic_idx.is_some() {
        patch = patch.tl0_pic_idx(u8::MAX);
    }
    if ours.key_idx.is_some() {
        patch = patch.key_idx(0x1f);
    }
    assert!(
        patch.build().is_ok(),
        "the fields that we name can be written"
    );
}

/// The descriptor is what its length says, whatever follows.
pub(crate) fn vp9_descriptor(bytes: &[u8]) {
    let Ok(descriptor) = vp9::Descriptor::parse(bytes) else {
        return;
    };
    let head = bytes.get(..=descriptor.length);
    let again = head.map(vp9::Descriptor::parse);
    assert_eq!(again, Some(Ok(descriptor)));
    assert!(descriptor.spatial() < 8 && descriptor.temporal() < 8);
}

pub(crate) fn h264(bytes: &[u8]) {
    let content = units::content(bytes);
    assert!(content.is_err() || !bytes.is_empty());
}

/// The primary block lies within the packet, at its end.
pub(crate) fn red(bytes: &[u8]) {
    if let Ok(primary) = redundant::primary(bytes) {
        assert!(bytes.get(primary.bytes.clone()).is_some());
        assert_eq!(primary.bytes.end, bytes.len());
        assert!(primary.payload_type < 128);
    }
}

/// Padding changes nothing, and neither does knowing the structure that the bytes bring along.
pub(crate) fn dependency_descriptor(bytes: &[u8]) {
    let Ok(descriptor) = dependency_descriptor::Descriptor::parse(bytes, None) else {
        return;
    };
    assert!(descriptor.attached);
    let structure = &descriptor.structure;
    assert!((1..=32).contains(&structure.decode_targets()));
    assert!(structure.chains() <= usize::from(structure.decode_targets()));
    let padded = [bytes, &[0]].concat();
    for same in [bytes, &padded] {
        let again = dependency_descriptor::Descriptor::parse(same, Some(structure));
        assert_eq!(again.as_ref(), Ok(&descriptor));
    }
}

//! Frames and messages under end-to-end encryption, before and after they are sealed.
//!
//! The corpora hold both: what encoders write, and what was sealed of it by leaf 7, on its
//! stream 0, for the track below, in epoch 1, under the key below.

use conclave_e2ee::frame::codec::Codec;
use conclave_e2ee::frame::data::{Channel, Label};
use conclave_e2ee::frame::{
    BaseKey, EpochKeys, Leaf, Leaves, Opener, Sealer, Source, Track, TrackKind, Unopened, Unsealed,
};
use conclave_e2ee::identity::ParticipantId;

pub(crate) fn opus(bytes: &[u8]) {
    frame(Codec::Opus, bytes);
}

pub(crate) fn vp8(bytes: &[u8]) {
    frame(Codec::Vp8, bytes);
}

pub(crate) fn vp9(bytes: &[u8]) {
    frame(Codec::Vp9, bytes);
}

pub(crate) fn av1(bytes: &[u8]) {
    frame(Codec::Av1, bytes);
}

pub(crate) fn h264(bytes: &[u8]) {
    frame(Codec::H264, bytes);
}

fn frame(codec: Codec, bytes: &[u8]) {
    opens_once(codec, bytes);
    arrives(codec, bytes);
}

/// What opens is genuine, so it does not open again; what does not open leaves nothing behind.
fn opens_once(codec: Codec, bytes: &[u8]) {
    let mut opener = opener();
    if let Ok(frame) = open(&mut opener, codec, bytes) {
        assert!(frame.len() < bytes.len());
        assert_eq!(open(&mut opener, codec, bytes), Err(Unopened));
    }
}

/// What is sealed arrives, as it was or as the codec's packetiser leaves it.
fn arrives(codec: Codec, bytes: &[u8]) {
    let Ok(opened) = carry(codec, bytes) else {
        return;
    };
    if codec == Codec::Av1 {
        assert_eq!(carry(codec, &opened).as_ref(), Ok(&opened));
    } else {
        assert_eq!(opened, bytes);
    }
}

fn carry(codec: Codec, frame: &[u8]) -> Result<Vec<u8>, Unsealed> {
    let mut sealer = sealer();
    let added = sealer.add_track(track(codec));
    let context = added.expect("it is the first track");
    let mut sealed = vec![0xee; 3];
    let done = sealer.seal_frame(context, frame, &mut sealed);
    assert_eq!(done.is_err(), sealed.is_empty());
    done.map(|()| open(&mut opener(), codec, &sealed).expect("the frame is genuine"))
}

fn open(opener: &mut Opener, codec: Codec, bytes: &[u8]) -> Result<Vec<u8>, Unopened> {
    let mut source = Source::new(SENDER, track(codec));
    let mut out = vec![0xee; 3];
    let opened = opener.open_frame(&mut source, bytes, &mut out);
    assert!(opened.is_ok() || out.is_empty());
    opened.map(|_| out)
}

/// The same promises; and no label opens what another one sealed.
pub(crate) fn message(bytes: &[u8]) {
    let mut opener = opener();
    let mut out = Vec::new();
    let mut opens = |opener: &mut Opener, label, bytes: &[u8]| {
        let opened = opener.open_message(SENDER, label, b"bound", bytes, &mut out);
        assert!(opened.is_ok() || out.is_empty());
        opened.map(|()| out.clone())
    };
    let labels = [Label::Chat, Label::File, Label::Input, Label::App];
    let mut times = 0;
    for label in labels.into_iter().chain(labels) {
        times += usize::from(opens(&mut opener, label, bytes).is_ok());
    }
    assert!(times <= 1);

    let mut sealed = Vec::new();
    let done = sealer().seal_message(Label::Chat, Channel::Lossy, b"bound", bytes, &mut sealed);
    done.expect("the message is short");
    assert_eq!(opens(&mut opener, Label::File, &sealed), Err(Unopened));
    assert_eq!(
        opens(&mut opener, Label::Chat, &sealed).as_deref(),
        Ok(bytes)
    );
}

const SENDER: ParticipantId = ParticipantId([7; 16]);

fn track(codec: Codec) -> Track {
    Track::new(TrackKind::Camera, codec, "track").expect("the name is short")
}

fn sealer() -> Sealer {
    let mut sealer = Sealer::new(leaf());
    sealer.switch(&keys()).expect("it is the first epoch");
    sealer
}

fn opener() -> Opener {
    let mut opener = Opener::new();
    let leaves = Leaves::from([(SENDER, leaf())]);
    let installed = opener.install(&keys(), leaves);
    installed.expect("it is the first epoch");
    opener
}

fn leaf() -> Leaf {
    Leaf::new(7).expect("the group is small")
}

fn keys() -> EpochKeys {
    EpochKeys::new(1, &BaseKey::new([7; 32]))
}

//! One who seals and one who opens, in the same epoch.

use conclave_e2ee::frame::codec::Codec;
use std::collections::BTreeMap;

use conclave_e2ee::frame::{
    BaseKey, Context, EpochKeys, Leaf, Leaves, Opener, Sealer, Source, Track, TrackKind, Unopened,
    Unsealed,
};
use conclave_e2ee::identity::ParticipantId;

pub(crate) const EPOCH: u64 = 0x0205;
pub(crate) const BASE_KEY: [u8; 32] = *b"thirty-two bytes that MLS shares";
pub(crate) const LEAF: u32 = 300;

pub(crate) struct Meeting {
    pub(crate) sealer: Sealer,
    tracks: BTreeMap<Codec, Context>,
    pub(crate) opener: Opener,
}

impl Meeting {
    pub(crate) fn new() -> Self {
        let mut sealer = Sealer::new(leaf());
        sealer.switch(&keys()).unwrap();
        Self {
            tracks: BTreeMap::new(),
            sealer,
            opener: opener(),
        }
    }

    pub(crate) fn seal(&mut self, codec: Codec, frame: &[u8]) -> Result<Vec<u8>, Unsealed> {
        let mut out = Vec::new();
        let added = self.tracks.entry(codec);
        let context = added.or_insert_with(|| self.sealer.add_track(track(codec)).unwrap());
        let sealed = self.sealer.seal_frame(*context, frame, &mut out);
        sealed.map(|()| out)
    }

    pub(crate) fn open(&mut self, codec: Codec, bytes: &[u8]) -> Result<Vec<u8>, Unopened> {
        open(&mut self.opener, codec, bytes)
    }

    pub(crate) fn carry(&mut self, codec: Codec, frame: &[u8]) -> Vec<u8> {
        let sealed = self.seal(codec, frame).unwrap();
        self.open(codec, &sealed).unwrap()
    }
}

/// Of a receiver who has opened nothing yet.
pub(crate) fn opener() -> Opener {
    let mut opener = Opener::new();
    opener.install(&keys(), leaves()).unwrap();
    opener
}

pub(crate) fn open(opener: &mut Opener, codec: Codec, bytes: &[u8]) -> Result<Vec<u8>, Unopened> {
    let mut source = Source::new(SENDER, track(codec));
    let mut out = vec![0xee; 7];
    let opened = opener.open_frame(&mut source, bytes, &mut out);
    assert!(opened.is_ok() || out.is_empty());
    opened.map(|_| out)
}

pub(crate) const SENDER: ParticipantId = ParticipantId([5; 16]);

pub(crate) fn track(codec: Codec) -> Track {
    Track::new(TrackKind::Camera, codec, "0123").unwrap()
}

fn leaf() -> Leaf {
    Leaf::new(LEAF).unwrap()
}

fn leaves() -> Leaves {
    Leaves::from([(SENDER, leaf())])
}

fn keys() -> EpochKeys {
    EpochKeys::new(EPOCH, &BaseKey::new(BASE_KEY))
}

pub(crate) const CODECS: [Codec; 5] =
    [Codec::Opus, Codec::Vp8, Codec::Vp9, Codec::Av1, Codec::H264];

/// A small key frame of each codec, as an encoder writes it.
pub(crate) fn key_frame(codec: Codec) -> Vec<u8> {
    let content = b"what was filmed and is nobody else's business";
    let head: &[u8] = match codec {
        Codec::Opus => &[0x78],
        Codec::Vp8 => &[0x50, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x00, 0x05, 0xd0, 0x02],
        Codec::Vp9 => &[0x82, 0x49, 0x83, 0x42],
        // A temporal delimiter, a sequence header, a frame.
        Codec::Av1 => &[
            0x12, 0x00, 0x0a, 0x06, 0x00, 0x00, 0x00, 0x2d, 0x4c, 0xff, 0x32, 45,
        ],
        // Both parameter sets, and a slice of an instantaneous refresh.
        Codec::H264 => &[
            0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1f, 0xda, 0, 0, 0, 1, 0x68, 0xce, 0x3c, 0x80, 0, 0, 1,
            0x65, 0x88, 0x84,
        ],
    };
    [head, content].concat()
}

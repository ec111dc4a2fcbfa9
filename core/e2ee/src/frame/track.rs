//! What a track is by the word of its sender: authenticated with each frame, and not sent.
//!
//! The server tells receivers what a track is. Were it believed, it could have VP9 decoded as Opus, show a screen
//! for a camera, or play what it held back of a track that is over on the one that follows.

use super::codec::Codec;

/// Where a track's pictures or sounds come from, as LiveKit's `TrackSource` tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrackKind {
    Microphone,
    Camera,
    Screen,
    ScreenAudio,
}

/// One encoder's output, which both sides describe alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Track {
    codec: Codec,
    /// Kind, codec, length of the name, name.
    bound: Vec<u8>,
}

/// A name of more than [`MAX_NAME_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a track's name is too long")]
pub struct TooLong;

/// Room for random digits.
pub const MAX_NAME_BYTES: usize = 64;

impl Track {
    /// The sender draws the name at random for each publication: a name that comes again lets frames of the first
    /// track pass for the second's.
    pub fn new(kind: TrackKind, codec: Codec, name: &str) -> Result<Self, TooLong> {
        let length = u8::try_from(name.len()).map_err(|_| TooLong)?;
        if name.len() > MAX_NAME_BYTES {
            return Err(TooLong);
        }
        let head = [kind.number(), codec.number(), length];
        Ok(Self {
            codec,
            bound: [&head, name.as_bytes()].concat(),
        })
    }

    pub(super) fn codec(&self) -> Codec {
        self.codec
    }

    /// Goes between header and clear bytes into what is authenticated.
    pub(super) fn bound(&self) -> &[u8] {
        &self.bound
    }
}

impl TrackKind {
    fn number(self) -> u8 {
        match self {
            Self::Microphone => 0,
            Self::Camera => 1,
            Self::Screen => 2,
            Self::ScreenAudio => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_tracks_are_bound_alike() {
        let kinds = [
            TrackKind::Microphone,
            TrackKind::Camera,
            TrackKind::Screen,
            TrackKind::ScreenAudio,
        ];
        let codecs = [Codec::Opus, Codec::Vp8, Codec::Vp9, Codec::Av1, Codec::H264];
        let mut bound = Vec::new();
        for kind in kinds {
            for codec in codecs {
                for name in ["", "a", "ab"] {
                    bound.push(Track::new(kind, codec, name).unwrap().bound);
                }
            }
        }
        bound.sort_unstable();
        bound.dedup();
        assert_eq!(bound.len(), 4 * 5 * 3);
    }

    #[test]
    fn a_name_has_an_end() {
        let name = |length| Track::new(TrackKind::Camera, Codec::Vp8, &"x".repeat(length));
        assert!(name(MAX_NAME_BYTES).is_ok());
        assert_eq!(name(MAX_NAME_BYTES + 1), Err(TooLong));
        assert_eq!(name(300), Err(TooLong));
    }
}

//! Where a sealed frame lies within what packetisers, depacketisers and the server may see.
//!
//! They read a few bytes of some codecs, and break frames up by them. Those bytes stay clear:
//!
//! | codec | clear | then |
//! |---|---|---|
//! | Opus, VP9 | nothing | length, record |
//! | VP8 | 10 bytes of a key frame, 3 of others; authenticated | length, record |
//! | AV1 | copies of the sequence headers | one `OBU_FRAME` that holds the record |
//! | H264 | copies of the parameter sets | one slice that holds the record, escaped |
//!
//! A decoder is given nothing that was not authenticated. VP8's clear bytes are the record's
//! metadata. The copies of AV1 and H264 are not, since depacketisers rewrite them (sizes of OBUs,
//! the VUI of H264); they are ignored on arrival, as the record holds the whole frame.
//!
//! Which codec it is, is authenticated too ([`super::Track`]).
//!
//! Bytes behind the record are ignored: padding that somebody forgot to take off harms nothing.

mod av1;
mod delimited;
mod h264;
mod leb128;
mod vp8;

use super::outgoing::Record;
use super::refusal::Unsealed;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Codec {
    Opus,
    Vp8,
    Vp9,
    Av1,
    /// As an Annex B byte stream.
    H264,
}

/// A key frame of a large screen stays below a tenth of this.
pub const MAX_FRAME_BYTES: usize = 16 * 1024 * 1024;

/// Where the record of a sealed frame is, and what it authenticates beside itself.
pub(super) struct Found<'a> {
    /// Clear bytes, which precede the plaintext in the frame.
    pub(super) metadata: &'a [u8],
    pub(super) record: &'a [u8],
}

impl Codec {
    /// As it is authenticated.
    pub(super) fn number(self) -> u8 {
        match self {
            Self::Opus => 0,
            Self::Vp8 => 1,
            Self::Vp9 => 2,
            Self::Av1 => 3,
            Self::H264 => 4,
        }
    }

    /// Appends the sealed form of `frame`. After an error, what was appended is not to be used.
    pub(super) fn seal(
        self,
        frame: &[u8],
        record: Record<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Unsealed> {
        match self {
            Self::Opus | Self::Vp9 => delimited::seal(&[], frame, record, out),
            Self::Vp8 => {
                let (clear, rest) = vp8::split(frame).ok_or(Unsealed::Malformed)?;
                delimited::seal(clear, rest, record, out)
            }
            Self::Av1 => av1::seal(frame, record, out),
            Self::H264 => h264::seal(frame, record, out),
        }
    }

    /// Finds the record; `None` where the bytes hold none.
    pub(super) fn find<'a>(self, bytes: &'a [u8], scratch: &'a mut Vec<u8>) -> Option<Found<'a>> {
        match self {
            Self::Opus | Self::Vp9 => delimited::find(&[], bytes),
            Self::Vp8 => {
                let (clear, rest) = vp8::split(bytes)?;
                delimited::find(clear, rest)
            }
            Self::Av1 => av1::find(bytes),
            Self::H264 => h264::find(bytes, scratch),
        }
    }
}

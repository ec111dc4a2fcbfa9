//! RTP packets as they are handed to and from a connection.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use crate::sdp::{Codec, Mid, Rid};

/// One RTP packet from the client, decrypted and once only.
#[derive(Clone)]
pub struct MediaPacket {
    pub mid: Mid,
    /// The simulcast layer, when the section has layers.
    pub rid: Option<Rid>,
    /// Another one on the same section and layer means that the client began anew.
    pub ssrc: u32,
    /// What the payload type means.
    pub codec: Codec,
    /// Extended beyond 16 bits.
    pub sequence: u64,
    pub timestamp: u32,
    pub marker: bool,
    pub audio_level: Option<AudioLevel>,
    /// RTP header extension of AV1 (and VP9), as it came.
    pub dependency_descriptor: Option<Arc<[u8]>>,
    /// The two rotation bits of 3GPP TS 26.114's CVO, as they came.
    pub rotation: Option<u8>,
    pub capture_time: Option<CaptureTime>,
    pub payload: Arc<[u8]>,
    pub arrival: Instant,
    pub sender_report: Option<SenderReport>,
}

/// RFC 6464.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudioLevel {
    /// Below full scale, in dB: 0 is the loudest, 127 silence.
    pub attenuation: u8,
    pub voice: bool,
}

impl AudioLevel {
    pub const SILENCE: u8 = 127;
}

/// The last RTCP sender report of a stream: one moment on two clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SenderReport {
    /// By the sender's clock.
    pub ntp: SystemTime,
    pub rtp: u32,
}

/// When a frame was captured: the RTP header extension abs-capture-time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaptureTime {
    /// By the capturing machine's clock.
    pub at: SystemTime,
    /// What to add to reach the sender's clock, in seconds as signed 32.32 fixed point.
    pub clock_offset: Option<i64>,
}

/// One RTP packet to send on a section.
#[derive(Clone)]
pub struct OutgoingPacket {
    pub mid: Mid,
    pub codec: Codec,
    /// Extended. Starts below 65 536 on each section (else the receiver can't decrypt), and
    /// rises for ever, whatever source feeds the section.
    pub sequence: u64,
    pub timestamp: u32,
    pub marker: bool,
    pub audio_level: Option<AudioLevel>,
    pub dependency_descriptor: Option<Arc<[u8]>>,
    pub rotation: Option<u8>,
    pub capture_time: Option<CaptureTime>,
    /// Is sent again when the client misses it.
    pub retransmit: bool,
    pub payload: Arc<[u8]>,
    /// When the media arrived; the sender reports relate `timestamp` to it.
    pub arrival: Instant,
    /// Fields of the VP8 payload descriptor to overwrite while writing; `payload` stays shared.
    pub vp8: Option<Vp8Rewrite>,
}

/// Values that replace those in a VP8 payload descriptor (RFC 7741). A field that the descriptor
/// does not have, or that does not fit its width, stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vp8Rewrite {
    pub picture_id: Option<u16>,
    pub tl0_pic_idx: Option<u8>,
    pub key_idx: Option<u8>,
}

//! How a section's packets are sent: by which SSRC, and by which payload type for which codec.

use std::collections::BTreeMap;

use str0m::Rtc;
use str0m::format;
use str0m::media::{Mid as EngineMid, Pt};
use str0m::rtp::Ssrc;

use super::SendError;
use crate::sdp::{Codec, Mid};

/// What was agreed on, as far as it has been asked for.
#[derive(Default)]
pub(super) struct Sinks {
    known: BTreeMap<(Mid, Codec), Sink>,
}

#[derive(Clone, Copy)]
pub(super) struct Sink {
    pub(super) ssrc: Ssrc,
    pub(super) payload_type: Pt,
}

impl Sinks {
    pub(super) fn sink(
        &mut self,
        rtc: &mut Rtc,
        mid: Mid,
        codec: Codec,
    ) -> Result<Sink, SendError> {
        if let Some(sink) = self.known.get(&(mid, codec)) {
            return Ok(*sink);
        }
        let payload_type = payload_type(rtc, mid, codec)?;
        let mut api = rtc.direct_api();
        let stream = api
            .stream_tx_by_mid(engine_mid(mid), None)
            .ok_or(SendError::NoSection)?;
        let sink = Sink {
            ssrc: stream.ssrc(),
            payload_type,
        };
        self.known.insert((mid, codec), sink);
        Ok(sink)
    }

    /// A negotiation may change everything.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }
}

/// The codecs that can be sent on a section.
pub(super) fn sendable(rtc: &Rtc, mid: Mid) -> Vec<Codec> {
    Codec::ALL
        .into_iter()
        .filter(|codec| payload_type(rtc, mid, *codec).is_ok())
        .collect()
}

/// Which codec a payload type stands for.
pub(super) fn codec_of(rtc: &Rtc, payload_type: Pt) -> Option<Codec> {
    let parameters = rtc
        .codec_config()
        .find(|p| p.pt() == payload_type || p.red() == Some(payload_type))?;
    if parameters.red() == Some(payload_type) {
        return Some(Codec::Red);
    }
    match parameters.spec().codec {
        format::Codec::Opus => Some(Codec::Opus),
        format::Codec::Vp8 => Some(Codec::Vp8),
        format::Codec::H264 => Some(Codec::H264),
        format::Codec::Vp9 => Some(Codec::Vp9),
        format::Codec::Av1 => Some(Codec::Av1),
        _ => None,
    }
}

pub(super) fn engine_mid(mid: Mid) -> EngineMid {
    EngineMid::from(mid.as_str())
}

fn payload_type(rtc: &Rtc, mid: Mid, codec: Codec) -> Result<Pt, SendError> {
    let media = rtc.media(engine_mid(mid)).ok_or(SendError::NoSection)?;
    if !media.direction().is_sending() {
        return Err(SendError::NoSection);
    }
    let primary = match codec {
        Codec::Opus | Codec::Red => format::Codec::Opus,
        Codec::Vp8 => format::Codec::Vp8,
        Codec::H264 => format::Codec::H264,
        Codec::Vp9 => format::Codec::Vp9,
        Codec::Av1 => format::Codec::Av1,
    };
    let accepted = media
        .remote_pts()
        .iter()
        .filter_map(|pt| rtc.codec_config().find(|p| p.pt() == *pt))
        .filter(|p| p.spec().codec == primary);
    // Browsers packetise H264 in mode 1, and decode every profile that they offer by any of its
    // payload types.
    let chosen = accepted.max_by_key(|p| {
        let packetizes = p.spec().format.packetization_mode.unwrap_or_default();
        (packetizes, std::cmp::Reverse(*p.pt()))
    });
    match (codec, chosen) {
        (Codec::Red, Some(p)) => p.red().ok_or(SendError::NoCodec),
        (_, Some(p)) => Ok(p.pt()),
        (_, None) => Err(SendError::NoCodec),
    }
}

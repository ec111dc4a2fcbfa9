//! Which section and layer the packets of an SSRC belong to, and how many were lost.

use std::collections::BTreeMap;

use str0m::Rtc;
use str0m::rtp::Ssrc;

use crate::sdp::{Mid, Rid};

/// The RTP streams that a client sends.
#[derive(Default)]
pub(super) struct Sources {
    by_ssrc: BTreeMap<u32, Source>,
}

#[derive(Clone, Copy)]
struct Source {
    mid: Mid,
    rid: Option<Rid>,
    first: u64,
    last: u64,
    received: u64,
}

impl Sources {
    /// Notes a packet, and says whose it is.
    pub(super) fn receive(
        &mut self,
        rtc: &mut Rtc,
        ssrc: Ssrc,
        sequence: u64,
    ) -> Option<(Mid, Option<Rid>)> {
        if !self.by_ssrc.contains_key(&ssrc) {
            self.learn(rtc, ssrc, sequence)?;
        }
        let source = self.by_ssrc.get_mut(&ssrc)?;
        source.received += 1;
        source.first = source.first.min(sequence);
        source.last = source.last.max(sequence);
        Some((source.mid, source.rid))
    }

    /// Packets that never came, not even again, of the streams of a section's layer.
    pub(super) fn lost(&self, mid: Mid, rid: Option<Rid>) -> u64 {
        self.by_ssrc
            .values()
            .filter(|source| source.mid == mid && source.rid == rid)
            .map(|source| (source.last - source.first + 1).saturating_sub(source.received))
            .sum()
    }

    fn learn(&mut self, rtc: &mut Rtc, ssrc: Ssrc, sequence: u64) -> Option<()> {
        let mut api = rtc.direct_api();
        let stream = api.stream_rx(&ssrc)?;
        let source = Source {
            mid: Mid::new(&stream.mid())?,
            rid: stream.rid().and_then(|rid| Rid::new(&rid)),
            first: sequence,
            last: sequence,
            received: 0,
        };
        if self.by_ssrc.len() >= MAX_SOURCES {
            self.by_ssrc.clear();
        }
        self.by_ssrc.insert(*ssrc, source);
        Some(())
    }
}

/// A client with every section in use sends fewer; the streams of a cleared table are learnt
/// again from their next packets.
const MAX_SOURCES: usize = 1024;

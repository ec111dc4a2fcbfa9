//! The engine's figures, gathered into one report per interval.

use std::time::Duration;

use str0m::net::Protocol;
use str0m::stats::{MediaEgressStats, MediaIngressStats, PeerStats as EngineStats};

use super::output::{PeerStats, StreamStats};
use super::sources::Sources;
use crate::io::Transport;
use crate::sdp::{Mid, Rid};

pub(super) const INTERVAL: Duration = Duration::from_secs(2);

/// The engine says the connection's figures first, then those of its streams, in one drain.
#[derive(Default)]
pub(super) struct Statistics {
    gathering: Option<Box<PeerStats>>,
}

impl Statistics {
    pub(super) fn peer(&mut self, stats: &EngineStats) {
        self.gathering = Some(Box::new(PeerStats {
            path: stats.selected_candidate_pair.as_ref().map(|pair| {
                if pair.protocol == Protocol::Udp {
                    Transport::Udp
                } else {
                    Transport::Tcp
                }
            }),
            bytes_received: stats.peer_bytes_rx,
            bytes_sent: stats.peer_bytes_tx,
            round_trip: stats.rtt,
            estimate: stats.bwe_tx.map(|rate| rate.as_u64()),
            received: Vec::new(),
            sent: Vec::new(),
        }));
    }

    pub(super) fn received(&mut self, stats: &MediaIngressStats, sources: &Sources) {
        let (Some(gathering), Some(mid)) = (&mut self.gathering, Mid::new(&stats.mid)) else {
            return;
        };
        let rid = stats.rid.and_then(|rid| Rid::new(&rid));
        gathering.received.push(StreamStats {
            mid,
            rid,
            packets: stats.packets,
            bytes: stats.bytes,
            lost: sources.lost(mid, rid),
            loss: stats.loss,
            jitter: stats.jitter,
            round_trip: stats.rtt,
            nacks: stats.nacks,
            key_frame_requests: stats.plis + stats.firs,
        });
    }

    pub(super) fn sent(&mut self, stats: &MediaEgressStats) {
        let (Some(gathering), Some(mid)) = (&mut self.gathering, Mid::new(&stats.mid)) else {
            return;
        };
        let remote = stats.remote.as_ref();
        gathering.sent.push(StreamStats {
            mid,
            rid: stats.rid.and_then(|rid| Rid::new(&rid)),
            packets: stats.packets,
            bytes: stats.bytes,
            lost: remote.map_or(0, |r| r.packets_lost),
            loss: stats.loss,
            jitter: remote.map_or(0, |r| r.jitter),
            round_trip: stats.rtt,
            nacks: stats.nacks,
            key_frame_requests: stats.plis + stats.firs,
        });
    }

    pub(super) fn take(&mut self) -> Option<Box<PeerStats>> {
        self.gathering.take()
    }
}

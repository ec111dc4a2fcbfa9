//! What a participant sent reliably of late, for readers who come back from an interruption.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Recipients;

#[derive(Default)]
pub(crate) struct DataCache {
    packets: VecDeque<CachedPacket>,
    bytes: usize,
}

#[derive(Clone)]
pub(crate) struct CachedPacket {
    pub(crate) sequence: u32,
    pub(crate) recipients: Arc<Recipients>,
    pub(crate) sent: Instant,
    pub(crate) bytes: Arc<[u8]>,
}

/// A client resumes within some 30 s or not at all.
pub(crate) const KEPT_FOR: Duration = Duration::from_secs(60);
/// Per participant; the oldest go first.
pub(crate) const MOST_BYTES: usize = 1 << 20;

impl DataCache {
    pub(crate) fn add(&mut self, packet: CachedPacket) {
        let now = packet.sent;
        self.bytes += packet.bytes.len();
        self.packets.push_back(packet);
        while let Some(oldest) = self.packets.front()
            && (self.bytes > MOST_BYTES || now.saturating_duration_since(oldest.sent) > KEPT_FOR)
        {
            self.bytes -= oldest.bytes.len();
            self.packets.pop_front();
        }
    }

    /// In the order of sending: later numbers than `last`, sent since `since`.
    pub(crate) fn after(&self, last: u32, since: Instant) -> impl Iterator<Item = &CachedPacket> {
        self.packets
            .iter()
            .filter(move |packet| packet.sequence > last && packet.sent >= since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_packets_are_found_in_order() {
        let start = crate::test_time::start();
        let mut cache = DataCache::default();
        for sequence in 1..=4 {
            cache.add(packet(
                sequence,
                start + Duration::from_secs(sequence.into()),
                10,
            ));
        }

        let sequences = |last, since| -> Vec<u32> {
            let since = start + Duration::from_secs(since);
            cache
                .after(last, since)
                .map(|packet| packet.sequence)
                .collect()
        };

        assert_eq!(sequences(2, 0), [3, 4]);
        assert_eq!(sequences(0, 3), [3, 4]);
    }

    #[test]
    fn the_cache_is_bounded_in_bytes_and_in_age() {
        let start = crate::test_time::start();
        let mut cache = DataCache::default();
        cache.add(packet(1, start, MOST_BYTES));
        cache.add(packet(2, start, 1));
        assert_eq!(cache.after(0, start).count(), 1);

        cache.add(packet(3, start + KEPT_FOR + Duration::from_secs(1), 1));

        assert_eq!(cache.after(0, start).count(), 1);
        assert_eq!(cache.bytes, 1);
    }

    fn packet(sequence: u32, sent: Instant, size: usize) -> CachedPacket {
        CachedPacket {
            sequence,
            recipients: Arc::new(Recipients::Everybody),
            sent,
            bytes: vec![0; size].into(),
        }
    }
}

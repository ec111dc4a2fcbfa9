//! The RTP timestamps of one outgoing SSRC, continuous over the streams that feed it.

use std::time::{Duration, Instant};

use super::SenderReport;
use super::packet::Packet;

#[derive(Clone, Debug)]
pub(super) struct Timeline {
    /// Ticks per second.
    clock_rate: u32,
    /// Added to the timestamps of the stream that is sent.
    offset: u32,
    newest: Option<Newest>,
    report: Option<SenderReport>,
}

/// The newest timestamp that was sent.
#[derive(Clone, Copy, Debug)]
struct Newest {
    outgoing: u32,
    arrived: Instant,
}

impl Timeline {
    pub(super) fn new(clock_rate: u32) -> Self {
        Self {
            clock_rate,
            offset: 0,
            newest: None,
            report: None,
        }
    }

    /// From here on another stream is sent (or the same after a pause), beginning with `packet`.
    pub(super) fn start(&mut self, packet: &Packet) {
        let Some(newest) = self.newest else {
            return;
        };
        let waited = packet.arrived.saturating_duration_since(newest.arrived);
        let by_arrival = newest.outgoing.wrapping_add(self.ticks(waited));
        let by_report = self.aligned(packet).filter(|outgoing| {
            let apart = signed_difference(*outgoing, by_arrival).unsigned_abs();
            apart <= self.ticks(TRUSTED_DEVIATION)
        });
        let outgoing = by_report.unwrap_or(by_arrival);
        let advances = signed_difference(outgoing, newest.outgoing) > 0;
        let outgoing = if advances {
            outgoing
        } else {
            newest.outgoing.wrapping_add(1)
        };
        self.offset = outgoing.wrapping_sub(packet.timestamp);
    }

    /// The outgoing timestamp of a packet of the stream that is sent.
    pub(super) fn map(&mut self, packet: &Packet) -> u32 {
        let outgoing = packet.timestamp.wrapping_add(self.offset);
        let advances = |newest: Newest| signed_difference(outgoing, newest.outgoing) > 0;
        if self.newest.is_none_or(advances) {
            let arrived = packet.arrived;
            self.newest = Some(Newest { outgoing, arrived });
        }
        self.report = packet.sender_report;
        outgoing
    }

    /// Where the packet lies by the sender reports of both streams, which share a wall clock.
    fn aligned(&self, packet: &Packet) -> Option<u32> {
        let old = self.report?;
        let new = packet.sender_report?;
        let between = match new.ntp.duration_since(old.ntp) {
            Ok(later) => self.ticks(later),
            Err(earlier) => self.ticks(earlier.duration()).wrapping_neg(),
        };
        let since_report = packet.timestamp.wrapping_sub(new.rtp);
        let old_timestamp = old.rtp.wrapping_add(between).wrapping_add(since_report);
        Some(old_timestamp.wrapping_add(self.offset))
    }

    /// Ticks in a time, modulo 2³² as timestamps are.
    fn ticks(&self, time: Duration) -> u32 {
        let rate = u128::from(self.clock_rate);
        (time.as_micros() * rate / 1_000_000) as u32
    }
}

fn signed_difference(left: u32, right: u32) -> i32 {
    left.wrapping_sub(right) as i32
}

/// Reports that put a packet further from its arrival than this are wrong or stale.
const TRUSTED_DEVIATION: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::forwarding::packet::Content;
    use crate::layers::Scalability;
    use crate::test_time::start;

    #[test]
    fn a_stream_keeps_its_own_distances() {
        let mut timeline = Timeline::new(90_000);
        let at = start();

        assert_eq!(timeline.map(&packet(at, 7_000, None)), 7_000);
        assert_eq!(timeline.map(&packet(at, 10_000, None)), 10_000);
        assert_eq!(timeline.map(&packet(at, 7_000, None)), 7_000);
    }

    #[test]
    fn without_reports_a_switch_follows_the_arrival() {
        let mut timeline = Timeline::new(90_000);
        let at = start();
        timeline.map(&packet(at, 7_000, None));

        let next = packet(at + Duration::from_millis(100), 3_000_000_000, None);
        timeline.start(&next);

        assert_eq!(timeline.map(&next), 16_000);
    }

    #[test]
    fn with_reports_a_switch_follows_the_capture() {
        let mut timeline = Timeline::new(90_000);
        let at = start();
        // Second 10 is tick 0 of the one stream and tick 500 of the other.
        timeline.map(&packet(at, 9_000, report(10, 0)));

        // Captured 100 ms after the other, and it arrived 130 ms after it.
        let next = packet(at + Duration::from_millis(130), 18_500, report(10, 500));
        timeline.start(&next);

        assert_eq!(timeline.map(&next), 18_000);
    }

    #[test]
    fn reports_far_from_the_arrival_are_not_believed() {
        let mut timeline = Timeline::new(90_000);
        let at = start();
        timeline.map(&packet(at, 9_000, report(10, 0)));

        let next = packet(at + Duration::from_millis(100), 18_500, report(500, 500));
        timeline.start(&next);

        assert_eq!(timeline.map(&next), 18_000);
    }

    #[test]
    fn a_switch_never_goes_back() {
        let mut timeline = Timeline::new(90_000);
        let at = start();
        timeline.map(&packet(at, 9_000, report(10, 0)));

        // Captured 10 ms before the newest of the other stream.
        let next = packet(at, 8_600, report(10, 500));
        timeline.start(&next);

        assert_eq!(timeline.map(&next), 9_001);
    }

    fn report(second: u64, rtp: u32) -> Option<SenderReport> {
        let ntp = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
        Some(SenderReport { rtp, ntp })
    }

    fn packet(arrived: Instant, timestamp: u32, sender_report: Option<SenderReport>) -> Packet {
        Packet {
            stream: 0,
            epoch: 0,
            scalability: Scalability::Simulcast,
            sequence: 0,
            newest: true,
            timestamp,
            marker: false,
            arrived,
            sender_report,
            starts_key_frame: false,
            content: Content::Plain,
        }
    }
}

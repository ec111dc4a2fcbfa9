//! How much of what goes to one participant arrives, by its receiver reports.

use std::time::Instant;

/// What went out since it was taken last.
#[derive(Default)]
pub(crate) struct Delivery {
    bytes: u64,
    /// Of streams that the receiver reported about.
    reported: u64,
    lost: f64,
    since: Option<Instant>,
}

/// A while's outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Delivered {
    /// In bits per second, retransmissions included.
    pub(crate) bitrate: u64,
    /// The share that did not arrive, 0 to 1.
    pub(crate) loss: f64,
}

/// Fewer packets say nothing about their share.
const FEWEST_PACKETS: u64 = 20;

impl Delivery {
    /// One stream's packets and bytes, with the share that its receiver said it had lost;
    /// `None`: it said nothing in the meantime.
    pub(crate) fn add(&mut self, packets: u64, bytes: u64, loss: Option<f32>) {
        self.bytes += bytes;
        if let Some(loss) = loss {
            self.reported += packets;
            self.lost += packets as f64 * f64::from(loss);
        }
    }

    /// `None`: too little is known.
    pub(crate) fn take(&mut self, now: Instant) -> Option<Delivered> {
        let taken = std::mem::take(self);
        self.since = Some(now);
        let span = now.saturating_duration_since(taken.since?).as_secs_f64();
        let is_known = taken.reported >= FEWEST_PACKETS && span > 0.0;
        is_known.then(|| Delivered {
            bitrate: (taken.bytes as f64 * 8.0 / span) as u64,
            loss: (taken.lost / taken.reported as f64).clamp(0.0, 1.0),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_loss_is_that_of_the_streams_in_proportion() {
        let (mut delivery, later) = begun();
        delivery.add(75, 20_000, Some(0.4));
        delivery.add(25, 5_000, Some(0.0));

        let delivered = delivery.take(later).unwrap();

        assert_eq!(delivered.bitrate, 100_000);
        assert!((delivered.loss - 0.3).abs() < 1e-6);
    }

    #[test]
    fn a_receiver_that_is_silent_is_neither_well_nor_ill() {
        let (mut delivery, later) = begun();

        delivery.add(100, 25_000, None);

        assert_eq!(delivery.take(later), None);
    }

    #[test]
    fn a_few_packets_prove_nothing() {
        let (mut delivery, later) = begun();

        delivery.add(FEWEST_PACKETS - 1, 1_000, Some(1.0));

        assert_eq!(delivery.take(later), None);
    }

    fn begun() -> (Delivery, Instant) {
        let start = crate::test_time::start();
        let mut delivery = Delivery::default();
        assert_eq!(delivery.take(start), None);
        (delivery, start + Duration::from_secs(2))
    }
}

//! What the media shell threw away, by reason, for the metrics.

use std::sync::atomic::{AtomicU64, Ordering};

/// Why something that arrived, or should have left, did not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DropReason {
    /// An owner is behind: its queue of received batches is full.
    OwnerBehind,
    /// Nobody claimed the sender's address or its STUN user name.
    Unclaimed,
    /// The socket took no more and the queue of unsent datagrams is full.
    SendQueueFull,
    /// The operating system refused the datagram for another reason.
    SendRefused,
    /// An ICE-TCP stream broke a rule: framing, size, first frame, or a time limit.
    StreamRefused,
    /// More ICE-TCP streams than the process, or one source, may have.
    StreamLimit,
    /// An ICE-TCP peer reads too slowly.
    StreamBehind,
    /// A WebSocket's peer reads too slowly; its session was closed.
    SignalOverflow,
    /// The reader of facts is behind.
    FactOverflow,
}

impl DropReason {
    pub(super) const ALL: [Self; 9] = [
        Self::OwnerBehind,
        Self::Unclaimed,
        Self::SendQueueFull,
        Self::SendRefused,
        Self::StreamRefused,
        Self::StreamLimit,
        Self::StreamBehind,
        Self::SignalOverflow,
        Self::FactOverflow,
    ];

    /// The label in the metrics.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::OwnerBehind => "owner_behind",
            Self::Unclaimed => "unclaimed",
            Self::SendQueueFull => "send_queue_full",
            Self::SendRefused => "send_refused",
            Self::StreamRefused => "stream_refused",
            Self::StreamLimit => "stream_limit",
            Self::StreamBehind => "stream_behind",
            Self::SignalOverflow => "signal_overflow",
            Self::FactOverflow => "fact_overflow",
        }
    }
}

/// Monotone totals since the start.
#[derive(Debug, Default)]
pub(super) struct Counters {
    drops: [AtomicU64; DropReason::ALL.len()],
    datagrams_in: AtomicU64,
    datagrams_out: AtomicU64,
    /// System calls that sent `datagrams_out`; the quotient says what segmentation offload is worth.
    sends: AtomicU64,
}

impl Counters {
    pub(super) fn dropped(&self, reason: DropReason) -> u64 {
        self.drops[reason as usize].load(Ordering::Relaxed)
    }

    pub(super) fn datagrams_in(&self) -> u64 {
        self.datagrams_in.load(Ordering::Relaxed)
    }

    pub(super) fn datagrams_out(&self) -> u64 {
        self.datagrams_out.load(Ordering::Relaxed)
    }

    pub(super) fn sends(&self) -> u64 {
        self.sends.load(Ordering::Relaxed)
    }

    pub(super) fn drop_one(&self, reason: DropReason) {
        self.drop_many(reason, 1);
    }

    pub(super) fn drop_many(&self, reason: DropReason, count: usize) {
        self.drops[reason as usize].fetch_add(count as u64, Ordering::Relaxed);
    }

    pub(super) fn received(&self, datagrams: usize) {
        self.datagrams_in
            .fetch_add(datagrams as u64, Ordering::Relaxed);
    }

    pub(super) fn sent(&self, datagrams: usize) {
        self.datagrams_out
            .fetch_add(datagrams as u64, Ordering::Relaxed);
        self.sends.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_its_own_place_and_label() {
        let counters = Counters::default();

        for (times, reason) in DropReason::ALL.into_iter().enumerate() {
            counters.drop_many(reason, times + 1);
        }

        for (times, reason) in DropReason::ALL.into_iter().enumerate() {
            assert_eq!(counters.dropped(reason), times as u64 + 1);
        }
        let labels: std::collections::BTreeSet<_> = DropReason::ALL.map(DropReason::label).into();
        assert_eq!(labels.len(), DropReason::ALL.len());
    }
}

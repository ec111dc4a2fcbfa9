//! Counts strangers' bytes that made no sense.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::fact::Fact;

/// Why something was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Drop {
    /// No connection is known for a datagram.
    Unclaimed,
    /// A connection could not make anything of a datagram.
    Datagram,
    /// A frame of a WebSocket.
    Frame,
    /// A request that says nothing, or nothing that fits the participant's state.
    Request,
    /// An ICE candidate that can't be used.
    Candidate,
    /// A media packet that belongs to no track, or to one that may not be sent.
    Media,
    /// A media packet whose codec's header made no sense.
    Payload,
    /// A data packet that can't be read or came before.
    Data,
    /// A data packet from who may not send any.
    DataNotAllowed,
    /// One data packet too many of who floods.
    DataTooFast,
    /// A data packet for a reader who is too slow or not there.
    DataUnread,
    /// A data packet for a computer from who may not use it, or from one for anybody else.
    DataOffLine,
}

impl Drop {
    fn name(self) -> &'static str {
        match self {
            Self::Unclaimed => "unclaimed",
            Self::Datagram => "datagram",
            Self::Frame => "frame",
            Self::Request => "request",
            Self::Candidate => "candidate",
            Self::Media => "media",
            Self::Payload => "payload",
            Self::Data => "data",
            Self::DataNotAllowed => "data_not_allowed",
            Self::DataTooFast => "data_too_fast",
            Self::DataUnread => "data_unread",
            Self::DataOffLine => "data_off_line",
        }
    }
}

pub(crate) struct Drops {
    counts: BTreeMap<Drop, u64>,
    reported: Instant,
}

/// Fine enough for a metric, too coarse to be a load.
const INTERVAL: Duration = Duration::from_secs(5);

impl Drops {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            counts: BTreeMap::new(),
            reported: now,
        }
    }

    pub(crate) fn count(&mut self, drop: Drop) {
        *self.counts.entry(drop).or_default() += 1;
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        (!self.counts.is_empty()).then_some(self.reported + INTERVAL)
    }

    /// What was counted, once per interval.
    pub(crate) fn report(&mut self, now: Instant) -> Vec<Fact> {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return Vec::new();
        }
        self.reported = now;
        std::mem::take(&mut self.counts)
            .into_iter()
            .map(|(drop, count)| Fact::Dropped {
                reason: drop.name(),
                count,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_are_reported_together_and_once() {
        let start = crate::test_time::start();
        let mut drops = Drops::new(start);
        assert_eq!(drops.deadline(), None);
        drops.count(Drop::Frame);
        drops.count(Drop::Frame);
        drops.count(Drop::Data);

        assert!(drops.report(start).is_empty());
        assert_eq!(drops.deadline(), Some(start + INTERVAL));
        let counts: Vec<(&str, u64)> = drops
            .report(start + INTERVAL)
            .iter()
            .filter_map(|fact| match fact {
                Fact::Dropped { reason, count } => Some((*reason, *count)),
                _ => None,
            })
            .collect();

        assert_eq!(counts, [("frame", 2), ("data", 1)]);
        assert!(drops.report(start + INTERVAL * 2).is_empty());
    }
}

//! What waits to be sequenced, and since when: when the next batch is due.

use std::time::Duration;

use conclave_audit::Entry;
use tokio::time::Instant;

/// Entries that came on record in one act.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pending {
    entries: usize,
    at_once: bool,
}

/// Entries that wait for their batch.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    pending: Pending,
    since: Option<Instant>,
}

impl Pending {
    /// What is looked for in any case: nobody has counted it.
    pub(crate) const UNCOUNTED: Self = Self {
        entries: 1,
        at_once: true,
    };

    pub(crate) fn of(entries: &[Entry]) -> Self {
        Self {
            entries: entries.len(),
            at_once: entries.iter().any(|entry| is_at_once(entry.event.name())),
        }
    }
}

impl Waiting {
    pub(crate) fn add(&mut self, pending: Pending, now: Instant) {
        if pending.entries == 0 {
            return;
        }
        self.pending.entries += pending.entries;
        self.pending.at_once |= pending.at_once;
        self.since.get_or_insert(now);
    }

    /// For how long the batch still waits for more; `None` while there is nothing to wait for.
    pub(crate) fn due_in(&self, now: Instant) -> Option<Duration> {
        let since = self.since?;
        if self.pending.at_once || self.pending.entries >= ENOUGH {
            return Some(Duration::ZERO);
        }
        Some(LONGEST.saturating_sub(now.duration_since(since)))
    }
}

/// Whether its proof may be asked for at any moment.
fn is_at_once(event: &str) -> bool {
    const FAMILIES: [&str; 4] = ["emergency.", "auth.", "policy.", "recording."];
    FAMILIES.iter().any(|family| event.starts_with(family))
}

/// Entries that are a batch without further waiting. More is fewer checkpoints, each of which tells less.
const ENOUGH: usize = 128;
/// How long an entry waits for others. Longer is fewer checkpoints, and a longer time in which an entry has no proof.
const LONGEST: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    fn some(entries: usize) -> Pending {
        Pending {
            entries,
            at_once: false,
        }
    }

    #[test]
    fn a_batch_is_due_after_a_second_or_when_there_are_enough() {
        let start = Instant::now();
        let mut waiting = Waiting::default();
        assert_eq!(waiting.due_in(start), None);

        waiting.add(some(1), start);
        waiting.add(some(126), start + LONGEST / 2);
        assert_eq!(waiting.due_in(start), Some(LONGEST));
        assert_eq!(waiting.due_in(start + LONGEST / 2), Some(LONGEST / 2));
        assert_eq!(waiting.due_in(start + LONGEST * 3), Some(Duration::ZERO));

        waiting.add(some(1), start);
        assert_eq!(waiting.due_in(start), Some(Duration::ZERO));
    }

    #[test]
    fn what_tells_of_somebodys_authority_waits_for_nothing() {
        let start = Instant::now();
        for event in [
            "auth.login",
            "policy.change",
            "emergency.invoke",
            "recording.start",
        ] {
            assert!(is_at_once(event), "{event}");
        }
        assert!(!is_at_once("meeting.join"));
        let mut waiting = Waiting::default();
        waiting.add(Pending::UNCOUNTED, start);
        assert_eq!(waiting.due_in(start), Some(Duration::ZERO));
    }
}

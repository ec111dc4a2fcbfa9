//! What is to be done later, and when.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// At most one time per alarm.
pub(crate) struct Schedule<A> {
    times: BTreeMap<A, Instant>,
    queue: BTreeSet<(Instant, A)>,
}

impl<A: Copy + Ord> Schedule<A> {
    pub(crate) fn new() -> Self {
        Self {
            times: BTreeMap::new(),
            queue: BTreeSet::new(),
        }
    }

    /// Replaces an earlier time of the same alarm.
    pub(crate) fn set(&mut self, alarm: A, at: Instant) {
        if let Some(before) = self.times.insert(alarm, at) {
            self.queue.remove(&(before, alarm));
        }
        self.queue.insert((at, alarm));
    }

    /// Sets the alarm unless it rings earlier already.
    pub(crate) fn set_by(&mut self, alarm: A, at: Instant) {
        if self.times.get(&alarm).is_none_or(|before| at < *before) {
            self.set(alarm, at);
        }
    }

    pub(crate) fn clear(&mut self, alarm: A) {
        if let Some(at) = self.times.remove(&alarm) {
            self.queue.remove(&(at, alarm));
        }
    }

    pub(crate) fn next(&self) -> Option<Instant> {
        self.queue.first().map(|(at, _)| *at)
    }

    /// Takes every alarm that is due, the earliest first. One that is set again meanwhile, even
    /// to this moment, waits for the next call: nobody's alarm holds up the others.
    pub(crate) fn take_due(&mut self, now: Instant) -> Vec<A> {
        let due = self.queue.iter().take_while(|(at, _)| *at <= now);
        let due: Vec<A> = due.map(|(_, alarm)| *alarm).collect();
        for alarm in &due {
            self.clear(*alarm);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn alarms_ring_in_order_and_not_early() {
        let (mut schedule, start) = schedule();
        schedule.set("late", start + SECOND * 2);
        schedule.set("early", start + SECOND);

        assert!(schedule.take_due(start).is_empty());
        assert_eq!(schedule.next(), Some(start + SECOND));
        assert_eq!(schedule.take_due(start + SECOND * 3), ["early", "late"]);
        assert_eq!(schedule.next(), None);
    }

    #[test]
    fn an_alarm_has_one_time() {
        let (mut schedule, start) = schedule();
        schedule.set("alarm", start);
        schedule.set("alarm", start + SECOND);

        assert!(schedule.take_due(start).is_empty());
        schedule.set_by("alarm", start + SECOND * 2);
        assert_eq!(schedule.next(), Some(start + SECOND));
        schedule.clear("alarm");
        assert_eq!(schedule.next(), None);
    }

    const SECOND: Duration = Duration::from_secs(1);

    fn schedule() -> (Schedule<&'static str>, Instant) {
        (Schedule::new(), crate::test_time::start())
    }
}

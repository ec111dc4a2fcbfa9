//! How long a session goes on: not longer than the longest, and not without a technician who does something.

use std::time::{Duration, Instant};

use conclave_protocol::remote::EndReason;

use crate::limits::Limits;

pub(crate) struct Lifetime {
    started_at: Instant,
    active_at: Instant,
    /// Which end both sides were told of.
    told: Option<(EndReason, Instant)>,
}

/// What the time says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outlook {
    GoesOn {
        until: Instant,
    },
    /// Both sides are told once.
    EndsSoon {
        reason: EndReason,
        at: Instant,
        untold: bool,
    },
    Over(EndReason),
}

/// Long enough to say a word, or to press a key.
pub(crate) const WARNING: Duration = Duration::from_secs(60);

impl Lifetime {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            started_at: now,
            active_at: now,
            told: None,
        }
    }

    /// The technician does something.
    pub(crate) fn active(&mut self, now: Instant) {
        self.active_at = now;
    }

    pub(crate) fn look(&mut self, now: Instant, limits: &Limits) -> Outlook {
        let (at, reason) = self.end(limits);
        if now >= at {
            return Outlook::Over(reason);
        }
        let warns_at = at.checked_sub(WARNING).unwrap_or(now);
        if now < warns_at {
            self.told = None;
            return Outlook::GoesOn { until: warns_at };
        }
        let untold = self.told != Some((reason, at));
        self.told = Some((reason, at));
        Outlook::EndsSoon { reason, at, untold }
    }

    pub(crate) fn wake_at(&self, limits: &Limits) -> Instant {
        let (at, reason) = self.end(limits);
        match self.told == Some((reason, at)) {
            true => at,
            false => at.checked_sub(WARNING).unwrap_or(at),
        }
    }

    fn end(&self, limits: &Limits) -> (Instant, EndReason) {
        let idle = self.active_at + limits.idle;
        let longest = self.started_at + limits.longest;
        match idle < longest {
            true => (idle, EndReason::Idle),
            false => (longest, EndReason::TooLong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: REQ-LO-05.
    #[test]
    fn a_technician_who_does_nothing_is_told_and_then_it_ends() {
        let start = crate::scene::start();
        let limits = Limits {
            idle: minutes(15),
            longest: minutes(240),
            ..crate::scene::limits()
        };
        let mut lifetime = Lifetime::new(start);
        let until = start + minutes(14);
        assert_eq!(lifetime.look(start, &limits), Outlook::GoesOn { until });

        let ends = |at, untold| Outlook::EndsSoon {
            reason: EndReason::Idle,
            at: start + at,
            untold,
        };
        assert_eq!(lifetime.look(until, &limits), ends(minutes(15), true));
        assert_eq!(lifetime.look(until, &limits), ends(minutes(15), false));

        lifetime.active(until);

        let later = start + minutes(28);
        assert_eq!(lifetime.look(later, &limits), ends(minutes(29), true));
        let end = start + minutes(29);
        assert_eq!(lifetime.look(end, &limits), Outlook::Over(EndReason::Idle));
    }

    #[test]
    fn no_session_is_longer_than_the_longest() {
        let start = crate::scene::start();
        let limits = Limits {
            idle: minutes(15),
            longest: minutes(20),
            ..crate::scene::limits()
        };
        let mut lifetime = Lifetime::new(start);

        lifetime.active(start + minutes(19));

        let end = lifetime.look(start + minutes(20), &limits);
        assert_eq!(end, Outlook::Over(EndReason::TooLong));
    }

    fn minutes(number: u64) -> Duration {
        Duration::from_secs(60 * number)
    }
}

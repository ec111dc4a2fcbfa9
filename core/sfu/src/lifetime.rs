//! When a room without participants ends.

use std::time::{Duration, Instant};

pub(crate) struct Lifetime {
    empty_timeout: Duration,
    departure_timeout: Duration,
    state: State,
}

enum State {
    /// Nobody came yet, or all have left.
    Empty {
        until: Instant,
    },
    Occupied,
    Ended,
}

impl Lifetime {
    pub(crate) fn new(now: Instant, empty_timeout: Duration, departure_timeout: Duration) -> Self {
        Self {
            empty_timeout,
            departure_timeout,
            state: State::Empty {
                until: now + empty_timeout,
            },
        }
    }

    pub(crate) fn empty_timeout(&self) -> Duration {
        self.empty_timeout
    }

    pub(crate) fn departure_timeout(&self) -> Duration {
        self.departure_timeout
    }

    pub(crate) fn occupied(&mut self) {
        if !self.has_ended() {
            self.state = State::Occupied;
        }
    }

    pub(crate) fn emptied(&mut self, now: Instant) {
        if !self.has_ended() {
            self.state = State::Empty {
                until: now + self.departure_timeout,
            };
        }
    }

    pub(crate) fn end(&mut self) {
        self.state = State::Ended;
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        match self.state {
            State::Empty { until } => Some(until),
            State::Occupied | State::Ended => None,
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.state, State::Ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: Duration = Duration::from_secs(300);
    const DEPARTURE: Duration = Duration::from_secs(20);

    #[test]
    fn a_room_waits_longer_for_its_first_guest_than_for_its_next() {
        let start = crate::test_time::start();
        let mut lifetime = Lifetime::new(start, EMPTY, DEPARTURE);
        assert_eq!(lifetime.deadline(), Some(start + EMPTY));

        lifetime.occupied();
        assert_eq!(lifetime.deadline(), None);
        lifetime.emptied(start);

        assert_eq!(lifetime.deadline(), Some(start + DEPARTURE));
    }

    #[test]
    fn an_ended_room_stays_ended() {
        let start = crate::test_time::start();
        let mut lifetime = Lifetime::new(start, EMPTY, DEPARTURE);

        lifetime.end();
        lifetime.occupied();
        lifetime.emptied(start);

        assert!(lifetime.has_ended());
        assert_eq!(lifetime.deadline(), None);
    }
}

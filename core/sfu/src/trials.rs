//! What is tried after a while as long as it is called for, and more and more seldom as long as it doesn't help.

use std::time::{Duration, Instant};

pub(crate) struct Trials {
    first_wait: Duration,
    state: State,
    /// How many in a row did not help.
    failures: u32,
}

enum State {
    Idle,
    /// Called for, since then.
    Waiting(Instant),
    /// Under way, until then.
    Trying(Instant),
}

const LONGEST_WAIT: Duration = Duration::from_secs(32);
/// An estimator needs some round trips.
const TRIAL: Duration = Duration::from_secs(3);

impl Trials {
    /// The first comes after `first_wait`; each that fails doubles the wait, up to 32 seconds.
    pub(crate) fn new(first_wait: Duration) -> Self {
        Self {
            first_wait,
            state: State::Idle,
            failures: 0,
        }
    }

    /// Nothing is to be helped.
    pub(crate) fn succeed(&mut self) {
        self.state = State::Idle;
        self.failures = 0;
    }

    /// It can't be tried at the moment.
    pub(crate) fn interrupt(&mut self) {
        self.state = State::Idle;
    }

    /// It is called for: whether to try it now.
    pub(crate) fn tries(&mut self, now: Instant) -> bool {
        match self.state {
            State::Idle => self.state = State::Waiting(now),
            State::Waiting(since) if now >= since + self.wait() => {
                self.state = State::Trying(now + TRIAL);
            }
            State::Trying(until) if now >= until => {
                self.failures += 1;
                self.state = State::Waiting(now);
            }
            State::Waiting(_) | State::Trying(_) => {}
        }
        matches!(self.state, State::Trying(_))
    }

    fn wait(&self) -> Duration {
        let doublings = self.failures.min(16);
        let wait = self.first_wait.saturating_mul(1 << doublings);
        wait.min(LONGEST_WAIT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_time::start;

    #[test]
    fn it_is_tried_after_a_while_and_more_and_more_seldom() {
        let start = start();
        let mut trials = trials();
        let mut begun = Vec::new();
        let mut was_tried = false;

        for second in 0..120 {
            let is_tried = trials.tries(start + Duration::from_secs(second));
            if is_tried && !was_tried {
                begun.push(second);
            }
            was_tried = is_tried;
        }

        assert_eq!(begun, [2, 9, 20, 39, 74, 109]);
    }

    #[test]
    fn one_that_helps_begins_afresh() {
        let start = start();
        let mut trials = trials();
        for second in 0..30 {
            trials.tries(start + Duration::from_secs(second));
        }

        trials.succeed();

        assert!(!trials.tries(start + Duration::from_secs(31)));
        assert!(trials.tries(start + Duration::from_secs(33)));
    }

    #[test]
    fn one_that_is_interrupted_waits_as_long_as_before() {
        let start = start();
        let mut trials = trials();
        for second in 0..6 {
            trials.tries(start + Duration::from_secs(second));
        }

        trials.interrupt();

        assert!(!trials.tries(start + Duration::from_secs(10)));
        assert!(!trials.tries(start + Duration::from_secs(13)));
        assert!(trials.tries(start + Duration::from_secs(14)));
    }

    fn trials() -> Trials {
        Trials::new(Duration::from_secs(2))
    }
}

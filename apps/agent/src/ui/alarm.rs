//! The moment at which the windows are to be looked at though nobody says anything.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

#[derive(Clone, Default)]
pub(super) struct Alarm(Arc<Dial>);

#[derive(Default)]
struct Dial {
    at: Mutex<Option<Instant>>,
    changed: Condvar,
}

impl Alarm {
    /// In the place of what was set before; `None`: never.
    pub(super) fn set(&self, at: Option<Instant>) {
        *self.0.at.lock().unwrap_or_else(PoisonError::into_inner) = at;
        self.0.changed.notify_all();
    }

    /// Waits for what is set, which goes off once.
    pub(super) fn wait(&self) {
        let mut at = self.0.at.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let left = at.map_or(A_DAY, |at| at.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                *at = None;
                return;
            }
            let woken = self.0.changed.wait_timeout(at, left);
            at = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_off_at_what_was_set_last_and_once() {
        let alarm = Alarm::default();
        alarm.set(Some(Instant::now() + A_DAY));
        let waiting = alarm.clone();
        let waits = std::thread::spawn(move || waiting.wait());

        alarm.set(Some(Instant::now()));

        waits.join().unwrap();
        assert_eq!(*alarm.0.at.lock().unwrap(), None);
    }
}

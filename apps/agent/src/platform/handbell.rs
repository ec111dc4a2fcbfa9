//! Wakes whoever waits for a desktop, from another thread, where what is waited for is no file of the system's.
#![cfg_attr(
    target_os = "linux",
    expect(unreachable_pub, reason = "on Linux it is compiled to be tested")
)]

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Fault;

/// Rung while nobody waits, it is heard by whoever waits next.
#[derive(Clone)]
pub struct Bell(Arc<Clapper>);

struct Clapper {
    rung: Mutex<bool>,
    moved: Condvar,
}

/// What ended a wait.
pub(super) enum Woken<T> {
    By(T),
    /// It is heard with this.
    ByBell,
    /// Nothing, until the end of its time.
    Late,
}

impl Bell {
    /// Here nothing refuses it.
    pub fn new() -> Result<Self, Fault> {
        Ok(Self::silent())
    }

    pub(super) fn silent() -> Self {
        Self(Arc::new(Clapper {
            rung: Mutex::new(false),
            moved: Condvar::new(),
        }))
    }

    pub fn ring(&self) {
        *self.rung() = true;
        self.0.moved.notify_all();
    }

    /// Whether it was rung since it was last heard.
    pub fn was_rung(&self) -> bool {
        std::mem::take(&mut *self.rung())
    }

    /// Waits for it, and for nothing else. False: it was not rung in this time.
    pub fn rings_within(&self, time: Duration) -> bool {
        let nothing_else = || None::<()>;
        matches!(self.or(after(time), nothing_else), Woken::ByBell)
    }

    /// Somebody else may hear it.
    pub fn is_shared(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }

    /// Has who waits look again, without having rung.
    pub(super) fn nudge(&self) {
        let _nobody_is_between_look_and_wait = self.rung();
        self.0.moved.notify_all();
    }

    /// Waits until there is something, which is looked for after each nudge, or until it rings.
    pub(super) fn or<T>(&self, until: Instant, mut look: impl FnMut() -> Option<T>) -> Woken<T> {
        let mut rung = self.rung();
        loop {
            if let Some(found) = look() {
                return Woken::By(found);
            }
            if std::mem::take(&mut *rung) {
                return Woken::ByBell;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Woken::Late;
            }
            let woken = self.0.moved.wait_timeout(rung, left);
            rung = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn rung(&self) -> MutexGuard<'_, bool> {
        self.0.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// So long from this moment on, and at most a day: nobody waits longer without asking again.
pub(super) fn after(time: Duration) -> Instant {
    Instant::now() + time.min(LONGEST_WAIT)
}

const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rung_is_heard_once_however_often_it_was() {
        let bell = Bell::new().unwrap();
        assert!(!bell.was_rung());

        let ringer = bell.clone();
        assert!(bell.is_shared());
        let rings = std::thread::spawn(move || (0..3).for_each(|_| ringer.ring()));
        rings.join().unwrap();

        assert!(bell.rings_within(Duration::MAX));
        assert!(!bell.rings_within(Duration::ZERO));
        assert!(!bell.is_shared());
    }
}

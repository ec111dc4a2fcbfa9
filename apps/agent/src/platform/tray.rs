//! Where a thread of the system's lays what it was told, for whoever asks next.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::handbell::{Bell, Woken, after};

/// Shared by who lays and who takes.
pub(super) struct Tray<T>(Arc<Shelf<T>>);

struct Shelf<T> {
    lies: Mutex<VecDeque<T>>,
    bell: Mutex<Bell>,
}

impl<T> Tray<T> {
    pub(super) fn new() -> Self {
        Self(Arc::new(Shelf {
            lies: Mutex::default(),
            bell: Mutex::new(Bell::silent()),
        }))
    }

    /// The oldest makes room where nobody takes.
    pub(super) fn lay(&self, thing: T) {
        let mut lies = self.lies();
        if lies.len() == MOST_THINGS {
            lies.pop_front();
        }
        lies.push_back(thing);
        drop(lies);
        self.bell().nudge();
    }

    /// The oldest that lies there, or the next one within this time.
    pub(super) fn next(&self, within: Duration) -> Woken<T> {
        self.bell().or(after(within), || self.lies().pop_front())
    }

    /// From then on it ends a wait for the next.
    pub(super) fn heed(&self, bell: Bell) {
        *self.0.bell.lock().unwrap_or_else(PoisonError::into_inner) = bell;
    }

    fn lies(&self) -> MutexGuard<'_, VecDeque<T>> {
        self.0.lies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bell(&self) -> Bell {
        let bell = self.0.bell.lock();
        bell.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<T> Clone for Tray<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// Some seconds of a busy mouse.
const MOST_THINGS: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(tray: &Tray<usize>, within: Duration) -> Option<usize> {
        match tray.next(within) {
            Woken::By(thing) => Some(thing),
            Woken::ByBell | Woken::Late => None,
        }
    }

    #[test]
    fn what_is_laid_meanwhile_ends_a_wait() {
        let tray = Tray::new();

        let layer = tray.clone();
        let laid = std::thread::spawn(move || (1..=2).for_each(|thing| layer.lay(thing)));

        assert_eq!(taken(&tray, Duration::MAX), Some(1));
        assert_eq!(taken(&tray, Duration::MAX), Some(2));
        laid.join().unwrap();
        assert_eq!(taken(&tray, Duration::ZERO), None);
    }

    #[test]
    fn its_bell_ends_a_wait() {
        let (tray, bell) = (Tray::new(), Bell::silent());
        tray.heed(bell.clone());

        bell.ring();

        assert_eq!(taken(&tray, Duration::MAX), None);
        assert!(!bell.was_rung());
    }

    #[test]
    fn it_is_bounded() {
        let tray = Tray::new();

        (0..=MOST_THINGS).for_each(|thing| tray.lay(thing));

        assert_eq!(taken(&tray, Duration::ZERO), Some(1));
    }
}

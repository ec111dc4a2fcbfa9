//! The exports that are under way: each reads the log, and holds some megabytes, for as long as its reader takes it.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// As many at once as the database serves beside everything else.
pub(crate) struct Exports(Arc<Semaphore>);

impl Default for Exports {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Exports {
    /// A place among them while it is held; `None` while all are taken.
    pub(super) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }
}

const AT_ONCE: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_waits_for_one_of_few_places() {
        let exports = Exports::default();
        let taken: Vec<_> = (0..AT_ONCE).map(|_| exports.place().unwrap()).collect();

        assert!(exports.place().is_none());
        drop(taken);
        assert!(exports.place().is_some());
    }
}

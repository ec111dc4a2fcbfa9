//! What this program injected and the display has not reported yet.
//!
//! Other programs inject too, such as keyboards on the screen. Theirs comes from the same device as ours, and is the
//! act of the person at the computer; it is told by not being in here.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Shared by who injects and who watches.
#[derive(Clone, Default)]
pub struct Ledger(Arc<Mutex<VecDeque<Entry>>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Key { code: u32, down: bool },
    Button { number: u32, down: bool },
    Motion,
}

impl Ledger {
    /// Before it is injected, so that no report of it comes first.
    pub(super) fn enter(&self, entry: Entry) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() == MOST_ENTRIES {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    /// Whether it was ours. The display reports in order, so what was entered before has made no report.
    pub(super) fn settle(&self, reported: Entry) -> bool {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = entries.iter().position(|entry| *entry == reported);
        if let Some(at) = found {
            entries.drain(..=at);
        }
        found.is_some()
    }
}

/// Far more than a display is behind; a ledger that nobody reads grows no further.
const MOST_ENTRIES: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    const PRESS: Entry = Entry::Key {
        code: 38,
        down: true,
    };

    #[test]
    fn each_entry_is_settled_once() {
        let ledger = Ledger::default();
        ledger.enter(PRESS);

        assert!(ledger.settle(PRESS));
        assert!(!ledger.settle(PRESS));
    }

    #[test]
    fn a_report_settles_what_came_before_it() {
        let ledger = Ledger::default();
        ledger.enter(Entry::Motion);
        ledger.enter(PRESS);

        assert!(ledger.settle(PRESS));
        assert!(!ledger.settle(Entry::Motion));
    }

    #[test]
    fn it_is_bounded() {
        let ledger = Ledger::default();
        ledger.enter(PRESS);
        for _ in 0..MOST_ENTRIES {
            ledger.enter(Entry::Motion);
        }

        assert!(!ledger.settle(PRESS));
    }
}

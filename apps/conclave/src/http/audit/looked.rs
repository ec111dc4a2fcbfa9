//! Who looked at what part of the log of late: whoever takes many tiles is on record once a minute.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use conclave_protocol::Timestamp;
use tokio::sync;
use uuid::Uuid;

/// By who looks, and at what.
#[derive(Default)]
pub(crate) struct Looked {
    recorded: Mutex<BTreeMap<(Uuid, &'static str), Timestamp>>,
    turns: [sync::Mutex<()>; TURNS],
}

impl Looked {
    /// Whoever asks at the same moment waits until it is known what became of the first.
    pub(super) async fn turn(&self, who: Uuid) -> sync::MutexGuard<'_, ()> {
        let [.., last] = *who.as_bytes();
        self.turns[usize::from(last) % TURNS].lock().await
    }

    /// Whether it has to be put on record. Once it is, [`Self::recorded`] says so: until then nobody is shown anything, however
    /// many ask at the same moment.
    pub(super) fn is_due(&self, who: Uuid, what: &'static str, now: Timestamp) -> bool {
        let looked = self.looked();
        looked.get(&(who, what)).is_none_or(|at| !holds(*at, now))
    }

    pub(super) fn recorded(&self, who: Uuid, what: &'static str, now: Timestamp) {
        let mut looked = self.looked();
        if looked.len() >= MOST {
            looked.retain(|_, at| holds(*at, now));
        }
        if looked.len() < MOST {
            looked.insert((who, what), now);
        }
    }

    fn looked(&self) -> MutexGuard<'_, BTreeMap<(Uuid, &'static str), Timestamp>> {
        let recorded = self.recorded.lock();
        recorded.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Not of a moment that is yet to come.
fn holds(at: Timestamp, now: Timestamp) -> bool {
    at <= now && now.since(at) < FOR
}

const FOR: Duration = Duration::from_secs(60);
/// Beyond it each look is on record.
const MOST: usize = 10_000;
/// Fewer have strangers wait for each other, for as long as an entry takes; more are kept for nobody.
const TURNS: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_on_record_once_a_minute_for_each_who_looks() {
        let looked = Looked::default();
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let start = Timestamp::from_micros(1_795_336_200_000_000);
        let later = start.plus(FOR);

        assert!(looked.is_due(one, "tiles", start));
        // Whoever asks while it is being recorded is not shown it for that.
        assert!(looked.is_due(one, "tiles", start));
        looked.recorded(one, "tiles", start);
        assert!(!looked.is_due(one, "tiles", start));
        assert!(looked.is_due(one, "proof", start));
        assert!(looked.is_due(other, "tiles", start));
        assert!(looked.is_due(one, "tiles", later));
        looked.recorded(one, "tiles", later);
        assert!(looked.is_due(one, "tiles", start), "of an earlier moment");
    }
}

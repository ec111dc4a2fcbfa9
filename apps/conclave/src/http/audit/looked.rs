//! Who looked at what part of the log of late: whoever takes many tiles is on record once a minute.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use conclave_protocol::Timestamp;
use uuid::Uuid;

/// By who looks, and at what.
#[derive(Default)]
pub(crate) struct Looked(Mutex<BTreeMap<(Uuid, &'static str), Timestamp>>);

impl Looked {
    /// Whether it has to be put on record.
    pub(super) fn is_due(&self, who: Uuid, what: &'static str, now: Timestamp) -> bool {
        let mut looked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if looked.get(&(who, what)).is_some_and(|at| holds(*at, now)) {
            return false;
        }
        if looked.len() >= MOST {
            looked.retain(|_, at| holds(*at, now));
        }
        if looked.len() < MOST {
            looked.insert((who, what), now);
        }
        true
    }

    /// It was not put on record after all.
    pub(super) fn forget(&self, who: Uuid, what: &'static str) {
        let mut looked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looked.remove(&(who, what));
    }
}

/// Not after the clock was set back.
fn holds(at: Timestamp, now: Timestamp) -> bool {
    at <= now && now.since(at) < FOR
}

const FOR: Duration = Duration::from_secs(60);
/// Beyond it each look is on record.
const MOST: usize = 10_000;

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
        assert!(!looked.is_due(one, "tiles", start));
        assert!(looked.is_due(one, "proof", start));
        assert!(looked.is_due(other, "tiles", start));
        assert!(looked.is_due(one, "tiles", later));
        assert!(looked.is_due(one, "tiles", start), "the clock was set back");
        looked.forget(one, "tiles");
        assert!(looked.is_due(one, "tiles", start));
    }
}

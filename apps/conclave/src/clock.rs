//! The wall clock, handed to whoever needs the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use conclave_protocol::Timestamp;

/// Tells the time. Clones share it.
#[derive(Clone, Default)]
pub struct Clock {
    /// Added to the system's time, in microseconds.
    ahead: Arc<AtomicI64>,
    /// As if somebody had set the machine's clock, in microseconds.
    set: Arc<AtomicI64>,
}

impl Clock {
    pub fn now(&self) -> Timestamp {
        let micros = self.machine().as_micros();
        Timestamp::from_micros(micros.saturating_add(self.ahead.load(Ordering::Relaxed)))
    }

    /// What the machine's own clock says.
    pub(crate) fn machine(&self) -> Timestamp {
        let micros = Timestamp::from(SystemTime::now()).as_micros();
        Timestamp::from_micros(micros.saturating_add(self.set.load(Ordering::Relaxed)))
    }

    /// Sets the machine's clock, for this program alone; back where the offset is negative.
    pub fn set_by(&self, seconds: i64) {
        let micros = seconds.saturating_mul(1_000_000);
        self.set.fetch_add(micros, Ordering::Relaxed);
    }

    /// Goes on from a later moment.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.ahead.fetch_add(by, Ordering::Relaxed);
    }
}

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
}

impl Clock {
    pub fn now(&self) -> Timestamp {
        let Self { ahead } = self;
        let micros = Timestamp::from(SystemTime::now()).as_micros();
        Timestamp::from_micros(micros.saturating_add(ahead.load(Ordering::Relaxed)))
    }

    /// Goes on from a later moment.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.ahead.fetch_add(by, Ordering::Relaxed);
    }
}

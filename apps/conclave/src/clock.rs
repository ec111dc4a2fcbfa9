//! The server's one clock, handed to whoever needs the time. It never goes back: [`ServerTime`] says how it goes on.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use conclave_policy::server_time::{self, ServerTime, Standing};
use conclave_protocol::Timestamp;
use conclave_store::{Beside, ReadError};

/// Tells the time. Clones share it.
#[derive(Clone)]
pub struct Clock {
    time: Arc<Mutex<ServerTime>>,
    /// From which the steady clock is read.
    made: Instant,
    /// Added to what the time is, in microseconds.
    ahead: Arc<AtomicI64>,
    /// As if somebody had set the machine's clock, in microseconds.
    set: Arc<AtomicI64>,
}

impl Default for Clock {
    fn default() -> Self {
        let wall = Timestamp::from(SystemTime::now());
        Self {
            time: Arc::new(Mutex::new(ServerTime::begin(wall, Duration::ZERO))),
            made: Instant::now(),
            ahead: Arc::default(),
            set: Arc::default(),
        }
    }
}

impl Clock {
    /// Of a program beside a server: it goes on from what is recorded, as the server's does.
    pub(crate) async fn beside(store: &mut Beside) -> Result<Self, ReadError> {
        let clock = Self::default();
        if let Some(at) = store.remembered_time().await? {
            clock.not_before(at);
        }
        Ok(clock)
    }

    pub fn now(&self) -> Timestamp {
        let mut time = self.time();
        let wall = self.machine();
        let told = time.look(wall, self.made.elapsed());
        shifted(told, self.ahead.load(Ordering::Relaxed))
    }

    /// What the machine's own clock says.
    pub(crate) fn machine(&self) -> Timestamp {
        let wall = Timestamp::from(SystemTime::now());
        shifted(wall, self.set.load(Ordering::Relaxed))
    }

    /// How far the machine's clock is behind what was told.
    pub(crate) fn standing(&self) -> Standing {
        let wall = self.machine();
        self.time().standing(wall)
    }

    /// How far the machine's clock is behind what somebody else has recorded.
    pub(crate) fn standing_to(&self, recorded: Timestamp) -> Standing {
        let here = shifted(self.machine(), self.ahead.load(Ordering::Relaxed));
        server_time::standing(recorded, here)
    }

    /// Goes on from what is recorded, where that is later: what ran out then has run out.
    pub(crate) fn not_before(&self, recorded: Timestamp) {
        let ahead = self.ahead.load(Ordering::Relaxed);
        self.time()
            .not_before(shifted(recorded, ahead.saturating_neg()));
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

    fn time(&self) -> MutexGuard<'_, ServerTime> {
        self.time.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn shifted(at: Timestamp, by: i64) -> Timestamp {
    Timestamp::from_micros(at.as_micros().saturating_add(by))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: ABUSE-66.
    #[test]
    fn it_never_goes_back_and_goes_on_from_what_is_recorded() {
        let clock = Clock::default();
        let before = clock.now();
        clock.set_by(-3_600);

        let after = clock.now();

        assert!(after >= before);
        assert!(matches!(clock.standing(), Standing::Behind(_)));
        let recorded = after.plus(Duration::from_secs(600));
        clock.not_before(recorded);
        assert!(clock.now() >= recorded);
        clock.advance(Duration::from_secs(60));
        assert!(clock.now() >= recorded.plus(Duration::from_secs(60)));
    }
}

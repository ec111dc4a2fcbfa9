//! Notices when the machine's clock is set: the log's times are its own, the log's order is not.

use std::time::{Duration, Instant};

use conclave_audit::{Actor, Event};
use conclave_protocol::Timestamp;
use conclave_store::Store;
use tokio_util::sync::CancellationToken;

use crate::{Clock, recorded};

pub(crate) struct ClockWatch {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
}

impl ClockWatch {
    /// Looks until the server stops.
    pub(crate) async fn watch(self, stopping: CancellationToken) {
        let mut seen = Seen::at(&self.clock);
        loop {
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(BETWEEN_LOOKS) => {}
            }
            let now = Seen::at(&self.clock);
            if let Some(offset_ms) = now.was_set_since(seen) {
                tell(&self.store, &self.clock, offset_ms).await;
            }
            seen = now;
        }
    }
}

/// At the start: an entry that is on record from later than this moment.
pub(crate) async fn compare_with_the_last(
    store: &Store,
    clock: &Clock,
) -> Result<(), conclave_store::ReadError> {
    let Some(last) = store.last_recorded_at().await? else {
        return Ok(());
    };
    let now = clock.now().as_micros().div_euclid(1_000);
    let offset_ms = now.saturating_sub(last);
    if offset_ms < -millis(TOLERANCE) {
        tell(store, clock, offset_ms).await;
    }
    Ok(())
}

async fn tell(store: &Store, clock: &Clock, offset_ms: i64) {
    tracing::warn!(offset_ms, "the machine's clock was set");
    let event = Event::SystemClock { offset_ms };
    let Ok(entry) = recorded::entry(clock.now(), Actor::System, event) else {
        return;
    };
    if let Err(error) = store.record(entry).await {
        let error = &error as &dyn std::error::Error;
        tracing::error!(error, "a change of the clock could not be recorded");
    }
}

/// The clock that is set, beside the one that can't be.
#[derive(Clone, Copy)]
struct Seen {
    wall: Timestamp,
    steady: Instant,
}

impl Seen {
    fn at(clock: &Clock) -> Self {
        Self {
            wall: clock.machine(),
            steady: Instant::now(),
        }
    }

    /// In milliseconds; `None` while both went on alike.
    fn was_set_since(self, earlier: Self) -> Option<i64> {
        let wall = self
            .wall
            .as_micros()
            .saturating_sub(earlier.wall.as_micros())
            / 1_000;
        let steady = millis(self.steady.duration_since(earlier.steady));
        let offset = wall.saturating_sub(steady);
        (offset.abs() > millis(TOLERANCE)).then_some(offset)
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

const BETWEEN_LOOKS: Duration = Duration::from_secs(1);
/// What a time server may slew, and what a busy machine delays a look by.
const TOLERANCE: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_either_way_is_noticed_and_one_that_drifts_is_not() {
        let start = Seen {
            wall: Timestamp::from_micros(1_795_336_200_000_000),
            steady: Instant::now(),
        };
        let after = |wall: i64, steady: u64| Seen {
            wall: Timestamp::from_micros(start.wall.as_micros() + wall * 1_000),
            steady: start.steady + Duration::from_millis(steady),
        };

        assert_eq!(after(1_000, 1_000).was_set_since(start), None);
        assert_eq!(after(2_900, 1_000).was_set_since(start), None);
        assert_eq!(
            after(-3_599_000, 1_000).was_set_since(start),
            Some(-3_600_000)
        );
        assert_eq!(
            after(3_601_000, 1_000).was_set_since(start),
            Some(3_600_000)
        );
    }
}

//! Notices when the machine's clock is set, or is behind what is recorded: the log's times are the server's own, the log's order
//! is not. Keeps how far the server's time has come.

use std::time::{Duration, Instant};

use conclave_audit::{Actor, Event};
use conclave_policy::server_time::{Standing, TOLERANCE};
use conclave_protocol::Timestamp;
use conclave_store::action::KeepTime;
use conclave_store::{Store, UpkeepReason};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tokio_util::sync::CancellationToken;

use crate::server::StartError;
use crate::{Clock, recorded};

pub(crate) struct ClockWatch {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) figures: ClockFigures,
}

/// What is known of the machine's clock.
#[derive(Clone, Default)]
pub(crate) struct ClockFigures {
    behind: Gauge,
}

impl ClockFigures {
    pub(crate) fn register(registry: &mut Registry) -> Self {
        let figures = Self::default();
        registry.register(
            "clock_behind_seconds",
            "By how much the machine's clock is behind what this server has recorded: anything but 0 needs a person",
            figures.behind.clone(),
        );
        figures
    }
}

impl ClockWatch {
    /// Looks until the server stops.
    pub(crate) async fn watch(self, stopping: CancellationToken) {
        let mut seen = Seen::at(&self.clock);
        let mut kept = Instant::now();
        let mut said = None;
        loop {
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(BETWEEN_LOOKS) => {}
            }
            let now = Seen::at(&self.clock);
            if let Some(offset_ms) = now.was_set_since(seen) {
                tell(&self.store, &self.clock, offset_ms).await;
                said = None;
            }
            seen = now;
            self.say_how_it_stands(&mut said);
            if kept.elapsed() >= BETWEEN_KEEPINGS {
                self.keep().await;
                kept = Instant::now();
            }
        }
    }

    /// At once, and then from time to time for as long as it is so.
    fn say_how_it_stands(&self, said: &mut Option<Instant>) {
        let (Standing::Behind(behind) | Standing::FarBehind(behind)) = self.clock.standing() else {
            self.figures.behind.set(0);
            *said = None;
            return;
        };
        self.figures.behind.set(seconds(behind));
        if said.is_none_or(|said| said.elapsed() >= BETWEEN_WARNINGS) {
            warn_of(behind);
            *said = Some(Instant::now());
        }
    }

    /// The store says itself where it can't be written.
    async fn keep(&self) {
        let at = self.clock.now();
        let keep = KeepTime { at };
        let kept = self.store.write_unaudited(UpkeepReason::Time, keep).await;
        if let Err(error) = kept {
            tracing::debug!(%error, "how far the time has come is not kept");
        }
    }
}

/// The machine's clock is behind what is recorded by more than a server starts with.
#[derive(Debug, thiserror::Error)]
#[error(
    "the machine's clock is {seconds} seconds behind what this server has recorded: set it right; where it is right, say so \
     with `conclave take-back-time`"
)]
pub struct FarBehind {
    seconds: u64,
}

/// At the start: goes on from the latest moment that is remembered, so that what ran out before has run out.
pub(crate) async fn go_on_from_the_last(store: &Store, clock: &Clock) -> Result<(), StartError> {
    let Some(remembered) = store.remembered_time().await? else {
        return Ok(());
    };
    let behind = match clock.standing_to(remembered) {
        Standing::Together => None,
        Standing::Behind(behind) => Some(behind),
        Standing::FarBehind(behind) => {
            let seconds = behind.as_secs();
            return Err(FarBehind { seconds }.into());
        }
    };
    clock.not_before(remembered);
    if let Some(behind) = behind {
        warn_of(behind);
        tell(store, clock, -millis(behind)).await;
    }
    Ok(())
}

fn warn_of(behind: Duration) {
    let seconds = seconds(behind);
    tracing::warn!(
        seconds,
        "the machine's clock is behind what this server has recorded: what holds for a time goes by the later of the two"
    );
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
    /// Also keeps the server's time going, whether anybody asks for it or not.
    fn at(clock: &Clock) -> Self {
        clock.now();
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

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

const BETWEEN_LOOKS: Duration = Duration::from_secs(1);
/// What a server that is killed forgets of its time, where nobody does anything. Shorter writes for less.
const BETWEEN_KEEPINGS: Duration = Duration::from_secs(15);
const BETWEEN_WARNINGS: Duration = Duration::from_secs(60 * 60);

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

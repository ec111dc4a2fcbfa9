//! Emergency access on a running server: its words sealed, its end in time, who is told.

mod closing;
mod letters;
mod words;

use std::time::Duration;

use conclave_protocol::Timestamp;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::sealing::Sealing;

pub(crate) use closing::{Closing, end_those_over};
pub(crate) use letters::{tell, tell_of_code};
pub(crate) use words::WordsOf;

pub(crate) struct Emergencies {
    sealing: Sealing,
    /// Somebody took it: the next end may be sooner than was thought.
    taken: Notify,
}

impl Emergencies {
    pub(crate) fn new(sealing: Sealing) -> Self {
        Self {
            sealing,
            taken: Notify::new(),
        }
    }

    pub(crate) fn sealing(&self) -> &Sealing {
        &self.sealing
    }

    pub(crate) fn was_taken(&self) {
        self.taken.notify_one();
    }
}

/// Ends each use when its time is over, until the server stops.
pub(crate) async fn watch(app: App, stopping: CancellationToken) {
    loop {
        end_those_over(&app).await;
        let next = app.store.next_emergency_end().await;
        let wait = patience(app.clock.now(), next.ok().flatten());
        tokio::select! {
            () = stopping.cancelled() => return,
            () = app.emergencies.taken.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// How long to wait for what ends next.
pub(crate) fn patience(now: Timestamp, next: Option<Timestamp>) -> Duration {
    let until = next.map_or(LONGEST, |at| at.since(now));
    until.clamp(SHORTEST, LONGEST)
}

/// Between two looks: a store that can't be read is asked again after it.
const LONGEST: Duration = Duration::from_secs(60);
/// One that can't be written is not asked all the time.
const SHORTEST: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_end_is_waited_for_within_bounds() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);

        assert_eq!(patience(at(0), Some(at(30))), Duration::from_secs(30));
        assert_eq!(patience(at(0), Some(at(3_600))), LONGEST);
        assert_eq!(patience(at(9), Some(at(3))), SHORTEST);
        assert_eq!(patience(at(0), None), LONGEST);
    }
}

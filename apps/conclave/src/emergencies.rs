//! Emergency access on a running server: its words sealed, its end in time, who is told.

mod closing;
mod letters;
mod words;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::next_end::patience;
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

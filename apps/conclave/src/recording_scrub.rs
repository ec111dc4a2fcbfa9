//! Reads kept recordings all the time, slowly, so that damage is found before somebody needs one.

use std::time::Duration;

use conclave_audit::{Actor, Event};
use conclave_store::action::{DamagedRecording, LookedAtRecording};
use conclave_store::read::recording::Recording;
use conclave_store::{ReadError, Store, UpkeepReason, WriteError};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::recording_check::{Check, Damage};
use crate::secret::NoRandomness;
use crate::{Clock, recorded};

pub(crate) struct RecordingScrub {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) figures: RecordingFigures,
}

/// What is known of the integrity of recordings.
#[derive(Clone, Default)]
pub(crate) struct RecordingFigures {
    damaged: Counter,
    unreadable: Counter,
    checked: Counter,
}

/// What came of a look at one.
enum Looked {
    Sound,
    Damaged(Damage),
    /// A piece can't be read at this moment.
    Unreadable(ReadError),
}

#[derive(Debug, thiserror::Error)]
enum ScrubError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

impl RecordingFigures {
    pub(crate) fn register(registry: &mut Registry) -> Self {
        let figures = Self::default();
        registry.register(
            "recordings_damaged",
            "Recordings found damaged since the start: anything but 0 needs a person",
            figures.damaged.clone(),
        );
        registry.register(
            "recordings_unreadable",
            "Times that a piece of a recording could not be read: anything but 0 needs a person",
            figures.unreadable.clone(),
        );
        registry.register(
            "recordings_checked",
            "Times that all of a recording was read, and was what came",
            figures.checked.clone(),
        );
        figures
    }
}

impl RecordingScrub {
    /// One recording after the other, until the server stops.
    pub(crate) async fn go_round(self, stopping: CancellationToken) {
        loop {
            tokio::select! {
                () = stopping.cancelled() => return,
                () = self.step() => {}
            }
        }
    }

    /// A recording, or a while of rest where there is none to look at.
    async fn step(&self) {
        match self.look_at_one().await {
            Ok(true) => return,
            Ok(false) => {}
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "recordings could not be looked at");
            }
        }
        sleep(BETWEEN_LOOKS).await;
    }

    /// False: each was looked at lately.
    async fn look_at_one(&self) -> Result<bool, ScrubError> {
        let before = self.clock.now().minus(LOOKED_AT_EVERY);
        let Some(recording) = self.store.recording_to_look_at(before).await? else {
            return Ok(false);
        };
        match self.look_at(&recording).await {
            Looked::Sound => drop(self.figures.checked.inc()),
            Looked::Damaged(damage) => return self.found(&recording, damage).await,
            Looked::Unreadable(error) => {
                self.figures.unreadable.inc();
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "a piece of a recording could not be read");
            }
        }
        let looked = LookedAtRecording {
            recording: recording.id,
            at: self.clock.now(),
        };
        let reason = UpkeepReason::Recording;
        self.store.write_unaudited(reason, looked).await?;
        Ok(true)
    }

    /// A piece is held at a time.
    async fn look_at(&self, recording: &Recording) -> Looked {
        let mut check = Check::default();
        for number in 0..recording.next {
            let kept = match self.store.recording_piece(recording.id, number).await {
                Ok(kept) => kept,
                Err(error) => return Looked::Unreadable(error),
            };
            if let Err(damage) = check.piece(kept.as_ref()) {
                return Looked::Damaged(damage);
            }
            sleep(BETWEEN_PIECES).await;
        }
        match check.end(recording) {
            Ok(()) => Looked::Sound,
            Err(damage) => Looked::Damaged(damage),
        }
    }

    /// On record once: whoever is known to be damaged is not looked at any more.
    async fn found(&self, recording: &Recording, damage: Damage) -> Result<bool, ScrubError> {
        let now = self.clock.now();
        let event = Event::RecordingDamaged {
            recording: recording.id,
            session: recording.session.0,
            fault: damage.code(),
        };
        let entry = recorded::entry(now, Actor::System, event)?;
        let entry = recorded::filed(entry, Some(recording.organisation));
        let damaged = DamagedRecording {
            recording: recording.id,
            at: now,
        };
        match self.store.write(damaged, entry).await {
            Ok(()) => {
                self.figures.damaged.inc();
                tracing::error!("a recording of a support session is not as it came");
            }
            // Its time was over while it was looked at.
            Err(WriteError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(true)
    }
}

/// Each recording is read so often.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Of 256 KiB, as agents make them: 256 GiB take four days, and some hundredths of a processor and of a disk.
const BETWEEN_PIECES: Duration = Duration::from_millis(300);
/// Where there is nothing to look at.
const BETWEEN_LOOKS: Duration = Duration::from_secs(60);

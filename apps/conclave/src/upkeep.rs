//! What nobody asks for: forgetting what has expired, ending meetings that everybody has left.

use std::time::Duration;

use conclave_audit::{Actor, Code, Event};
use conclave_protocol::Timestamp;
use conclave_store::action::{EndMeeting, ForgetExpired};
use conclave_store::read::meeting::Meeting;
use conclave_store::{ReadError, Store, UpkeepReason, WriteError};
use tokio_util::sync::CancellationToken;

use crate::channel::Channels;
use crate::rooms::Room;
use crate::secret::NoRandomness;
use crate::{Clock, media, recorded};

pub(crate) struct Upkeep {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) channels: Channels,
    pub(crate) media: media::Handle,
}

#[derive(Debug, thiserror::Error)]
enum UpkeepError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

impl Upkeep {
    /// Goes round until the server stops.
    pub(crate) async fn go_round(self, stopping: CancellationToken) {
        loop {
            if let Err(error) = self.round().await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "upkeep did not finish"
                );
            }
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(BETWEEN_ROUNDS) => {}
            }
        }
    }

    async fn round(&self) -> Result<(), UpkeepError> {
        let now = self.clock.now();
        let forget = ForgetExpired {
            now,
            knocked_before: now.minus(KNOCKS_KEPT),
        };
        self.store
            .write_unaudited(UpkeepReason::Expiry, forget)
            .await?;
        for meeting in self.store.live_meetings().await? {
            if self.is_abandoned(&meeting, now).await? {
                self.end(&meeting, now).await?;
            }
        }
        Ok(())
    }

    async fn is_abandoned(&self, meeting: &Meeting, now: Timestamp) -> Result<bool, ReadError> {
        let attendance = self.store.attendance(meeting.id).await?;
        let last = attendance.changed_at.unwrap_or(meeting.created_at);
        Ok(attendance.connected == 0 && now.since(last) >= ABANDONED)
    }

    async fn end(&self, meeting: &Meeting, now: Timestamp) -> Result<(), UpkeepError> {
        let event = Event::MeetingEnd {
            meeting: meeting.id.0,
        };
        let mut entry = recorded::entry(now, Actor::System, event)?;
        entry.reason = Some(Code::new("abandoned"));
        let entry = recorded::filed(entry, Some(meeting.organisation));
        let act = EndMeeting {
            meeting: meeting.id,
            at: now,
        };
        let room = Room::reserve(&self.media, meeting.id).await;
        self.store.write(act, entry).await?;
        room.end();
        self.channels.changed(meeting.id);
        Ok(())
    }
}

/// How long somebody who was never let in is remembered after they went: their entries say it for good.
const KNOCKS_KEPT: Duration = Duration::from_secs(24 * 60 * 60);
const BETWEEN_ROUNDS: Duration = Duration::from_secs(10 * 60);
/// Nobody has been there for this long. Shorter ends a meeting over a long lunch.
const ABANDONED: Duration = Duration::from_secs(4 * 60 * 60);

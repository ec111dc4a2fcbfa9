//! What nobody asks for: forgetting what has expired, ending meetings that everybody has left.

use std::time::Duration;

use conclave_audit::{Actor, Code, Event};
use conclave_policy::admission::KNOCKS_KEPT;
use conclave_protocol::{AccountId, Timestamp};
use conclave_store::action::{EndMeeting, ForgetExpired, SignOut};
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
    #[error(transparent)]
    Media(#[from] media::Busy),
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
        self.end_sessions(now).await?;
        for meeting in self.store.live_meetings().await? {
            if self.is_abandoned(&meeting, now).await? {
                self.end(&meeting, now).await?;
            }
        }
        Ok(())
    }

    /// Those that nobody has shown since their time was over. The rest of very many waits for the next round.
    async fn end_sessions(&self, now: Timestamp) -> Result<(), UpkeepError> {
        for expired in self
            .store
            .expired_sessions(now, SESSIONS_IN_A_ROUND)
            .await?
        {
            let AccountId(account) = expired.account;
            let event = Event::AuthSessionTimeout { account };
            let entry = recorded::entry(now, Actor::System, event)?;
            let entry = recorded::filed(entry, Some(expired.organisation));
            let session = expired.id;
            match self.store.write(SignOut { session }, entry).await {
                // Its holder's own request may have ended it a moment ago.
                Ok(()) | Err(WriteError::Refused(_)) => {}
                Err(error) => return Err(error.into()),
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
        let room = Room::reserve(&self.media, meeting.id).await?;
        self.store.write(act, entry).await?;
        room.end();
        self.channels.changed(meeting.id);
        Ok(())
    }
}

/// Sessions that end by themselves in one round, each with a commit. More keeps the round from meetings.
const SESSIONS_IN_A_ROUND: u32 = 1_000;
const BETWEEN_ROUNDS: Duration = Duration::from_secs(10 * 60);
/// Nobody has been there for this long. Shorter ends a meeting over a long lunch.
const ABANDONED: Duration = Duration::from_secs(4 * 60 * 60);

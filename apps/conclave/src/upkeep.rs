//! What nobody asks for: forgetting what has expired, and having each meeting that goes on looked after, so that it ends
//! in time also after a restart.

use std::time::Duration;

use conclave_audit::{Actor, Event};
use conclave_policy::admission::KNOCKS_KEPT;
use conclave_policy::support::TOLD_WITHIN;
use conclave_protocol::meeting::EndCause;
use conclave_protocol::{AccountId, MeetingId, Timestamp};
use conclave_store::action::{
    ClearRecording, Cleared, DeleteRecording, EndMeeting, ForgetExpired, ForgetRequest,
    LoseRecording, MOST_PENDING, MissFeedback, SignOut, UNDECIDED_FOR,
};
use conclave_store::{ReadError, Store, UpkeepReason, WriteError};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::channel::Channels;
use crate::secret::NoRandomness;
use crate::{Clock, ending, recorded};

pub(crate) struct Upkeep {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) channels: Channels,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum UpkeepError {
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
            if let Err(error) = self.round(&stopping).await {
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

    async fn round(&self, stopping: &CancellationToken) -> Result<(), UpkeepError> {
        let now = self.clock.now();
        let forget = ForgetExpired {
            now,
            knocked_before: now.minus(KNOCKS_KEPT),
        };
        self.store
            .write_unaudited(UpkeepReason::Expiry, forget)
            .await?;
        self.end_sessions(now).await?;
        self.forget_requests(now).await?;
        self.end_support(now).await?;
        self.end_recordings(now).await?;
        self.miss_feedback(now).await?;
        self.delete_recordings(now).await?;
        for meeting in self.store.live_meetings().await? {
            self.channels.look_after(meeting.id).await;
        }
        self.clear_recordings(now, stopping).await
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

    /// Sessions that no technician came to while their code was good: it is another's from here on.
    async fn end_support(&self, now: Timestamp) -> Result<(), UpkeepError> {
        for session in self
            .store
            .support_begun_by_none(now, SESSIONS_IN_A_ROUND)
            .await?
        {
            let MeetingId(meeting) = session.meeting;
            let entry = recorded::entry(now, Actor::System, Event::MeetingEnd { meeting })?;
            let mut entry = recorded::filed(entry, Some(session.organisation));
            let cause = EndCause::Empty;
            entry.reason = recorded::end_cause(cause);
            let act = EndMeeting {
                meeting: session.meeting,
                cause,
                at: now,
            };
            match ending::write(&self.store, None, act, entry).await {
                Ok(_) => self.channels.changed(session.meeting),
                // Somebody may have ended it a moment ago.
                Err(WriteError::Refused(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Those of sessions that have been over for so long that nothing of them comes any more: something is missing.
    async fn end_recordings(&self, now: Timestamp) -> Result<(), UpkeepError> {
        let before = now.minus(TOLD_WITHIN);
        let lost = self.store.abandoned_recordings(before, SESSIONS_IN_A_ROUND);
        for recording in lost.await? {
            let event = Event::RecordingIncomplete {
                recording: recording.id,
                session: recording.session.0,
                chunks: recording.next.saturating_sub(1),
            };
            let entry = recorded::entry(now, Actor::System, event)?;
            let entry = recorded::filed(entry, Some(recording.organisation));
            let lose = LoseRecording {
                recording: recording.id,
                at: now,
            };
            match self.store.write(lose, entry).await {
                Ok(()) => tracing::warn!("a recording of a support session is incomplete"),
                // Its agent may have ended it a moment ago.
                Err(WriteError::Refused(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Of sessions that have been over for so long that nobody is heard any more.
    async fn miss_feedback(&self, now: Timestamp) -> Result<(), UpkeepError> {
        let before = now.minus(TOLD_WITHIN);
        let without = self
            .store
            .recordings_without_feedback(before, SESSIONS_IN_A_ROUND);
        for recording in without.await? {
            let event = Event::RecordingFeedbackMissing {
                recording: recording.id,
                session: recording.session.0,
            };
            let entry = recorded::entry(now, Actor::System, event)?;
            let entry = recorded::filed(entry, Some(recording.organisation));
            let miss = MissFeedback {
                recording: recording.id,
            };
            match self.store.write(miss, entry).await {
                Ok(()) => tracing::warn!("feedback on a support session never came"),
                // It may have come a moment ago.
                Err(WriteError::Refused(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Those whose time is over.
    async fn delete_recordings(&self, now: Timestamp) -> Result<(), UpkeepError> {
        let over = self.store.recordings_over(now, SESSIONS_IN_A_ROUND);
        for recording in over.await? {
            let event = Event::RecordingDeleted {
                recording: recording.id,
                session: recording.session.0,
            };
            let entry = recorded::entry(now, Actor::System, event)?;
            let entry = recorded::filed(entry, Some(recording.organisation));
            let delete = DeleteRecording {
                recording: recording.id,
                at: now,
            };
            match self.store.write(delete, entry).await {
                Ok(()) | Err(WriteError::Refused(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// What is left of those that are deleted goes step by step, and whatever else is written comes in between. The rest of
    /// very much waits for the next round.
    async fn clear_recordings(
        &self,
        now: Timestamp,
        stopping: &CancellationToken,
    ) -> Result<(), UpkeepError> {
        let mut steps = 0;
        let uncleared = self.store.uncleared_recordings(SESSIONS_IN_A_ROUND);
        for recording in uncleared.await? {
            while !self.clear_some(recording, now).await? {
                steps += 1;
                if steps == STEPS_IN_A_ROUND || stopping.is_cancelled() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Whether nothing is left.
    async fn clear_some(&self, recording: Uuid, at: Timestamp) -> Result<bool, UpkeepError> {
        let clear = ClearRecording { recording, at };
        let reason = UpkeepReason::Expiry;
        let Cleared(is_cleared) = self.store.write_unaudited(reason, clear).await?;
        Ok(is_cleared)
    }

    /// Accounts that nobody has approved in time.
    async fn forget_requests(&self, now: Timestamp) -> Result<(), UpkeepError> {
        let before = now.minus(UNDECIDED_FOR);
        for pending in self
            .store
            .pending_since_before(before, MOST_PENDING)
            .await?
        {
            let AccountId(account) = pending.id;
            let event = Event::UserForgetRequest { account };
            let entry = recorded::entry(now, Actor::System, event)?;
            let entry = recorded::filed(entry, Some(pending.organisation));
            let forget = ForgetRequest {
                account: pending.id,
                before,
            };
            match self.store.write(forget, entry).await {
                // Somebody may have decided on it a moment ago.
                Ok(()) | Err(WriteError::Refused(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Sessions of one kind that end by themselves in one round, each with a commit. More keeps the round from meetings.
const SESSIONS_IN_A_ROUND: u32 = 1_000;
/// Of deleting pieces of recordings: some 8 GiB, as agents make them.
const STEPS_IN_A_ROUND: u32 = 1_024;
const BETWEEN_ROUNDS: Duration = Duration::from_secs(10 * 60);

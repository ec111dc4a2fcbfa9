//! What nobody asks for: forgetting what has expired, and having each meeting that goes on looked after, so that it ends
//! in time also after a restart.

use std::time::Duration;

use conclave_audit::{Actor, Event};
use conclave_policy::admission::KNOCKS_KEPT;
use conclave_protocol::meeting::EndCause;
use conclave_protocol::{AccountId, MeetingId, Timestamp};
use conclave_store::action::{
    EndMeeting, ForgetExpired, ForgetRequest, MOST_PENDING, SignOut, UNDECIDED_FOR,
};
use conclave_store::{ReadError, Store, UpkeepReason, WriteError};
use tokio_util::sync::CancellationToken;

use crate::channel::Channels;
use crate::secret::NoRandomness;
use crate::{Clock, ending, recorded};

pub(crate) struct Upkeep {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) channels: Channels,
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
        self.end_sessions(now).await?;
        self.forget_requests(now).await?;
        self.end_support(now).await?;
        for meeting in self.store.live_meetings().await? {
            self.channels.look_after(meeting.id).await;
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
const BETWEEN_ROUNDS: Duration = Duration::from_secs(10 * 60);

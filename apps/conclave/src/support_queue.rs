//! Who asked for help and waits no longer is forgotten: sooner than what other upkeep is for, since there is a person's name.

use std::time::Duration;

use conclave_audit::{Actor, Event};
use conclave_store::action::ExpireRequest;
use conclave_store::{Store, WriteError};
use tokio_util::sync::CancellationToken;

use crate::upkeep::UpkeepError;
use crate::{Clock, recorded};

pub(crate) struct SupportQueue {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
}

impl SupportQueue {
    /// Goes round until the server stops.
    pub(crate) async fn go_round(self, stopping: CancellationToken) {
        loop {
            if let Err(error) = self.round().await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the queue for support was not looked after"
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
        let over = self.store.support_requests_over(now, MOST_IN_A_ROUND);
        for (request, organisation) in over.await? {
            let event = Event::SupportRequestExpired { request: request.0 };
            let entry = recorded::entry(now, Actor::System, event)?;
            let entry = recorded::filed(entry, Some(organisation));
            match self
                .store
                .write(ExpireRequest { request, now }, entry)
                .await
            {
                // Its page may have asked, or somebody taken it, a moment ago.
                Ok(()) | Err(WriteError::Refused(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// More than wait at one time.
const MOST_IN_A_ROUND: u32 = 100;
/// A name stays for no longer than this after its person is gone.
const BETWEEN_ROUNDS: Duration = Duration::from_secs(30);

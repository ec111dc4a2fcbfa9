//! What request handlers share.

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use conclave_audit::Entry;
use conclave_policy::session::SessionLimits;
use conclave_policy::sign_in_throttle::SignInThrottle;
use conclave_policy::wrong_codes::WrongCodes;
use conclave_protocol::mls::ExternalSender;
use conclave_store::Store;

use crate::channel::Channels;
use crate::http::occasion::Occasion;
use crate::http::pace::Pace;
use crate::metrics::{Metrics, RequestFigures};
use crate::passwords::Passwords;
use crate::tickets::Tickets;
use crate::{Clock, Config, media};

/// The parts of a running server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) sessions: SessionLimits,
    pub(crate) passwords: Passwords,
    pub(crate) channels: Channels,
    /// Who proposes removals to meetings' groups: this server.
    pub(crate) external_sender: ExternalSender,
    pub(crate) media: media::Handle,
    pub(crate) tickets: Tickets,
    pub(crate) metrics: Metrics,
    pub(crate) requests: RequestFigures,
    pub(crate) throttles: Throttles,
    pub(crate) pace: Pace,
}

/// Who guesses too much, since the server started.
#[derive(Default)]
pub(crate) struct Throttles {
    sign_in: Mutex<SignInThrottle>,
    wrong_codes: Mutex<WrongCodes>,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Remembers what can't be undone by failing to: a refusal stands, whether it is recorded or not.
    pub(crate) async fn record(&self, entry: Entry) {
        if let Err(error) = self.store.record(entry).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "an entry could not be recorded"
            );
        }
    }

    /// As [`Self::record`], for what strangers can make happen outside of `/api`: no faster than they may
    /// ask for changes there.
    pub(crate) async fn record_at_pace(&self, occasion: &Occasion, entry: Entry) {
        if self.pace.admits(occasion.source.address) {
            self.record(entry).await;
        }
    }

    /// Why requests can't be served at this moment.
    pub(crate) async fn not_ready(&self) -> Option<&'static str> {
        if !self.media.alive() {
            return Some("the media threads do not answer\n");
        }
        if !self.store.is_ready().await {
            return Some("the store can't be written\n");
        }
        None
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Throttles {
    pub(crate) fn sign_in(&self) -> MutexGuard<'_, SignInThrottle> {
        self.sign_in.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn wrong_codes(&self) -> MutexGuard<'_, WrongCodes> {
        let codes = self.wrong_codes.lock();
        codes.unwrap_or_else(PoisonError::into_inner)
    }
}

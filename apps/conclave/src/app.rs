//! What request handlers share.

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use conclave_audit::Entry;
use conclave_policy::asked_mail::{AskedMail, AskedResets};
use conclave_policy::server_time::Standing;
use conclave_policy::sign_in_throttle::{Lockout, SignInThrottle};
use conclave_policy::support_queue::AskedForHelp;
use conclave_policy::tried_meetings::TriedMeetings;
use conclave_policy::unattended::CredentialTries;
use conclave_policy::wrong_codes::WrongCodes;
use conclave_policy::wrong_keys::WrongKeys;
use conclave_protocol::mls::ExternalSender;
use conclave_store::Store;
use tokio::time::timeout;

use crate::audit_key::AuditKey;
use crate::channel::Channels;
use crate::computers::Computers;
use crate::emergencies::Emergencies;
use crate::evidence::Evidence;
use crate::http::audit::exports::Exports;
use crate::http::audit::looked::Looked;
use crate::http::occasion::Occasion;
use crate::http::pace::Pace;
use crate::http::problem::{Refusal, STORE_UNAVAILABLE};
use crate::mail::Mail;
use crate::metrics::{Metrics, RequestFigures};
use crate::passwords::Passwords;
use crate::policies::Policies;
use crate::second_factors::SecondFactors;
use crate::single_sign_on::SingleSignOn;
use crate::tickets::Tickets;
use crate::watching::Watching;
use crate::{Clock, Config, config, media};

/// The parts of a running server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<dyn Whole>);

/// That all parts may be used from every thread is shown here. Without this the compiler shows it again of each of them,
/// down to the databases' and browsers' own types, for every future that holds an [`App`].
trait Whole: Send + Sync {
    fn parts(&self) -> &Parts;
}

impl Whole for Parts {
    fn parts(&self) -> &Parts {
        self
    }
}

pub(crate) struct Parts {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) policies: Policies,
    pub(crate) passwords: Passwords,
    pub(crate) channels: Channels,
    /// Of enrolled computers.
    pub(crate) computers: Computers,
    /// Who proposes removals to meetings' groups: this server.
    pub(crate) external_sender: ExternalSender,
    pub(crate) evidence: Evidence,
    pub(crate) media: media::Handle,
    pub(crate) tickets: Tickets,
    pub(crate) metrics: Metrics,
    pub(crate) requests: RequestFigures,
    pub(crate) throttles: Throttles,
    pub(crate) second_factors: SecondFactors,
    pub(crate) emergencies: Emergencies,
    pub(crate) pace: Pace,
    /// Of the entries about what other sites' pages send.
    pub(crate) strangers_pace: Pace,
    /// Where people find this server in their browsers, without a slash at the end.
    pub(crate) origin: String,
    /// `None` where it sends no mail.
    pub(crate) mail: Option<Mail>,
    /// `None` where the organisation has no identity provider.
    pub(crate) single_sign_on: Option<SingleSignOn>,
    pub(crate) audit_key: AuditKey,
    /// Who looked at the audit log of late.
    pub(crate) looked: Looked,
    pub(crate) exports: Exports,
}

/// Who guesses too much, and who watches, since the server started.
pub(crate) struct Throttles {
    sign_in: Mutex<SignInThrottle>,
    sealed_codes: Mutex<SignInThrottle>,
    wrong_codes: Mutex<WrongCodes>,
    tried_meetings: Mutex<TriedMeetings>,
    asked_mail: Mutex<AskedMail>,
    wrong_keys: Mutex<WrongKeys>,
    asked_resets: Mutex<AskedResets>,
    watching: Mutex<Watching>,
    credentials: Mutex<CredentialTries>,
    asked_for_help: Mutex<AskedForHelp>,
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

    /// Puts on record what somebody is about to be shown. They are shown nothing where that is not done in time, and then it is
    /// not put on record later either, unless it was being written at that moment.
    pub(crate) async fn record_first(&self, entry: Entry) -> Result<(), Refusal> {
        match timeout(RECORDED_WITHIN, self.store.record_if_awaited(entry)).await {
            Ok(recorded) => Ok(recorded?),
            Err(_) => Err(STORE_UNAVAILABLE.into()),
        }
    }

    /// As [`Self::record`], for what strangers can make happen outside of `/api`: no faster than they may
    /// ask for changes there.
    pub(crate) async fn record_at_pace(&self, occasion: &Occasion, entry: Entry) {
        if self.pace.admits(occasion.source.address) {
            self.record(entry).await;
        }
    }

    /// As [`Self::record_at_pace`], of what any page can make a browser send: it uses up nothing of what people behind the same
    /// address may ask for.
    pub(crate) async fn record_strangers(&self, occasion: &Occasion, entry: Entry) {
        if self.strangers_pace.admits(occasion.source.address) {
            self.record(entry).await;
        }
    }

    /// A page of the browser application, with a secret in the fragment, which browsers send to nobody. What a request
    /// says about its host is not asked.
    pub(crate) fn link(&self, page: &str, secret: &str) -> String {
        format!("{}/{page}#{secret}", self.origin)
    }

    /// Why requests can't be served at this moment.
    pub(crate) async fn not_ready(&self) -> Option<&'static str> {
        if !self.media.alive() {
            return Some("the media threads do not answer\n");
        }
        if !self.store.is_ready().await {
            return Some("the store can't be written\n");
        }
        if matches!(self.clock.standing(), Standing::FarBehind(_)) {
            return Some("the machine's clock is far behind what this server has recorded\n");
        }
        None
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        self.0.parts()
    }
}

impl Throttles {
    pub(crate) fn new(set: &config::Lockout) -> Self {
        let lockout = Lockout::new(set.threshold, set.longest).unwrap_or_default();
        Self {
            sign_in: Mutex::new(SignInThrottle::new(lockout)),
            sealed_codes: Mutex::new(SignInThrottle::new(lockout)),
            wrong_codes: Mutex::new(WrongCodes::new(set.codes)),
            tried_meetings: Mutex::new(TriedMeetings::new(set.door)),
            asked_mail: Mutex::default(),
            wrong_keys: Mutex::default(),
            asked_resets: Mutex::default(),
            watching: Mutex::default(),
            credentials: Mutex::default(),
            asked_for_help: Mutex::default(),
        }
    }

    pub(crate) fn sign_in(&self) -> MutexGuard<'_, SignInThrottle> {
        self.sign_in.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Apart from passwords: whoever guesses at one keeps nobody from signing in by the other.
    pub(crate) fn sealed_codes(&self) -> MutexGuard<'_, SignInThrottle> {
        let codes = self.sealed_codes.lock();
        codes.unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn wrong_codes(&self) -> MutexGuard<'_, WrongCodes> {
        let codes = self.wrong_codes.lock();
        codes.unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn wrong_keys(&self) -> MutexGuard<'_, WrongKeys> {
        let keys = self.wrong_keys.lock();
        keys.unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tried_meetings(&self) -> MutexGuard<'_, TriedMeetings> {
        let tried = self.tried_meetings.lock();
        tried.unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn asked_mail(&self) -> MutexGuard<'_, AskedMail> {
        let asked = self.asked_mail.lock();
        asked.unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn watching(&self) -> MutexGuard<'_, Watching> {
        self.watching.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn credentials(&self) -> MutexGuard<'_, CredentialTries> {
        let tries = self.credentials.lock();
        tries.unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn asked_for_help(&self) -> MutexGuard<'_, AskedForHelp> {
        let asked = self.asked_for_help.lock();
        asked.unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn asked_resets(&self) -> MutexGuard<'_, AskedResets> {
        let asked = self.asked_resets.lock();
        asked.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Longer keeps whoever asks waiting for an answer that they will not get; shorter refuses what a busy disk would have recorded.
pub(crate) const RECORDED_WITHIN: Duration = Duration::from_secs(3);

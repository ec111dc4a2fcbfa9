//! Who is signed in: the account behind a session's cookie.

use std::time::Duration;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use conclave_audit::{Actor, Code, Event};
use conclave_policy::capability::{AccountAction, session_may};
use conclave_policy::second_factor::{self, Assurance};
use conclave_policy::session::{Activity, SessionState, SessionTimes};
use conclave_policy::{Decision, Reason, step_up};
use conclave_protocol::account::AccountState;
use conclave_protocol::policy::Permitted;
use conclave_protocol::{AccountId, Timestamp};
use conclave_store::action::{SignOut, TouchSession};
use conclave_store::read::account::Account;
use conclave_store::{TokenHash, UpkeepReason};
use tokio::time::timeout;

use super::cookie;
use super::occasion::Occasion;
use super::problem::{
    EMERGENCY_ONLY, Kind, NOT_ALLOWED, NOT_SIGNED_IN, Refusal, SECOND_FACTOR_REQUIRED,
    STEP_UP_REQUIRED,
};
use crate::app::App;
use crate::{policies, recorded, secret};

/// A session that holds at this moment.
pub(crate) struct SignedIn {
    pub(crate) account: Account,
    pub(crate) session: TokenHash,
    /// By policy, as the request came.
    pub(crate) permitted: Permitted,
    assurance: Assurance,
    pub(crate) created_at: Timestamp,
    pub(crate) authenticated_at: Timestamp,
    /// Until the session ends, if its holder does nothing.
    pub(crate) left: Duration,
}

/// As [`SignedIn`], where a page asks by itself: that keeps no session open.
pub(crate) struct Polling(pub(crate) SignedIn);

/// As [`SignedIn`], also where the role needs a second factor and the session has shown none: the way to one.
pub(crate) struct Entering(pub(crate) SignedIn);

/// As [`SignedIn`], also where one of the sealed codes opened the session: what that opens.
pub(crate) struct InEmergency(pub(crate) SignedIn);

/// As [`InEmergency`], where a page asks by itself.
pub(crate) struct PollingInEmergency(pub(crate) SignedIn);

/// Any session, to end it.
pub(crate) struct Leaving(pub(crate) SignedIn);

impl SignedIn {
    pub(crate) fn actor(&self) -> Actor {
        recorded::holder(&self.account, self.session, self.assurance)
    }

    /// What the session has proved.
    pub(crate) fn assurance(&self) -> Assurance {
        self.assurance
    }

    /// Whether one of the sealed codes opened the session.
    pub(crate) fn is_for_emergency(&self) -> bool {
        self.assurance.is_for_emergency()
    }

    /// Whether its role needs a second factor, and the session, which is for more than an emergency, has shown none.
    pub(crate) fn is_second_factor_due(&self) -> bool {
        let for_everybody = policies::wants_second_factor(&self.permitted);
        let restricted = second_factor::restricts(self.account.role, for_everybody, self.assurance);
        restricted && !self.is_for_emergency()
    }

    /// Why the session opens less than its account may.
    fn restriction(&self) -> Option<(Reason, Kind)> {
        if self.is_for_emergency() {
            return Some((Reason::EmergencyOnly, EMERGENCY_ONLY));
        }
        self.is_second_factor_due()
            .then_some((Reason::SecondFactor, SECOND_FACTOR_REQUIRED))
    }

    /// Whether its holder has proved lately who they are. A refusal is recorded.
    pub(crate) async fn stepped_up(
        &self,
        app: &App,
        occasion: &Occasion,
        event: &Event,
    ) -> Result<(), Refusal> {
        let Decision::Deny(reason) = step_up::is_fresh(self.authenticated_at, occasion.now) else {
            return Ok(());
        };
        self.refuse(app, occasion, event.clone(), reason).await?;
        Err(STEP_UP_REQUIRED.into())
    }

    async fn refuse(
        &self,
        app: &App,
        occasion: &Occasion,
        event: Event,
        reason: Reason,
    ) -> Result<(), Refusal> {
        let organisation = Some(self.account.organisation);
        let entry = occasion.entry(organisation, self.actor(), event)?;
        app.record(entry.refused(Code::new(reason.code()))).await;
        Ok(())
    }

    /// What the account's role lets it see. A refusal is recorded.
    pub(crate) async fn may_read(
        &self,
        app: &App,
        action: AccountAction,
        to: Code,
        occasion: &Occasion,
    ) -> Result<(), Refusal> {
        let event = Event::AccessRefused { to };
        self.may(app, action, occasion, &event).await
    }

    /// What the account's role lets it do. A refusal is recorded.
    pub(crate) async fn may(
        &self,
        app: &App,
        action: AccountAction,
        occasion: &Occasion,
        event: &Event,
    ) -> Result<(), Refusal> {
        let decision = session_may(self.account.role, self.assurance, action);
        let Decision::Deny(reason) = decision else {
            return Ok(());
        };
        self.refuse(app, occasion, event.clone(), reason).await?;
        match reason {
            Reason::SecondFactor => Err(SECOND_FACTOR_REQUIRED.into()),
            Reason::EmergencyOnly => Err(EMERGENCY_ONLY.into()),
            _ => Err(NOT_ALLOWED.into()),
        }
    }
}

/// The session of the request's cookie. One that has ended by itself is recorded so, and deleted.
pub(crate) async fn find(
    app: &App,
    parts: &mut Parts,
    activity: Activity,
) -> Result<Option<SignedIn>, Refusal> {
    let Some(cookie) = cookie::SESSION.read(&parts.headers) else {
        return Ok(None);
    };
    let id = secret::hash(cookie);
    let Some(session) = app.store.session(id).await? else {
        unknown(app, parts).await?;
        return Ok(None);
    };
    let account = app.store.account(session.account).await?;
    // Whoever may not act is nobody, whatever sessions there are.
    let Some(account) = account.filter(|account| account.state == AccountState::Active) else {
        return Ok(None);
    };
    let permitted = app
        .policies
        .permitted(account.organisation, Some(account.id))
        .await?;
    let limits = policies::session_limits(&permitted);
    let times = SessionTimes {
        created_at: session.created_at,
        last_active_at: session.last_active_at,
    };
    let now = app.clock.now();
    let found = SignedIn {
        account,
        session: id,
        assurance: session.assurance,
        created_at: session.created_at,
        authenticated_at: session.authenticated_at,
        left: limits.left(times, now).min(session.expires_at.since(now)),
        permitted,
    };
    if limits.state(times, now) != SessionState::Open || now >= session.expires_at {
        time_out(app, parts, &found).await?;
        return Ok(None);
    }
    if limits.extends(times, now, activity) {
        touch(app, id).await;
    }
    Ok(Some(found))
}

/// Best effort: while nothing can be written, people must be able to end and to sign off. A session
/// that was not touched ends sooner.
async fn touch(app: &App, session: TokenHash) {
    let at = app.clock.now();
    let touch = TouchSession { session, at };
    let written = app.store.write_unaudited(UpkeepReason::Presence, touch);
    if !matches!(timeout(TOUCH, written).await, Ok(Ok(()))) {
        tracing::warn!("a session's activity was not written in time");
    }
}

/// A cookie of a session that has ended, or that never was.
async fn unknown(app: &App, parts: &mut Parts) -> Result<(), Refusal> {
    let occasion = Occasion::from_request_parts(parts, app).await?;
    let to = Code::new("session");
    let entry = occasion.entry(None, Actor::Anonymous, Event::AccessRefused { to })?;
    let refused = entry.refused(Code::new("unknown_session"));
    app.record_at_pace(&occasion, refused).await;
    Ok(())
}

async fn time_out(app: &App, parts: &mut Parts, ended: &SignedIn) -> Result<(), Refusal> {
    let occasion = Occasion::from_request_parts(parts, app).await?;
    let AccountId(account) = ended.account.id;
    let entry = occasion.entry(
        Some(ended.account.organisation),
        Actor::System,
        Event::AuthSessionTimeout { account },
    )?;
    let act = SignOut {
        session: ended.session,
    };
    // Somebody else's request may have ended it a moment ago: it has ended.
    let _ended = app.store.write_or_spool(None, act, entry).await;
    Ok(())
}

/// What a request needs of a session that opens less than its account may.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opens {
    Everything,
    /// The way to a second factor.
    SecondFactor,
    Emergency,
}

impl Opens {
    fn bears(self, reason: Reason) -> bool {
        match self {
            Self::Everything => false,
            Self::SecondFactor => reason == Reason::SecondFactor,
            Self::Emergency => reason == Reason::EmergencyOnly,
        }
    }
}

/// A session that opens this. A refusal is recorded.
async fn that_opens(
    what: Opens,
    app: &App,
    parts: &mut Parts,
    activity: Activity,
) -> Result<SignedIn, Refusal> {
    let found = find(app, parts, activity).await?.ok_or(NOT_SIGNED_IN)?;
    let restriction = found.restriction();
    let Some((reason, kind)) = restriction.filter(|(reason, _)| !what.bears(*reason)) else {
        return Ok(found);
    };
    let occasion = Occasion::from_request_parts(parts, app).await?;
    let to = Code::new("session");
    let event = Event::AccessRefused { to };
    found.refuse(app, &occasion, event, reason).await?;
    Err(kind.into())
}

impl FromRequestParts<App> for Entering {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let found = that_opens(Opens::SecondFactor, app, parts, Activity::Act).await?;
        Ok(Self(found))
    }
}

impl OptionalFromRequestParts<App> for Entering {
    type Rejection = Refusal;

    /// Whoever signed in by a sealed code signs in here as if they hadn't.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Refusal> {
        let found = find(app, parts, Activity::Act).await?;
        Ok(found.filter(|found| !found.is_for_emergency()).map(Self))
    }
}

impl FromRequestParts<App> for InEmergency {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let found = that_opens(Opens::Emergency, app, parts, Activity::Act).await?;
        Ok(Self(found))
    }
}

impl FromRequestParts<App> for PollingInEmergency {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let found = that_opens(Opens::Emergency, app, parts, Activity::Poll).await?;
        Ok(Self(found))
    }
}

impl FromRequestParts<App> for Leaving {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let found = find(app, parts, Activity::Act).await?;
        found.map(Self).ok_or(NOT_SIGNED_IN.into())
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        that_opens(Opens::Everything, app, parts, Activity::Act).await
    }
}

impl FromRequestParts<App> for Polling {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let found = that_opens(Opens::Everything, app, parts, Activity::Poll).await?;
        Ok(Self(found))
    }
}

impl OptionalFromRequestParts<App> for SignedIn {
    type Rejection = Refusal;

    /// A restricted session is none here: whoever is in a meeting by a participant's credential acts by that.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Refusal> {
        let found = find(app, parts, Activity::Act).await?;
        Ok(found.filter(|signed_in| signed_in.restriction().is_none()))
    }
}

/// How long a request waits until its session's activity is written. Longer delays essential acts while
/// the database hangs; shorter forgets activity while it is merely slow.
const TOUCH: Duration = Duration::from_secs(1);

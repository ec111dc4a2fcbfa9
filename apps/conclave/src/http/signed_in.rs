//! Who is signed in: the account behind a session's cookie.

use std::time::Duration;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use conclave_audit::{Actor, Code, Event};
use conclave_policy::Decision;
use conclave_policy::capability::{AccountAction, account_may};
use conclave_policy::session::{Activity, SessionState, SessionTimes};
use conclave_protocol::AccountId;
use conclave_store::action::{SignOut, TouchSession};
use conclave_store::read::account::Account;
use conclave_store::{TokenHash, UpkeepReason};
use tokio::time::timeout;

use super::occasion::Occasion;
use super::problem::{NOT_ALLOWED, NOT_SIGNED_IN, Refusal};
use super::session_cookie;
use crate::app::App;
use crate::{recorded, secret};

/// A session that holds at this moment.
pub(crate) struct SignedIn {
    pub(crate) account: Account,
    pub(crate) session: TokenHash,
}

/// As [`SignedIn`], where a page asks by itself: that keeps no session open.
pub(crate) struct Polling(pub(crate) SignedIn);

impl SignedIn {
    pub(crate) fn actor(&self) -> Actor {
        recorded::account(&self.account, Some(self.session))
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
        let Decision::Deny(reason) = account_may(self.account.role, action) else {
            return Ok(());
        };
        let organisation = Some(self.account.organisation);
        let entry = occasion.entry(organisation, self.actor(), event.clone())?;
        app.record(entry.refused(Code::new(reason.code()))).await;
        Err(NOT_ALLOWED.into())
    }
}

/// The session of the request's cookie. One that has ended by itself is recorded so, and deleted.
pub(crate) async fn find(
    app: &App,
    parts: &mut Parts,
    activity: Activity,
) -> Result<Option<SignedIn>, Refusal> {
    let Some(cookie) = session_cookie::read(&parts.headers) else {
        return Ok(None);
    };
    let id = secret::hash(cookie);
    let Some(session) = app.store.session(id).await? else {
        unknown(app, parts).await?;
        return Ok(None);
    };
    let Some(account) = app.store.account(session.account).await? else {
        return Ok(None);
    };
    let found = SignedIn {
        account,
        session: id,
    };
    let times = SessionTimes {
        created_at: session.created_at,
        last_active_at: session.last_active_at,
    };
    let now = app.clock.now();
    if app.sessions.state(times, now) != SessionState::Open {
        time_out(app, parts, &found).await?;
        return Ok(None);
    }
    if app.sessions.extends(times, now, activity) {
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

impl FromRequestParts<App> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let found = find(app, parts, Activity::Act).await?;
        found.ok_or(NOT_SIGNED_IN.into())
    }
}

impl FromRequestParts<App> for Polling {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let found = find(app, parts, Activity::Poll).await?;
        found.map(Self).ok_or(NOT_SIGNED_IN.into())
    }
}

impl OptionalFromRequestParts<App> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Refusal> {
        find(app, parts, Activity::Act).await
    }
}

/// How long a request waits until its session's activity is written. Longer delays essential acts while
/// the database hangs; shorter forgets activity while it is merely slow.
const TOUCH: Duration = Duration::from_secs(1);

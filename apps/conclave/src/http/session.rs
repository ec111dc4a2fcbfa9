//! Signing in and out, and who is signed in.

pub(super) mod begin_passkey;
pub(super) mod begin_single_sign_on;
pub(super) mod emergency_code;
pub(super) mod finish_single_sign_on;
pub(super) mod provider_logout;
pub(super) mod read;
pub(super) mod second_factor;
pub(super) mod sign_in;
pub(super) mod sign_out;
pub(super) mod step_up;
pub(super) mod use_passkey;

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use conclave_audit::{Actor, Code, Event};
use conclave_policy::second_factor::Assurance;
use conclave_policy::session::{LONGEST_SESSION, SessionLimits, SessionTimes};
use conclave_protocol::account::Me;
use conclave_protocol::policy::Permitted;
use conclave_protocol::{AccountId, Timestamp};
use conclave_store::action::{
    NewSession, Proof, Renewal, RightPassword, Shown, SignIn, TrustedDevice,
};
use conclave_store::read::account::Account;
use conclave_store::{Refused, TokenHash, WriteError};

use super::cookie;
use super::occasion::Occasion;
use super::problem::{ACCOUNT_NOT_ACTIVE, INTERNAL, NOT_SIGNED_IN, Refusal, SIGN_IN_FAILED};
use super::signed_in::SignedIn;
use crate::app::App;
use crate::{policies, recorded, secret};

/// A session that is about to be written, and the header that gives it to the browser.
pub(super) struct Opening {
    pub(super) session: NewSession,
    pub(super) cookie: Header,
}

type Header = (HeaderName, HeaderValue);

impl Opening {
    /// Of somebody who has shown a password.
    pub(super) fn new(account: AccountId, occasion: &Occasion) -> Result<Self, Refusal> {
        let (secret, id) = secret::fresh()?;
        let cookie = cookie::SESSION.set(&secret, LONGEST_SESSION);
        let now = occasion.now;
        Ok(Self {
            session: NewSession {
                id,
                account,
                created_at: now,
                last_active_at: now,
                expires_at: SessionLimits::default().expires_at(now),
                assurance: Assurance::Password,
                authenticated_at: now,
                browser: occasion.source.browser(),
            },
            cookie: (header::SET_COOKIE, cookie.ok_or(INTERNAL)?),
        })
    }

    pub(super) fn times(&self) -> SessionTimes {
        SessionTimes {
            created_at: self.session.created_at,
            last_active_at: self.session.last_active_at,
        }
    }
}

/// A change of how its holder signs in gives a session another cookie, and never a longer life; and it proves nothing anew.
pub(super) fn renew(
    signed_in: &SignedIn,
    assurance: Assurance,
    occasion: &Occasion,
) -> Result<(Renewal, AppendHeaders<[Header; 1]>), Refusal> {
    let Opening { session, cookie } = Opening::new(signed_in.account.id, occasion)?;
    let new = NewSession {
        created_at: signed_in.created_at,
        expires_at: SessionLimits::default().expires_at(signed_in.created_at),
        authenticated_at: signed_in.authenticated_at,
        assurance,
        ..session
    };
    let old = signed_in.session;
    Ok((Renewal { old, new }, AppendHeaders([cookie])))
}

/// Somebody who has proved who they are, and how.
pub(super) struct Entrance {
    pub(super) account: Account,
    pub(super) assurance: Assurance,
    pub(super) proof: Proof,
    /// Absent where a passkey was shown instead.
    pub(super) shown: Option<Shown>,
    /// Their session until now, where they prove it again.
    pub(super) replaces: Option<TokenHash>,
}

impl Entrance {
    pub(super) fn by_password(account: Account, password: RightPassword) -> Self {
        Self {
            account,
            assurance: Assurance::Password,
            proof: Proof::Shown,
            shown: Some(Shown::Password(password)),
            replaces: None,
        }
    }

    /// Opens the session, and makes the browser a trusted one. `headers` are the request's.
    pub(super) async fn open(
        self,
        app: &App,
        occasion: &Occasion,
        headers: &HeaderMap,
    ) -> Result<Response, Refusal> {
        let AccountId(id) = self.account.id;
        let (trusted, device) = trust(app, self.account.id, headers, occasion.now).await?;
        let event = match self.replaces {
            Some(_) => Event::AuthStepUp { account: id },
            None => Event::AuthLogin {
                account: id,
                unknown_browser: trusted.is_some(),
            },
        };
        let mut opening = Opening::new(self.account.id, occasion)?;
        opening.session.assurance = self.assurance;
        // A provider may know somebody still who has long left: it proves afresh only where that was asked of it.
        if self.replaces.is_none() && matches!(self.shown, Some(Shown::Identity(_))) {
            opening.session.authenticated_at = Timestamp::from_micros(0);
        }
        let actor = recorded::holder(&self.account, opening.session.id, self.assurance);
        let entry = occasion.entry(Some(self.account.organisation), actor, event)?;
        let permitted = policies_of(app, &self.account).await?;
        let limits = policies::session_limits(&permitted);
        let left = limits.left(opening.times(), occasion.now);
        let act = SignIn {
            session: opening.session,
            shown: self.shown,
            proof: self.proof,
            replaces: self.replaces,
            trusted,
        };
        if let Err(error) = app.store.write(act, entry).await {
            return Err(not_opened(app, occasion, &self.account, error).await?);
        }
        let due = conclave_policy::second_factor::restricts(
            self.account.role,
            policies::wants_second_factor(&permitted),
            self.assurance,
        );
        let me = me(app, self.account, due, left).await?;
        let mut answer = (AppendHeaders([opening.cookie]), me).into_response();
        let over = cookie::AWAITED
            .clear()
            .into_iter()
            .chain(cookie::TRIP.clear());
        for cookie in device.into_iter().chain(over) {
            answer.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(answer)
    }
}

/// What changed while the proof was checked counts as if it had been so before; a refusal is recorded. What a code or
/// a passkey rests on is told apart by who checked it.
async fn not_opened(
    app: &App,
    occasion: &Occasion,
    account: &Account,
    error: WriteError,
) -> Result<Refusal, Refusal> {
    let (kind, reason) = match &error {
        WriteError::Refused(Refused::AccountState) => (ACCOUNT_NOT_ACTIVE, "account_not_active"),
        WriteError::Refused(Refused::PasswordChanged) => (SIGN_IN_FAILED, "wrong_credentials"),
        WriteError::Refused(Refused::NotFound) => (NOT_SIGNED_IN, "session_ended"),
        _ => return Ok(error.into()),
    };
    let AccountId(id) = account.id;
    let event = Event::AuthFail { account: Some(id) };
    let entry = occasion.entry(Some(account.organisation), Actor::Anonymous, event)?;
    app.record(entry.failed(Code::new(reason))).await;
    Ok(kind.into())
}

/// A cookie by which the browser is known again, unless it has one already.
async fn trust(
    app: &App,
    account: AccountId,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<(Option<TrustedDevice>, Option<HeaderValue>), Refusal> {
    if trusted(app, account, headers, now).await?.is_some() {
        return Ok((None, None));
    }
    let (secret, token) = match known(app, headers, now).await? {
        Some(known) => known,
        None => secret::fresh()?,
    };
    let expires_at = now.plus(TRUSTED_FOR);
    let device = TrustedDevice { token, expires_at };
    Ok((Some(device), cookie::DEVICE.set(&secret, TRUSTED_FOR)))
}

/// The browser's cookie, where it was given it for another account: one that several people share has one for all. Of one that
/// nobody here gave, somebody else may know the secret.
async fn known(
    app: &App,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Option<(String, TokenHash)>, Refusal> {
    let Some(secret) = cookie::DEVICE.read(headers) else {
        return Ok(None);
    };
    let token = secret::hash(secret);
    let knows = app.store.knows(token, now).await?;
    Ok(knows.then(|| (secret.to_owned(), token)))
}

/// The browser's own cookie, where the account's holder has signed in with it before.
pub(super) async fn trusted(
    app: &App,
    account: AccountId,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Option<TokenHash>, Refusal> {
    let Some(device) = cookie::DEVICE.read(headers).map(secret::hash) else {
        return Ok(None);
    };
    let trusts = app.store.trusts(account, device, now).await?;
    Ok(trusts.then_some(device))
}

async fn policies_of(app: &App, account: &Account) -> Result<Permitted, Refusal> {
    let permitted = app
        .policies
        .permitted(account.organisation, Some(account.id));
    Ok(permitted.await?)
}

/// The account, as its holder sees it.
pub(super) async fn me(
    app: &App,
    account: Account,
    second_factor_due: bool,
    left: Duration,
) -> Result<Json<Me>, Refusal> {
    let organisation = app.store.organisation(account.organisation).await?;
    let organisation = organisation.ok_or(INTERNAL)?;
    let permitted = policies_of(app, &account).await?;
    Ok(Json(Me {
        account: account.id,
        organisation: organisation.id,
        organisation_name: organisation.name,
        email: account.email,
        display_name: account.display_name,
        role: account.role,
        permitted,
        second_factor_due,
        idle_left: seconds(left),
        emergency_only: false,
    }))
}

/// Whole ones: a page that counts them down is never late.
pub(super) fn seconds(left: Duration) -> u32 {
    u32::try_from(left.as_secs()).unwrap_or(u32::MAX)
}

/// Takes the cookie away.
pub(super) fn without_cookie() -> HeaderMap {
    let cleared = cookie::SESSION
        .clear()
        .map(|cookie| (header::SET_COOKIE, cookie));
    cleared.into_iter().collect()
}

/// How long a browser is known again. Longer trusts machines that were given away.
const TRUSTED_FOR: Duration = Duration::from_secs(90 * 24 * 60 * 60);

//! `POST /api/v1/session`: signs in with e-mail address and password, as far as these go.
//!
//! An address that no account has gets the answer of a wrong password, after the same work.

use std::sync::MutexGuard;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use conclave_audit::{Actor, Code, Entry, Event};
use conclave_policy::password::Password;
use conclave_policy::sign_in_throttle::{AccountKey, Origin, SignInThrottle};
use conclave_protocol::AccountId;
use conclave_protocol::account::{AccountState, Me, SignIn};
use conclave_protocol::factor::{SecondFactorAsked, Way};
use conclave_protocol::personal::EmailAddress;
use conclave_protocol::problem::Problem;
use conclave_store::action::{RightPassword, Shown};
use conclave_store::read::account::Account;
use conclave_store::read::factor::Factors;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Entrance, trusted};
use crate::app::App;
use crate::ceremonies::LIFETIME;
use crate::http::body::Body;
use crate::http::cookie;
use crate::http::occasion::Occasion;
use crate::http::problem::{
    ACCOUNT_NOT_ACTIVE, INTERNAL, Refusal, SIGN_IN_FAILED, TOO_MANY_ATTEMPTS,
};
use crate::second_factors::Awaited;
use crate::{recorded, secret};

/// Signs in; the answer sets the session's cookie. Where the account has a second factor, the answer says
/// which, and a cookie of its own holds the place for five minutes.
#[utoipa::path(
    post,
    operation_id = "signIn",
    path = "/session",
    tag = "accounts",
    request_body = SignIn,
    responses(
        (status = 200, body = Me),
        (status = 202, body = SecondFactorAsked),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
    headers: HeaderMap,
    Body(body): Body<SignIn>,
) -> Result<Response, Refusal> {
    let email = EmailAddress::parse(body.email.reveal()).ok();
    let account = find(&app, email.as_ref()).await?;
    let (at, name) = (Guessed::Password, body.email.reveal());
    let attempt = Attempt::new(&app, &occasion, &headers, at, name, account).await?;
    attempt.charge().await?;
    let (account, password) = attempt.check(body.password.reveal()).await?;
    let factors = app.store.factors(account.id).await?;
    match factors.has_second() {
        true => {
            let AccountId(id) = account.id;
            let event = Event::AuthPassword { account: id };
            let actor = recorded::account(&account, None);
            let entry = occasion.entry(Some(account.organisation), actor, event)?;
            let awaited = Awaited {
                account: account.id,
                shown: Shown::Password(password),
                replaces: None,
            };
            ask(&app, &occasion, &factors, awaited, entry).await
        }
        false => {
            let entrance = Entrance::by_password(account, password);
            entrance.open(&app, &occasion, &headers).await
        }
    }
}

/// Nobody is signed in yet.
pub(super) async fn ask(
    app: &App,
    occasion: &Occasion,
    factors: &Factors,
    awaited: Awaited,
    entry: Entry,
) -> Result<Response, Refusal> {
    app.store.record(entry).await?;
    let (secret, hash) = secret::fresh()?;
    let (now, from) = (occasion.now, occasion.source.address);
    app.second_factors.awaited.begin(hash, awaited, now, from);
    let cookie = cookie::AWAITED.set(&secret, LIFETIME).ok_or(INTERNAL)?;
    let asked = SecondFactorAsked {
        ways: ways(factors),
    };
    let cookie = AppendHeaders([(header::SET_COOKIE, cookie)]);
    Ok((StatusCode::ACCEPTED, cookie, Json(asked)).into_response())
}

fn ways(factors: &Factors) -> Vec<Way> {
    [
        (!factors.passkeys.is_empty(), Way::Passkey),
        (factors.totp.is_some(), Way::Totp),
        (factors.recovery_codes > 0, Way::RecoveryCode),
    ]
    .into_iter()
    .filter_map(|(has, way)| has.then_some(way))
    .collect()
}

/// The account of this address, in the installation's organisation.
pub(super) async fn find(
    app: &App,
    email: Option<&EmailAddress>,
) -> Result<Option<Account>, Refusal> {
    let organisation = app.store.first_organisation().await?;
    match (organisation, email) {
        (Some(organisation), Some(email)) => {
            Ok(app.store.account_by_email(organisation.id, email).await?)
        }
        _ => Ok(None),
    }
}

/// What guesses at one name share, whether an account has it or not.
pub(in crate::http) fn key(email: &str) -> AccountKey {
    AccountKey(Sha256::digest(email.trim().to_lowercase()).into())
}

/// What somebody may guess at. Each is slowed down by itself, or whoever guesses at passwords would lock the envelope in the
/// safe as well.
#[derive(Clone, Copy)]
pub(super) enum Guessed {
    Password,
    SealedCode,
}

/// One try at it.
pub(super) struct Attempt<'a> {
    app: &'a App,
    occasion: &'a Occasion,
    at: Guessed,
    key: AccountKey,
    origin: Origin,
    account: Option<Account>,
}

impl<'a> Attempt<'a> {
    pub(super) async fn new(
        app: &'a App,
        occasion: &'a Occasion,
        headers: &HeaderMap,
        at: Guessed,
        email: &str,
        account: Option<Account>,
    ) -> Result<Self, Refusal> {
        let device = match &account {
            Some(account) => trusted(app, account.id, headers, occasion.now).await?,
            None => None,
        };
        let origin = match device {
            Some(device) => Origin::Device(device.0),
            None => Origin::Machine(occasion.source.address),
        };
        Ok(Self {
            app,
            occasion,
            at,
            key: key(email),
            origin,
            account,
        })
    }

    pub(super) async fn charge(&self) -> Result<(), Refusal> {
        let now = self.occasion.now;
        let admitted = self.throttle().admit(self.key, self.origin, now);
        let Err(throttled) = admitted else {
            return Ok(());
        };
        let event = Event::AuthLockout {
            account: self.account_id(),
        };
        self.record(event, Code::new("throttled")).await?;
        Err(Refusal::after(
            TOO_MANY_ATTEMPTS,
            throttled.until.since(now),
        ))
    }

    /// The account, and the password as it was checked.
    pub(super) async fn check(self, password: &str) -> Result<(Account, RightPassword), Refusal> {
        let kept = self.account.as_ref().and_then(|a| a.password.clone());
        let (password, kept) = match Password::attempt(password) {
            Some(password) => (Some(password), kept),
            // Nobody has such a password; the work is done all the same.
            None => (Password::attempt(""), None),
        };
        let password = password.ok_or(SIGN_IN_FAILED)?;
        let checked = self.app.passwords.check(password, kept.clone()).await?;
        let right = kept.filter(|_| checked.right).map(|kept| RightPassword {
            checked: kept,
            rehashed: checked.rehashed,
        });
        match (&self.account, right) {
            // Who has the right password may know why it is worth nothing.
            (Some(account), Some(_)) if account.state != AccountState::Active => {
                let event = Event::AuthFail {
                    account: Some(account.id.0),
                };
                self.record(event, Code::new("account_not_active")).await?;
                Err(ACCOUNT_NOT_ACTIVE.into())
            }
            (Some(account), Some(right)) => {
                self.was_right();
                Ok((account.clone(), right))
            }
            _ => {
                let event = Event::AuthFail {
                    account: self.account_id(),
                };
                self.record(event, Code::new("wrong_credentials")).await?;
                Err(SIGN_IN_FAILED.into())
            }
        }
    }

    /// Whom it is at; nobody has the address where there is none.
    pub(super) fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    pub(super) fn was_right(&self) {
        self.throttle().signed_in(self.key, self.origin);
    }

    pub(super) async fn was_wrong(&self, reason: Code) -> Result<(), Refusal> {
        let account = self.account_id();
        self.record(Event::AuthFail { account }, reason).await
    }

    fn throttle(&self) -> MutexGuard<'_, SignInThrottle> {
        match self.at {
            Guessed::Password => self.app.throttles.sign_in(),
            Guessed::SealedCode => self.app.throttles.sealed_codes(),
        }
    }

    fn account_id(&self) -> Option<Uuid> {
        self.account.as_ref().map(|account| account.id.0)
    }

    async fn record(&self, event: Event, reason: Code) -> Result<(), Refusal> {
        let organisation = self.account.as_ref().map(|account| account.organisation);
        let entry = self
            .occasion
            .entry(organisation, Actor::Anonymous, event.clone())?;
        let entry = match event {
            Event::AuthFail { .. } => entry.failed(reason),
            _ => entry.refused(reason),
        };
        self.app.record(entry).await;
        Ok(())
    }
}

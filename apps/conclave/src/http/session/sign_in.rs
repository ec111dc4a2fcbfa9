//! `POST /api/v1/session`: signs in with e-mail address and password.
//!
//! An address that no account has gets the answer of a wrong password, after the same work.

use axum::Json;
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse};
use conclave_audit::{Actor, Code, Event};
use conclave_policy::password::Password;
use conclave_policy::sign_in_throttle::AccountKey;
use conclave_protocol::AccountId;
use conclave_protocol::account::{Me, SignIn};
use conclave_protocol::personal::EmailAddress;
use conclave_protocol::problem::Problem;
use conclave_store::action;
use conclave_store::read::account::Account;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Opening;
use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::problem::{Refusal, SIGN_IN_FAILED, TOO_MANY_ATTEMPTS};
use crate::recorded;

/// Signs in; the answer sets the session's cookie.
#[utoipa::path(
    post,
    operation_id = "signIn",
    path = "/session",
    tag = "accounts",
    request_body = SignIn,
    responses(
        (status = 200, body = Me),
        (status = 401, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
    Body(body): Body<SignIn>,
) -> Result<impl IntoResponse, Refusal> {
    let email = EmailAddress::parse(body.email.reveal()).ok();
    let account = find(&app, email.as_ref()).await?;
    let attempt = Attempt {
        app: &app,
        occasion: &occasion,
        key: key(body.email.reveal()),
        account,
    };
    attempt.charge().await?;
    let (account, rehashed) = attempt.check(body.password.reveal()).await?;
    let opening = Opening::new(&app, account.id, occasion.now)?;
    let AccountId(id) = account.id;
    let entry = occasion.entry(
        Some(account.organisation),
        recorded::account(&account, Some(opening.session.id)),
        Event::AuthLogin { account: id },
    )?;
    let act = action::SignIn {
        session: opening.session,
        rehashed,
    };
    app.store.write(act, entry).await?;
    let me: Json<Me> = super::me(&app, account).await?;
    Ok((AppendHeaders(opening.cookie), me))
}

/// The account of this address, in the installation's organisation.
async fn find(app: &App, email: Option<&EmailAddress>) -> Result<Option<Account>, Refusal> {
    let organisation = app.store.first_organisation().await?;
    match (organisation, email) {
        (Some(organisation), Some(email)) => {
            Ok(app.store.account_by_email(organisation.id, email).await?)
        }
        _ => Ok(None),
    }
}

/// What guesses at one name share, whether an account has it or not.
fn key(email: &str) -> AccountKey {
    AccountKey(Sha256::digest(email.trim().to_lowercase()).into())
}

struct Attempt<'a> {
    app: &'a App,
    occasion: &'a Occasion,
    key: AccountKey,
    account: Option<Account>,
}

impl Attempt<'_> {
    async fn charge(&self) -> Result<(), Refusal> {
        let (now, from) = (self.occasion.now, self.occasion.source.address);
        let admitted = self.app.throttles.sign_in().admit(self.key, from, now);
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

    /// The account, with its password hashed again where that is due.
    async fn check(
        self,
        password: &str,
    ) -> Result<(Account, Option<conclave_store::PasswordHash>), Refusal> {
        let kept = self
            .account
            .as_ref()
            .map(|account| account.password.clone());
        let (password, kept) = match Password::attempt(password) {
            Some(password) => (Some(password), kept),
            // Nobody has such a password; the work is done all the same.
            None => (Password::attempt(""), None),
        };
        let password = password.ok_or(SIGN_IN_FAILED)?;
        let checked = self.app.passwords.check(password, kept).await?;
        match self.account {
            Some(account) if checked.right => {
                let (now, from) = (self.occasion.now, self.occasion.source.address);
                self.app.throttles.sign_in().signed_in(self.key, from, now);
                Ok((account, checked.rehashed))
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

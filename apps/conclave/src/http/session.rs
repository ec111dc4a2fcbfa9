//! Signing in and out, and who is signed in.

pub(super) mod read;
pub(super) mod sign_in;
pub(super) mod sign_out;

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use conclave_policy::session::LONGEST_SESSION;
use conclave_protocol::account::Me;
use conclave_protocol::{AccountId, Timestamp};
use conclave_store::action::NewSession;
use conclave_store::read::account::Account;

use super::problem::{INTERNAL, Refusal};
use super::session_cookie;
use crate::app::App;
use crate::secret;

/// A session that is about to be written, and the header that gives it to the browser.
pub(super) struct Opening {
    pub(super) session: NewSession,
    pub(super) cookie: [(HeaderName, HeaderValue); 1],
}

impl Opening {
    pub(super) fn new(app: &App, account: AccountId, now: Timestamp) -> Result<Self, Refusal> {
        let (secret, id) = secret::fresh()?;
        let cookie = session_cookie::set(&secret, LONGEST_SESSION).ok_or(INTERNAL)?;
        Ok(Self {
            session: NewSession {
                id,
                account,
                created_at: now,
                expires_at: app.sessions.expires_at(now),
            },
            cookie: [(header::SET_COOKIE, cookie)],
        })
    }
}

/// The account, as its holder sees it.
pub(super) async fn me(app: &App, account: Account) -> Result<Json<Me>, Refusal> {
    let organisation = app.store.organisation(account.organisation).await?;
    let organisation = organisation.ok_or(INTERNAL)?;
    Ok(Json(Me {
        account: account.id,
        organisation: organisation.id,
        organisation_name: organisation.name,
        email: account.email,
        display_name: account.display_name,
        role: account.role,
    }))
}

/// Takes the cookie away.
pub(super) fn without_cookie() -> HeaderMap {
    let cleared = session_cookie::clear().map(|cookie| (header::SET_COOKIE, cookie));
    cleared.into_iter().collect()
}

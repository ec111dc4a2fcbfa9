//! `POST /api/v1/password-resets/finish`: spends the link, sets another password, and ends every session.
//!
//! Nobody is signed in by it: whatever else signing in asks for is asked for then.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Actor, Event};
use conclave_policy::password::Context;
use conclave_protocol::people::ResetPassword;
use conclave_protocol::problem::Problem;
use conclave_store::action;
use conclave_store::read::account::Account;

use crate::app::App;
use crate::http::body::Body;
use crate::http::chosen_password::choose;
use crate::http::mailed_link;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{INTERNAL, Refusal};
use crate::secret;

/// Sets another password. Every session of the account ends.
#[utoipa::path(
    post,
    operation_id = "resetPassword",
    path = "/password-resets/finish",
    tag = "accounts",
    request_body = ResetPassword,
    responses(
        (status = 204),
        (status = 403, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
    Body(body): Body<ResetPassword>,
) -> Result<StatusCode, Refusal> {
    let token = secret::hash(body.token.reveal());
    let Some(account) = find(&app, token, &occasion).await? else {
        let event = Event::AuthResetPassword { account: None };
        return Err(mailed_link::invalid(&app, &occasion, event).await?);
    };
    let organisation = app.store.organisation(account.organisation).await?;
    let organisation = organisation.ok_or(INTERNAL)?;
    let context = Context {
        organisation: organisation.name.as_str(),
        display_name: account.display_name.as_str(),
        email: account.email.as_str(),
    };
    let password = choose(&body.password, context)?;
    let password = app.passwords.hash(password).await?;
    let event = Event::AuthResetPassword {
        account: Some(account.id.0),
    };
    let entry = occasion.entry(Some(account.organisation), Actor::Anonymous, event)?;
    let act = action::ResetPassword {
        token,
        password,
        at: occasion.now,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(not_written(&app, error, entry).await),
    }
}

async fn find(
    app: &App,
    token: conclave_store::TokenHash,
    occasion: &Occasion,
) -> Result<Option<Account>, Refusal> {
    match app.store.password_reset(token, occasion.now).await? {
        Some(account) => Ok(app.store.account(account).await?),
        None => Ok(None),
    }
}

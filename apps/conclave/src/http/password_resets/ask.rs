//! `POST /api/v1/password-resets`: somebody forgot their password.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Actor, Event};
use conclave_policy::mailed_link::ASKED_FOR;
use conclave_protocol::account::AccountState;
use conclave_protocol::people::AskByMail;
use conclave_protocol::personal::EmailAddress;
use conclave_protocol::problem::Problem;
use conclave_store::action;
use conclave_store::read::account::Account;

use crate::app::App;
use crate::http::asked_mail::{Asked, address, charge, later};
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::problem::{MAIL_UNAVAILABLE, Refusal};
use crate::mail::Letter;
use crate::secret;

/// Mails a link that changes the password, for half an hour, to whoever has an active account. The same answer for every
/// address.
#[utoipa::path(
    post,
    operation_id = "askForReset",
    path = "/password-resets",
    tag = "accounts",
    request_body = AskByMail,
    responses(
        (status = 202),
        (status = 429, body = Problem),
        (status = 501, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
    Body(body): Body<AskByMail>,
) -> Result<StatusCode, Refusal> {
    if app.mail.is_none() {
        return Err(MAIL_UNAVAILABLE.into());
    }
    charge(&app, &occasion, Asked::Reset, &body.email)?;
    if let Some(email) = address(&body.email) {
        later(send(app, occasion, email));
    }
    Ok(StatusCode::ACCEPTED)
}

/// Who signs in by the identity provider alone has no password to forget: a mailbox is no way around it.
async fn may_choose(app: &App, account: &Account) -> Result<bool, Refusal> {
    if account.state != AccountState::Active {
        return Ok(false);
    }
    Ok(account.password.is_some() || !app.store.has_identity(account.id).await?)
}

async fn send(app: App, occasion: Occasion, email: EmailAddress) -> Result<(), Refusal> {
    let Some(organisation) = app.store.first_organisation().await? else {
        return Ok(());
    };
    let known = app.store.account_by_email(organisation.id, &email).await?;
    let account = match known {
        Some(account) if may_choose(&app, &account).await? => Some(account),
        _ => None,
    };
    let event = Event::AuthAskForReset {
        account: account.as_ref().map(|account| account.id.0),
    };
    let entry = occasion.entry(Some(organisation.id), Actor::Anonymous, event)?;
    let Some(account) = account else {
        app.record(entry.failed(conclave_audit::Code::new("no_active_account")))
            .await;
        return Ok(());
    };
    let (token, hash) = secret::fresh()?;
    let letter = Letter::password_reset(&account.email, &app.link("reset", &token));
    let mail = app.mail.as_ref().ok_or(MAIL_UNAVAILABLE)?;
    let Some(outgoing) = letter.and_then(|letter| mail.take(letter)) else {
        tracing::warn!("a letter that was asked for had no place, or no address");
        return Ok(());
    };
    let act = action::AskForReset {
        account: account.id,
        email: account.email,
        token: hash,
        at: occasion.now,
        expires_at: occasion.now.plus(ASKED_FOR),
    };
    app.store.write(act, entry).await?;
    outgoing.send();
    Ok(())
}

//! `POST /api/v1/account-requests`: somebody wants an account for an address.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Actor, Event};
use conclave_policy::mailed_link::ASKED_FOR;
use conclave_protocol::people::AskByMail;
use conclave_protocol::personal::EmailAddress;
use conclave_protocol::problem::Problem;
use conclave_store::action;

use crate::app::App;
use crate::http::asked_mail::{Asked, address, charge, later};
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::mail::Letter;
use crate::secret;

/// Mails a link that verifies the address, for half an hour. The same answer for every address.
#[utoipa::path(
    post,
    operation_id = "askForAccount",
    path = "/account-requests",
    tag = "accounts",
    request_body = AskByMail,
    responses(
        (status = 202),
        (status = 403, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
    Body(body): Body<AskByMail>,
) -> Result<StatusCode, Refusal> {
    super::open(&app)?;
    charge(&app, &occasion, Asked::Verification, &body.email)?;
    if let Some(email) = address(&body.email) {
        later(send(app, occasion, email));
    }
    Ok(StatusCode::ACCEPTED)
}

async fn send(app: App, occasion: Occasion, email: EmailAddress) -> Result<(), Refusal> {
    let (mail, organisation) = (super::open(&app)?, app.store.first_organisation().await?);
    let Some(organisation) = organisation else {
        return Ok(());
    };
    let entry = occasion.entry(
        Some(organisation.id),
        Actor::Anonymous,
        Event::UserAskForAccount,
    )?;
    let known = app.store.account_by_email(organisation.id, &email).await?;
    let (token, hash) = secret::fresh()?;
    let letter = match known {
        Some(_) => Letter::has_an_account(&email, &format!("{}/sign-in", app.origin)),
        None => Letter::account_request(&email, &app.link("requested", &token)),
    };
    let Some(outgoing) = letter.and_then(|letter| mail.take_for_stranger(letter)) else {
        tracing::warn!("a letter that was asked for had no place, or no address");
        return Ok(());
    };
    if known.is_some() {
        app.record(entry).await;
    } else {
        let act = action::AskForAccount {
            token: hash,
            organisation: organisation.id,
            email,
            at: occasion.now,
            expires_at: occasion.now.plus(ASKED_FOR),
        };
        app.store.write(act, entry).await?;
    }
    outgoing.send();
    Ok(())
}

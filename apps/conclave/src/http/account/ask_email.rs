//! `POST /api/v1/account/email`: somebody wants another address for their account.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Entry, Event};
use conclave_policy::mailed_link::ASKED_FOR;
use conclave_protocol::OrganisationId;
use conclave_protocol::people::AskByMail;
use conclave_protocol::problem::Problem;
use conclave_store::action::AskForEmail;

use crate::app::App;
use crate::http::asked_mail::{Asked, address, charge, later};
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::problem::{EMAIL_UNUSABLE, MAIL_UNAVAILABLE, Refusal};
use crate::http::signed_in::SignedIn;
use crate::mail::Letter;
use crate::secret;

/// Mails a link there that verifies the address, for half an hour. The same answer for an address that somebody has. Without
/// a mail server nobody changes an address: nothing would prove whose it is.
#[utoipa::path(
    post,
    operation_id = "askForEmail",
    path = "/account/email",
    tag = "accounts",
    request_body = AskByMail,
    responses(
        (status = 202),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 422, body = Problem),
        (status = 429, body = Problem),
        (status = 501, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<AskByMail>,
) -> Result<StatusCode, Refusal> {
    let account = super::id(&signed_in);
    let event = Event::AccountEmailAsk { account };
    let entry = super::may_change(&app, &signed_in, &occasion, event).await?;
    if app.mail.is_none() {
        app.record(entry.refused(Code::new("mail_unavailable")))
            .await;
        return Err(MAIL_UNAVAILABLE.into());
    }
    if let Err(refusal) = charge(&app, &occasion, Asked::Verification, &body.email) {
        app.record(entry.refused(Code::new("throttled"))).await;
        return Err(refusal);
    }
    let Some(email) = address(&body.email) else {
        app.record(entry.refused(Code::new("email_unusable"))).await;
        return Err(EMAIL_UNUSABLE.into());
    };
    let (token, hash) = secret::fresh()?;
    let act = AskForEmail {
        account: signed_in.account.id,
        token: hash,
        email,
        at: occasion.now,
        expires_at: occasion.now.plus(ASKED_FOR),
    };
    let link = app.link("email", &token);
    later(send(app, act, signed_in.account.organisation, link, entry));
    Ok(StatusCode::ACCEPTED)
}

async fn send(
    app: App,
    act: AskForEmail,
    organisation: OrganisationId,
    link: String,
    entry: Entry,
) -> Result<(), Refusal> {
    let is_taken = is_taken(&app, organisation, &act).await?;
    let letter = match is_taken {
        true => Letter::address_taken(&act.email),
        false => Letter::another_address(&act.email, &link),
    };
    let mail = app.mail.as_ref().ok_or(MAIL_UNAVAILABLE)?;
    let Some(outgoing) = letter.and_then(|letter| mail.take_for_stranger(letter)) else {
        app.record(entry.failed(Code::new("not_mailed"))).await;
        return Ok(());
    };
    match is_taken {
        true => app.record(entry.refused(Code::new("account_exists"))).await,
        false => app.store.write(act, entry).await?,
    }
    outgoing.send();
    Ok(())
}

/// By somebody else.
async fn is_taken(
    app: &App,
    organisation: OrganisationId,
    act: &AskForEmail,
) -> Result<bool, Refusal> {
    let known = app.store.account_by_email(organisation, &act.email).await?;
    Ok(known.is_some_and(|known| known.id != act.account))
}

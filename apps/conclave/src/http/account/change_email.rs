//! `POST /api/v1/account/email/confirm`: spends the link, which makes the address the account's.
//!
//! Asked for with fresh proof of who sat there, and opened by somebody who is signed in: whoever merely has the new letterbox,
//! after a typing error for example, gets no account by it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_protocol::people::ConfirmEmail;
use conclave_protocol::problem::Problem;
use conclave_store::action::ChangeEmail;

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{BUSY, LINK_INVALID, Refusal};
use crate::http::session::renew;
use crate::http::signed_in::SignedIn;
use crate::mail::{Letter, Outgoing};
use crate::secret;

/// Makes the address the account's. The session goes on under another cookie, the account's others end; the earlier address
/// is told.
#[utoipa::path(
    post,
    operation_id = "changeEmail",
    path = "/account/email/confirm",
    tag = "accounts",
    request_body = ConfirmEmail,
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<ConfirmEmail>,
) -> Result<impl IntoResponse, Refusal> {
    let account = super::id(&signed_in);
    let event = Event::AccountEmailChange { account };
    signed_in
        .may(&app, AccountAction::ChangeOwnSignIn, &occasion, &event)
        .await?;
    let organisation = Some(signed_in.account.organisation);
    let entry = occasion.entry(organisation, signed_in.actor(), event)?;
    let token = secret::hash(body.token.reveal());
    let account = signed_in.account.id;
    let wanted = app.store.email_change(account, token, occasion.now).await?;
    if wanted.is_none() {
        app.record(entry.refused(Code::new("link_invalid"))).await;
        return Err(LINK_INVALID.into());
    }
    let notice = notice(&app, &signed_in)?;
    let (renewal, cookie) = renew(&signed_in, signed_in.assurance(), &occasion)?;
    let act = ChangeEmail {
        account,
        token,
        renewal,
        at: occasion.now,
    };
    if let Err(error) = app.store.write(act, entry.clone()).await {
        return Err(not_written(&app, error, entry).await);
    }
    if let Some(notice) = notice {
        notice.send();
    }
    Ok((StatusCode::NO_CONTENT, cookie))
}

/// To the address that the account has until now: nobody takes it away unseen.
fn notice(app: &App, signed_in: &SignedIn) -> Result<Option<Outgoing>, Refusal> {
    let letter = Letter::address_changed(&signed_in.account.email);
    let (Some(mail), Some(letter)) = (&app.mail, letter) else {
        return Ok(None);
    };
    Ok(Some(mail.take(letter).ok_or(BUSY)?))
}

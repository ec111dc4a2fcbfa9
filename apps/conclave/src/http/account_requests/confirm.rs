//! `POST /api/v1/account-requests/confirm`: spends the link and makes an account that waits for approval.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Actor, Event};
use conclave_policy::password::Context;
use conclave_protocol::AccountId;
use conclave_protocol::people::Accept;
use conclave_protocol::problem::Problem;
use conclave_store::action::ConfirmAccountRequest;

use crate::app::App;
use crate::http::body::Body;
use crate::http::chosen_password::choose;
use crate::http::mailed_link;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{INTERNAL, Refusal};
use crate::{id, secret};

/// Makes an account that may do nothing until an administrator approves it. Nobody is signed in.
#[utoipa::path(
    post,
    operation_id = "confirmAccountRequest",
    path = "/account-requests/confirm",
    tag = "accounts",
    request_body = Accept,
    responses(
        (status = 204),
        (status = 403, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
    Body(body): Body<Accept>,
) -> Result<StatusCode, Refusal> {
    super::open(&app)?;
    let token = secret::hash(body.token.reveal());
    let found = app.store.account_request(token, occasion.now).await?;
    let Some(request) = found else {
        let event = Event::UserRequestAccount { account: None };
        return Err(mailed_link::invalid(&app, &occasion, event).await?);
    };
    let organisation = app.store.organisation(request.organisation).await?;
    let organisation = organisation.ok_or(INTERNAL)?;
    let context = Context {
        organisation: organisation.name.as_str(),
        display_name: body.display_name.as_str(),
        email: request.email.as_str(),
    };
    let password = choose(&body.password, context)?;
    let password = app.passwords.hash(password).await?;
    let account = AccountId(id::fresh(occasion.now)?);
    let event = Event::UserRequestAccount {
        account: Some(account.0),
    };
    let entry = occasion.entry(Some(organisation.id), Actor::Anonymous, event)?;
    let act = ConfirmAccountRequest {
        token,
        account,
        display_name: body.display_name,
        password,
        at: occasion.now,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(not_written(&app, error, entry).await),
    }
}

//! `PUT /api/v1/account/password`: another password.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use conclave_audit::{Code, Event};
use conclave_policy::password::Context;
use conclave_protocol::factor::ChangePassword;
use conclave_protocol::problem::Problem;
use conclave_store::action;

use crate::app::App;
use crate::http::body::Body;
use crate::http::chosen_password::choose;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{INTERNAL, Refusal};
use crate::http::session::renew;
use crate::http::signed_in::SignedIn;

/// Sets it. The session goes on under another cookie; the account's others end, and no browser is trusted any more.
#[utoipa::path(
    put,
    operation_id = "changePassword",
    path = "/account/password",
    tag = "accounts",
    request_body = ChangePassword,
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<ChangePassword>,
) -> Result<impl IntoResponse, Refusal> {
    let account = super::id(&signed_in);
    let event = Event::AccountPasswordChange { account };
    let entry = super::may_change(&app, &signed_in, &occasion, event).await?;
    let organisation = app.store.organisation(signed_in.account.organisation);
    let organisation = organisation.await?.ok_or(INTERNAL)?;
    let context = Context {
        organisation: organisation.name.as_str(),
        display_name: signed_in.account.display_name.as_str(),
        email: signed_in.account.email.as_str(),
    };
    let password = match choose(&body.password, context) {
        Ok(password) => password,
        Err(weak) => {
            app.record(entry.refused(Code::new("weak_password"))).await;
            return Err(weak);
        }
    };
    let password = app.passwords.hash(password).await?;
    let (renewal, cookie) = renew(&signed_in, signed_in.assurance(), &occasion)?;
    let act = action::ChangePassword {
        account: signed_in.account.id,
        password,
        renewal,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok((StatusCode::NO_CONTENT, cookie)),
        Err(error) => Err(not_written(&app, error, entry).await),
    }
}

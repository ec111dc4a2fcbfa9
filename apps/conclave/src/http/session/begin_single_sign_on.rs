//! `POST /api/v1/session/single-sign-on`: sends a browser to the identity provider.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse};
use conclave_audit::Event;
use conclave_protocol::problem::Problem;
use conclave_protocol::single_sign_on::{BeginSingleSignOn, SingleSignOnBegun};

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::problem::{INTERNAL, NOT_SIGNED_IN, Refusal, SINGLE_SIGN_ON_OFF};
use crate::http::signed_in::Entering;
use crate::http::{cookie, mailed_link};
use crate::secret;
use crate::single_sign_on::{LIFETIME, Purpose};

/// Begins; a cookie of its own ties what comes back to this browser. Nothing is written.
#[utoipa::path(
    post,
    operation_id = "beginSingleSignOn",
    path = "/session/single-sign-on",
    tag = "accounts",
    request_body = BeginSingleSignOn,
    responses(
        (status = 200, body = SingleSignOnBegun),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 501, body = Problem),
        (status = 503, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    before: Option<Entering>,
    occasion: Occasion,
    Body(body): Body<BeginSingleSignOn>,
) -> Result<impl IntoResponse, Refusal> {
    if app.single_sign_on.is_none() {
        return Err(SINGLE_SIGN_ON_OFF.into());
    }
    let purpose = match body {
        BeginSingleSignOn::SignIn {} => Purpose::SignIn,
        BeginSingleSignOn::StepUp {} => {
            let Entering(signed_in) = before.ok_or(NOT_SIGNED_IN)?;
            Purpose::StepUp(signed_in.account.id)
        }
        BeginSingleSignOn::AcceptInvitation {
            token,
            display_name,
        } => {
            let invitation = secret::hash(token.reveal());
            let found = app.store.invitation_by_token(invitation, occasion.now);
            if found.await?.is_none() {
                let event = Event::UserAcceptInvitation {
                    invitation: None,
                    account: None,
                };
                return Err(mailed_link::invalid(&app, &occasion, event).await?);
            }
            Purpose::Accept {
                invitation,
                display_name,
            }
        }
    };
    depart(&app, &occasion, purpose).await
}

type Begun = (
    AppendHeaders<[(HeaderName, HeaderValue); 1]>,
    Json<SingleSignOnBegun>,
);

pub(in crate::http) async fn depart(
    app: &App,
    occasion: &Occasion,
    purpose: Purpose,
) -> Result<Begun, Refusal> {
    let provider = app.single_sign_on.as_ref().ok_or(SINGLE_SIGN_ON_OFF)?;
    let network = occasion.source.address.into();
    let departure = provider.depart(purpose, network, occasion.now).await?;
    let cookie = cookie::TRIP.set(&departure.browser, LIFETIME);
    let cookie = AppendHeaders([(header::SET_COOKIE, cookie.ok_or(INTERNAL)?)]);
    let address = departure.address;
    Ok((cookie, Json(SingleSignOnBegun { address })))
}

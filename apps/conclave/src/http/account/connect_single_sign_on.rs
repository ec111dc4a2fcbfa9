//! `POST /api/v1/account/single-sign-on`: sends a browser to the identity provider, to sign in by it from then on.

use axum::extract::State;
use axum::response::IntoResponse;
use conclave_audit::Event;
use conclave_protocol::problem::Problem;
use conclave_protocol::single_sign_on::SingleSignOnBegun;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::session::begin_single_sign_on::depart;
use crate::http::signed_in::SignedIn;
use crate::single_sign_on::Purpose;

/// Begins to connect the account. Nothing is written.
#[utoipa::path(
    post,
    operation_id = "connectSingleSignOn",
    path = "/account/single-sign-on",
    tag = "accounts",
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
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<impl IntoResponse, Refusal> {
    let account = super::id(&signed_in);
    let event = Event::AccountSingleSignOnConnect { account };
    super::may_change(&app, &signed_in, &occasion, event).await?;
    let purpose = Purpose::Connect {
        account: signed_in.account.id,
        session: signed_in.session,
    };
    depart(&app, &occasion, purpose).await
}

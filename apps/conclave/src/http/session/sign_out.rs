//! `DELETE /api/v1/session`: signs out.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use conclave_audit::Event;
use conclave_protocol::AccountId;
use conclave_protocol::problem::Problem;
use conclave_store::action::SignOut;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::Leaving;

/// Ends the session. Works even while the server can't write its data.
#[utoipa::path(
    delete,
    operation_id = "signOut",
    path = "/session",
    tag = "accounts",
    responses((status = 204), (status = 401, body = Problem))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Leaving(signed_in): Leaving,
    occasion: Occasion,
) -> Result<(StatusCode, HeaderMap), Refusal> {
    let AccountId(account) = signed_in.account.id;
    let entry = occasion.entry(
        Some(signed_in.account.organisation),
        signed_in.actor(),
        Event::AuthSessionEnd { account },
    )?;
    let act = SignOut {
        session: signed_in.session,
    };
    app.store.write_or_spool(None, act, entry).await?;
    Ok((StatusCode::NO_CONTENT, super::without_cookie()))
}

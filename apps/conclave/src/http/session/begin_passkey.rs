//! `POST /api/v1/session/passkey/options`: what a browser is asked to sign with a passkey.

use axum::Json;
use axum::extract::State;
use conclave_protocol::factor::PasskeyCeremony;
use conclave_protocol::problem::Problem;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::{PASSKEYS_UNAVAILABLE, Refusal};

/// Begins to sign in with a passkey, of whichever account. Nothing is written.
#[utoipa::path(
    post,
    operation_id = "beginPasskey",
    path = "/session/passkey/options",
    tag = "accounts",
    responses((status = 200, body = PasskeyCeremony), (status = 409, body = Problem))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
) -> Result<Json<PasskeyCeremony>, Refusal> {
    let passkeys = app.second_factors.passkeys.as_ref();
    let passkeys = passkeys.ok_or(PASSKEYS_UNAVAILABLE)?;
    Ok(Json(
        passkeys.begin_use(occasion.now, occasion.source.address)?,
    ))
}

//! `POST /api/v1/account/passkeys/options`: what a browser is asked to make a passkey of.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_protocol::factor::PasskeyCeremony;
use conclave_protocol::problem::Problem;
use uuid::Uuid;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::{PASSKEYS_UNAVAILABLE, Refusal};
use crate::http::signed_in::Entering;

/// Begins to add a passkey. Nothing is written.
#[utoipa::path(
    post,
    operation_id = "beginAddingPasskey",
    path = "/account/passkeys/options",
    tag = "accounts",
    responses(
        (status = 200, body = PasskeyCeremony),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Entering(signed_in): Entering,
    occasion: Occasion,
) -> Result<Json<PasskeyCeremony>, Refusal> {
    let event = Event::AccountPasskeyAdd {
        account: super::id(&signed_in),
        passkey: Uuid::nil(),
    };
    super::may_change(&app, &signed_in, &occasion, event).await?;
    let passkeys = app.second_factors.passkeys.as_ref();
    let passkeys = passkeys.ok_or(PASSKEYS_UNAVAILABLE)?;
    let factors = app.store.factors(signed_in.account.id).await?;
    let kept: Vec<String> = factors
        .passkeys
        .into_iter()
        .map(|passkey| passkey.credential)
        .collect();
    let (account, session) = (&signed_in.account, signed_in.session);
    Ok(Json(passkeys.begin_addition(
        account,
        &kept,
        session,
        occasion.now,
        occasion.source.address,
    )?))
}

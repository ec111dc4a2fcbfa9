//! `POST /api/v1/account/recovery-codes`: ten codes in place of those that are left.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_protocol::factor::RecoveryCodes;
use conclave_protocol::problem::Problem;
use conclave_store::Refused;
use conclave_store::action::MakeRecoveryCodes;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::not_written_as;
use crate::http::problem::{Refusal, SIGN_IN_WAY_NOT_FOUND};
use crate::http::signed_in::SignedIn;
use crate::recovery_codes;

/// Makes codes; they are shown this once. Refused to whoever has no second factor that they could stand in for.
#[utoipa::path(
    post,
    operation_id = "makeRecoveryCodes",
    path = "/account/recovery-codes",
    tag = "accounts",
    responses(
        (status = 201, body = RecoveryCodes),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<(StatusCode, Json<RecoveryCodes>), Refusal> {
    let account = super::id(&signed_in);
    let event = Event::AccountRecoveryCodes { account };
    let entry = super::may_change(&app, &signed_in, &occasion, event).await?;
    let (recovery_codes, codes) = recovery_codes::fresh()?;
    let act = MakeRecoveryCodes {
        account: signed_in.account.id,
        session: signed_in.session,
        codes,
    };
    if let Err(error) = app.store.write(act, entry.clone()).await {
        let names = [(Refused::NotFound, SIGN_IN_WAY_NOT_FOUND)];
        return Err(not_written_as(&app, error, entry, &names).await);
    }
    Ok((StatusCode::CREATED, Json(RecoveryCodes { recovery_codes })))
}

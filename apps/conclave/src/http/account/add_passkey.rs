//! `POST /api/v1/account/passkeys`: the browser has made a passkey.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use conclave_audit::{Code, Event};
use conclave_policy::second_factor::Assurance;
use conclave_protocol::factor::{AddPasskey, RecoveryCodes};
use conclave_protocol::problem::Problem;
use conclave_store::{Refused, action};

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written_as;
use crate::http::problem::{PASSKEY_TAKEN, PASSKEYS_UNAVAILABLE, Refusal};
use crate::http::session::renew;
use crate::http::signed_in::Entering;
use crate::id;

/// Adds it. The session goes on under another cookie, the account's others end.
#[utoipa::path(
    post,
    operation_id = "addPasskey",
    path = "/account/passkeys",
    tag = "accounts",
    request_body = AddPasskey,
    responses(
        (status = 201, body = RecoveryCodes),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Entering(signed_in): Entering,
    occasion: Occasion,
    Body(body): Body<AddPasskey>,
) -> Result<impl IntoResponse, Refusal> {
    let id = id::fresh(occasion.now)?;
    let event = Event::AccountPasskeyAdd {
        account: super::id(&signed_in),
        passkey: id,
    };
    let entry = super::may_change(&app, &signed_in, &occasion, event).await?;
    let passkeys = app.second_factors.passkeys.as_ref();
    let passkeys = passkeys.ok_or(PASSKEYS_UNAVAILABLE)?;
    let (ceremony, session) = (body.ceremony.reveal(), signed_in.session);
    let made = match passkeys.end_addition(ceremony, body.credential, session, occasion.now) {
        Ok(made) => made,
        Err(error) => {
            app.record(entry.refused(Code::new("not_accepted"))).await;
            return Err(error.into());
        }
    };
    let factors = app.store.factors(signed_in.account.id).await?;
    let (recovery_codes, hashes) = super::first_codes(&factors)?;
    let (renewal, cookie) = renew(&signed_in, Assurance::Passkey, &occasion)?;
    let act = action::AddPasskey {
        id,
        account: signed_in.account.id,
        credential_id: made.credential_id,
        credential: made.credential,
        domain: passkeys.domain().to_owned(),
        label: body.label,
        recovery_codes: hashes,
        renewal,
        at: occasion.now,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => {
            let codes = Json(RecoveryCodes { recovery_codes });
            Ok((StatusCode::CREATED, cookie, codes))
        }
        Err(error) => {
            let names = [(Refused::Conflict, PASSKEY_TAKEN)];
            Err(not_written_as(&app, error, entry, &names).await)
        }
    }
}

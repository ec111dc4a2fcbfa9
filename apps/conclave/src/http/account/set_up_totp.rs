//! `PUT /api/v1/account/totp`: the first code of an authenticator program makes it count.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use conclave_audit::{Code, Event};
use conclave_policy::second_factor::Assurance;
use conclave_protocol::factor::{ConfirmTotp, RecoveryCodes};
use conclave_protocol::problem::Problem;
use conclave_store::action::SetUpTotp;

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{CEREMONY_EXPIRED, Refusal, SECOND_FACTOR_WRONG};
use crate::http::session::renew;
use crate::http::signed_in::Entering;

/// Sets it up, in place of an earlier one. The session goes on under another cookie, the account's others end.
#[utoipa::path(
    put,
    operation_id = "setUpTotp",
    path = "/account/totp",
    tag = "accounts",
    request_body = ConfirmTotp,
    responses(
        (status = 200, body = RecoveryCodes),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Entering(signed_in): Entering,
    occasion: Occasion,
    Body(body): Body<ConfirmTotp>,
) -> Result<impl IntoResponse, Refusal> {
    let account = super::id(&signed_in);
    let event = Event::AccountTotpSetUp { account };
    let entry = super::may_change(&app, &signed_in, &occasion, event).await?;
    let seeds = &app.second_factors.seeds;
    let seed = seeds.look(signed_in.session, occasion.now);
    let seed = seed.ok_or(CEREMONY_EXPIRED)?;
    // Whoever sees the seed need not guess its codes: wrong ones are typing errors.
    let Some(step) = seed.check(body.code.reveal(), occasion.now, None) else {
        app.record(entry.failed(Code::new("wrong_code"))).await;
        return Err(SECOND_FACTOR_WRONG.into());
    };
    let factors = app.store.factors(signed_in.account.id).await?;
    let (recovery_codes, hashes) = super::first_codes(&factors)?;
    let (renewal, cookie) = renew(
        &signed_in,
        signed_in.assurance().and(Assurance::Totp),
        &occasion,
    )?;
    let act = SetUpTotp {
        account: signed_in.account.id,
        sealed: app.second_factors.seal(signed_in.account.id, &seed)?,
        step,
        recovery_codes: hashes,
        renewal,
        at: occasion.now,
    };
    if let Err(error) = app.store.write(act, entry.clone()).await {
        return Err(not_written(&app, error, entry).await);
    }
    seeds.take(signed_in.session, occasion.now);
    Ok((cookie, Json(RecoveryCodes { recovery_codes })))
}

//! `GET /api/v1/account/sign-in`: how the account signs in.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_policy::step_up;
use conclave_protocol::factor::{Passkey, SignInWays};
use conclave_protocol::problem::Problem;
use conclave_protocol::single_sign_on::SingleSignOnWay;
use conclave_store::read::factor;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::Entering;
use crate::passkeys::Passkeys;

/// Second factors, and what of them is left.
#[utoipa::path(
    get,
    operation_id = "readSignIn",
    path = "/account/sign-in",
    tag = "accounts",
    responses((status = 200, body = SignInWays), (status = 401, body = Problem))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Entering(signed_in): Entering,
    occasion: Occasion,
) -> Result<Json<SignInWays>, Refusal> {
    let (action, to) = (AccountAction::ChangeOwnSignIn, Code::new("sign_in_ways"));
    signed_in.may_read(&app, action, to, &occasion).await?;
    let factors = app.store.factors(signed_in.account.id).await?;
    let passkeys = app.second_factors.passkeys.as_ref();
    let fresh = step_up::is_fresh(signed_in.authenticated_at, occasion.now);
    let single_sign_on = match app.single_sign_on.as_ref() {
        Some(provider) => Some(SingleSignOnWay {
            name: provider.name().to_owned(),
            connected_at: app
                .store
                .connected_since(signed_in.account.id, provider.issuer())
                .await?,
        }),
        None => None,
    };
    let account = signed_in.account.id;
    let asked_email = app.store.asked_email(account, occasion.now).await?;
    Ok(Json(SignInWays {
        asked_email,
        second_factor_mandatory: super::keeps_one(&signed_in),
        totp: factors.totp.map(|totp| totp.set_up_at),
        passkeys: factors.passkeys.into_iter().map(passkey).collect(),
        recovery_codes: factors.recovery_codes,
        passkey_domain: passkeys.map(Passkeys::domain).map(str::to_owned),
        step_up_due: !fresh.is_allowed(),
        has_password: signed_in.account.password.is_some(),
        single_sign_on,
    }))
}

fn passkey(kept: factor::Passkey) -> Passkey {
    Passkey {
        id: kept.id,
        label: kept.label,
        created_at: kept.created_at,
        last_used_at: kept.last_used_at,
    }
}

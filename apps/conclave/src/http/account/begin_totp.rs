//! `POST /api/v1/account/totp`: a secret for an authenticator program, which does not count yet.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_protocol::factor::TotpBegun;
use conclave_protocol::problem::Problem;

use crate::app::App;
use crate::authenticator::Seed;
use crate::http::occasion::Occasion;
use crate::http::problem::{INTERNAL, Refusal};
use crate::http::signed_in::Entering;

/// Begins; an earlier program stays good until a code of this one was shown. Nothing is written.
#[utoipa::path(
    post,
    operation_id = "beginTotp",
    path = "/account/totp",
    tag = "accounts",
    responses(
        (status = 200, body = TotpBegun),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Entering(signed_in): Entering,
    occasion: Occasion,
) -> Result<Json<TotpBegun>, Refusal> {
    let account = super::id(&signed_in);
    let event = Event::AccountTotpSetUp { account };
    super::may_change(&app, &signed_in, &occasion, event).await?;
    let organisation = app.store.organisation(signed_in.account.organisation);
    let organisation = organisation.await?.ok_or(INTERNAL)?;
    let seed = Seed::fresh()?;
    let email = signed_in.account.email.as_str();
    let begun = TotpBegun {
        secret: seed.to_base32(),
        uri: seed.uri(organisation.name.as_str(), email),
    };
    let seeds = &app.second_factors.seeds;
    let from = occasion.source.address;
    seeds.begin(signed_in.session, seed, occasion.now, from);
    Ok(Json(begun))
}

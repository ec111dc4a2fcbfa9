//! `POST /api/v1/session/second-factor`: completes a sign-in that wants more than what was shown first.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use conclave_protocol::account::Me;
use conclave_protocol::factor::SecondFactor;
use conclave_protocol::problem::Problem;

use super::Entrance;
use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::problem::{Refusal, SIGN_IN_EXPIRED};
use crate::http::{cookie, factor_check};
use crate::secret;

/// Shows the second factor; the answer sets the session's cookie. A passkey needs no password before it.
#[utoipa::path(
    post,
    operation_id = "showSecondFactor",
    path = "/session/second-factor",
    tag = "accounts",
    request_body = SecondFactor,
    responses(
        (status = 200, body = Me),
        (status = 401, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
    headers: HeaderMap,
    Body(code): Body<SecondFactor>,
) -> Result<Response, Refusal> {
    let place = cookie::AWAITED.read(&headers).map(secret::hash);
    let place = place.ok_or(SIGN_IN_EXPIRED)?;
    let awaited = app.second_factors.awaited.look(place, occasion.now);
    let awaited = awaited.ok_or(SIGN_IN_EXPIRED)?;
    let account = app.store.account(awaited.account).await?;
    let account = account.ok_or(SIGN_IN_EXPIRED)?;
    let (assurance, proof) = factor_check::check(&app, &occasion, &account, &code).await?;
    let entrance = Entrance {
        account: account.clone(),
        assurance: awaited.with(assurance),
        proof,
        shown: Some(awaited.shown),
        replaces: awaited.replaces,
    };
    let opened = entrance.open(&app, &occasion, &headers).await;
    let answer = factor_check::settle(&app, &occasion, &account, opened).await?;
    app.second_factors.awaited.take(place, occasion.now);
    Ok(answer)
}

//! `POST /api/v1/session/step-up`: proves again who sits there, with the password and a code.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use conclave_policy::second_factor::Assurance;
use conclave_protocol::account::Me;
use conclave_protocol::factor::StepUp;
use conclave_protocol::problem::Problem;
use conclave_store::action::{Proof, Shown};

use super::Entrance;
use super::sign_in::{Attempt, Guessed};
use crate::app::App;
use crate::http::body::Body;
use crate::http::factor_check;
use crate::http::occasion::Occasion;
use crate::http::problem::{Refusal, SECOND_FACTOR_WRONG};
use crate::http::signed_in::Entering;

/// The session goes on under another cookie, and opens sensitive acts for ten minutes. With a passkey, use it
/// as for signing in.
#[utoipa::path(
    post,
    operation_id = "stepUp",
    path = "/session/step-up",
    tag = "accounts",
    request_body = StepUp,
    responses(
        (status = 200, body = Me),
        (status = 401, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Entering(signed_in): Entering,
    occasion: Occasion,
    headers: HeaderMap,
    Body(body): Body<StepUp>,
) -> Result<Response, Refusal> {
    let session = signed_in.session;
    let email = signed_in.account.email.as_str().to_owned();
    let account = Some(signed_in.account);
    let attempt = Attempt::new(
        &app,
        &occasion,
        &headers,
        Guessed::Password,
        &email,
        account,
    )
    .await?;
    attempt.charge().await?;
    let (account, password) = attempt.check(body.password.reveal()).await?;
    let factors = app.store.factors(account.id).await?;
    let (assurance, proof) = match (factors.has_second(), &body.second_factor) {
        (false, _) => (Assurance::Password, Proof::Shown),
        (true, Some(code)) => factor_check::check(&app, &occasion, &account, code).await?,
        (true, None) => return Err(SECOND_FACTOR_WRONG.into()),
    };
    let entrance = Entrance {
        account: account.clone(),
        assurance,
        proof,
        shown: Some(Shown::Password(password)),
        replaces: Some(session),
    };
    let opened = entrance.open(&app, &occasion, &headers).await;
    factor_check::settle(&app, &occasion, &account, opened).await
}

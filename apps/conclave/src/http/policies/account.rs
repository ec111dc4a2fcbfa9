//! `GET` and `PUT /api/v1/policies/accounts/{account}`: what one account is permitted.

use axum::Json;
use axum::extract::State;
use conclave_policy::rules::Subject;
use conclave_protocol::policy::{ChangePolicy, Policy};
use conclave_protocol::problem::Problem;

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::NamedAccount;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// The layer's words, and what they come to with those above it.
#[utoipa::path(
    get,
    operation_id = "readAccountPolicy",
    path = "/policies/accounts/{account}",
    tag = "policies",
    params(("account" = String, Path, format = Uuid)),
    responses(
        (status = 200, body = Policy),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn read(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedAccount(account): NamedAccount,
) -> Result<Json<Policy>, Refusal> {
    super::read(&app, &signed_in, &occasion, Subject::Account(account)).await
}

/// Replaces the layer's words; it holds at once, in meetings that go on as well. To owners and admins only.
#[utoipa::path(
    put,
    operation_id = "changeAccountPolicy",
    path = "/policies/accounts/{account}",
    tag = "policies",
    params(("account" = String, Path, format = Uuid)),
    request_body = ChangePolicy,
    responses(
        (status = 200, body = Policy),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn change(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedAccount(account): NamedAccount,
    Body(body): Body<ChangePolicy>,
) -> Result<Json<Policy>, Refusal> {
    super::change(app, signed_in, occasion, Subject::Account(account), body).await
}

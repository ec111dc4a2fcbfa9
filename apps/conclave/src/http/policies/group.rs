//! `GET` and `PUT /api/v1/policies/groups/{group}`: what a group is permitted.

use axum::Json;
use axum::extract::State;
use conclave_policy::rules::Subject;
use conclave_protocol::policy::{ChangePolicy, Policy};
use conclave_protocol::problem::Problem;

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::NamedGroup;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// The layer's words, and what they come to with those above it.
#[utoipa::path(
    get,
    operation_id = "readGroupPolicy",
    path = "/policies/groups/{group}",
    tag = "policies",
    params(("group" = String, Path, format = Uuid)),
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
    NamedGroup(group): NamedGroup,
) -> Result<Json<Policy>, Refusal> {
    super::read(&app, &signed_in, &occasion, Subject::Group(group)).await
}

/// Replaces the layer's words; it holds at once, in meetings that go on as well. To owners and admins only.
#[utoipa::path(
    put,
    operation_id = "changeGroupPolicy",
    path = "/policies/groups/{group}",
    tag = "policies",
    params(("group" = String, Path, format = Uuid)),
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
    NamedGroup(group): NamedGroup,
    Body(body): Body<ChangePolicy>,
) -> Result<Json<Policy>, Refusal> {
    super::change(app, signed_in, occasion, Subject::Group(group), body).await
}

//! `GET /api/v1/session`: who is signed in.

use axum::Json;
use axum::extract::State;
use axum::http::request::Parts;
use conclave_policy::session::Activity;
use conclave_protocol::account::Me;
use conclave_protocol::problem::Problem;

use crate::app::App;
use crate::http::problem::{NOT_SIGNED_IN, Refusal};
use crate::http::signed_in;

/// Who is signed in. Asking does not keep the session open.
#[utoipa::path(
    get,
    operation_id = "readSession",
    path = "/session",
    tag = "accounts",
    responses((status = 200, body = Me), (status = 401, body = Problem))
)]
pub(crate) async fn handle(State(app): State<App>, mut parts: Parts) -> Result<Json<Me>, Refusal> {
    let found = signed_in::find(&app, &mut parts, Activity::Poll).await?;
    let found = found.ok_or(NOT_SIGNED_IN)?;
    let (due, emergency_only) = (found.is_second_factor_due(), found.is_for_emergency());
    let Json(me) = super::me(&app, found.account, due, found.left).await?;
    Ok(Json(Me {
        emergency_only,
        ..me
    }))
}

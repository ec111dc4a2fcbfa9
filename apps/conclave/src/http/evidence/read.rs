//! `GET /api/v1/evidence`: which safeguards hold.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::Timestamp;
use conclave_protocol::evidence::Evidence;
use conclave_protocol::problem::Problem;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::{MALFORMED_REQUEST, Refusal};
use crate::http::signed_in::Polling;

/// The moment that the question is about.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Moment {
    at: Option<Timestamp>,
}

/// The matrix: each safeguard with its claims, judged as the question comes, or as they stood on record at a moment before.
/// A claim's sentence is there only while it is proven. To owners, admins, account managers and auditors. Asking does not
/// keep the session open.
#[utoipa::path(
    get,
    operation_id = "readEvidence",
    path = "/evidence",
    tag = "evidence",
    params(("at" = Option<String>, Query, format = DateTime)),
    responses(
        (status = 200, body = Evidence),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Polling(signed_in): Polling,
    occasion: Occasion,
    moment: Result<Query<Moment>, QueryRejection>,
) -> Result<Json<Evidence>, Refusal> {
    let action = AccountAction::ReadEvidence;
    let to = Code::new("evidence");
    signed_in.may_read(&app, action, to, &occasion).await?;
    let Query(Moment { at }) = moment.map_err(|_| MALFORMED_REQUEST)?;
    let organisation = signed_in.account.organisation;
    let statement = super::statement(&app, organisation, occasion.now, at).await?;
    Ok(Json(statement.shown))
}

//! `GET /api/v1/agreements/template`: a business associate agreement to begin from.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// As a text, with what is to be filled in between brackets. It is no legal advice, and says so. To owners, admins, account
/// managers and auditors.
#[utoipa::path(
    get,
    operation_id = "readAgreementTemplate",
    path = "/agreements/template",
    tag = "evidence",
    responses(
        (status = 200, body = String, content_type = "text/markdown"),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Response, Refusal> {
    let to = Code::new("agreements");
    let action = AccountAction::ReadEvidence;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/markdown; charset=utf-8"),
        (header::CONTENT_DISPOSITION, ATTACHED),
    ];
    Ok((headers, TEMPLATE).into_response())
}

const TEMPLATE: &str =
    include_str!("../../../../../docs/templates/business-associate-agreement.md");
const ATTACHED: &str = "attachment; filename=\"business-associate-agreement.md\"";

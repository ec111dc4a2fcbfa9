//! `GET /api/v1/agreements`: with whom the organisation has agreements.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::evidence::AgreementList;
use conclave_protocol::problem::Problem;

use super::shown;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Newest first, 200 at the most. To owners, admins, account managers and auditors.
#[utoipa::path(
    get,
    operation_id = "listAgreements",
    path = "/agreements",
    tag = "evidence",
    responses(
        (status = 200, body = AgreementList),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<AgreementList>, Refusal> {
    let to = Code::new("agreements");
    let action = AccountAction::ReadEvidence;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let agreements = app.store.agreements(signed_in.account.organisation).await?;
    let agreements = agreements.into_iter().map(|one| shown(one, occasion.now));
    Ok(Json(AgreementList {
        agreements: agreements.collect(),
    }))
}

//! `GET /api/v1/risks`: what may go wrong, and what is made of it.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_protocol::risk::{Risk, RiskRegister};

use super::register;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// The product's register of risks: what each threatens, what the product does against it by the claims of the evidence, what
/// the organisation has to do, and what is left; with the organisation's own assessment. To owners, admins, account managers
/// and auditors.
#[utoipa::path(
    get,
    operation_id = "listRisks",
    path = "/risks",
    tag = "evidence",
    responses(
        (status = 200, body = RiskRegister),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<RiskRegister>, Refusal> {
    let to = Code::new("risks");
    let action = AccountAction::ReadEvidence;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let organisation = signed_in.account.organisation;
    let now = occasion.now;
    let assessments = app.store.risk_assessments(organisation, now).await?;
    let risks = register(&assessments, now);
    let open = risks.iter().filter(|risk| is_open(risk)).count();
    Ok(Json(RiskRegister {
        open: u32::try_from(open).unwrap_or(u32::MAX),
        risks,
    }))
}

fn is_open(risk: &Risk) -> bool {
    let assessment = risk.assessment.as_ref();
    assessment.is_none_or(|assessment| assessment.is_out_of_date)
}

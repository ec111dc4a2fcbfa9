//! `GET /api/v1/complaints`: what came in, and what became of it.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::complaint::{ClosedComplaint, Complaint, ComplaintList};
use conclave_protocol::problem::Problem;
use conclave_store::read::complaint;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Without what was said; 200 at the most, those that are open before others. To owners, admins and account managers, with a
/// second factor.
#[utoipa::path(
    get,
    operation_id = "listComplaints",
    path = "/complaints",
    tag = "complaints",
    responses(
        (status = 200, body = ComplaintList),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<ComplaintList>, Refusal> {
    let to = Code::new("complaints");
    let action = AccountAction::KeepComplaints;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let organisation = signed_in.account.organisation;
    let complaints = app.store.complaints(organisation).await?.into_iter();
    let counts = app.store.complaint_counts(organisation, occasion.now);
    Ok(Json(ComplaintList {
        complaints: complaints.map(shown).collect(),
        counts: counts.await?,
    }))
}

fn shown(complaint: complaint::Complaint) -> Complaint {
    let closed = complaint.outcome.zip(complaint.closed_at);
    let closed = closed.zip(complaint.closed_by_name);
    Complaint {
        id: complaint.id,
        kind: complaint.kind,
        received_at: complaint.received_at,
        entered_at: complaint.entered_at,
        entered_by_name: complaint.entered_by_name,
        closed: closed.map(|((outcome, at), by_name)| ClosedComplaint {
            outcome,
            at,
            by_name,
        }),
    }
}

//! `GET /api/v1/emergency/uses`: who took emergency access, and what became of it.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_policy::emergency::needs_drill;
use conclave_protocol::Timestamp;
use conclave_protocol::emergency::{
    EmergencyDrill, EmergencyDrills, EmergencyReview, EmergencyUse, EmergencyUses,
};
use conclave_protocol::problem::Problem;
use conclave_store::read::emergency::ListedUse;

use crate::app::App;
use crate::emergencies;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Who, when, why by the list of reasons, and whether somebody has looked at it; which reviews are overdue, and when the
/// operator's last drill was. For owners, admins and auditors, with a second factor.
#[utoipa::path(
    get,
    operation_id = "listEmergencies",
    path = "/emergency/uses",
    tag = "emergency",
    responses(
        (status = 200, body = EmergencyUses),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<EmergencyUses>, Refusal> {
    let to = Code::new("emergencies");
    let action = AccountAction::ReviewEmergencies;
    signed_in.may_read(&app, action, to, &occasion).await?;
    emergencies::end_those_over(&app).await;
    let organisation = signed_in.account.organisation;
    let now = occasion.now;
    let (last, passed) = app.store.emergency_drills(organisation).await?;
    let uses = app.store.emergencies(organisation).await?.into_iter();
    Ok(Json(EmergencyUses {
        uses: uses.map(|used| shown(used, now)).collect(),
        overdue: app.store.overdue_emergencies(organisation, now).await?.uses,
        drill: EmergencyDrills {
            last: last.map(|last| EmergencyDrill {
                at: last.at,
                passed: last.failed_at.is_none(),
                failed_at: last.failed_at,
            }),
            overdue: needs_drill(passed, now),
        },
    }))
}

fn shown(used: ListedUse, now: Timestamp) -> EmergencyUse {
    let overdue = used.standing().is_overdue(now);
    let review = used.outcome.zip(used.reviewed_at);
    EmergencyUse {
        id: used.id,
        account: used.account,
        display_name: used.display_name,
        reason: used.reason,
        invoked_at: used.invoked_at,
        expires_at: used.expires_at,
        ended_at: used.ended_at,
        ended_by: used.ended_by,
        entered: used.entered,
        review_due_at: used.review_due_at,
        overdue,
        review: review.map(|(outcome, at)| EmergencyReview {
            outcome,
            at,
            by: used.reviewed_by,
            by_name: used.reviewer_name,
        }),
    }
}

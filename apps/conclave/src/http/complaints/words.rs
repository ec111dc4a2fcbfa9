//! `GET /api/v1/complaints/{complaint}/words`: what was said.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::complaint::ComplaintWords;
use conclave_protocol::problem::Problem;

use super::NamedComplaint;
use crate::app::App;
use crate::complaint_words::ComplaintWordsOf;
use crate::http::occasion::Occasion;
use crate::http::problem::{COMPLAINT_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;

/// Of whoever sent it, and of whoever closed it. To owners, admins and account managers, with a second factor; each reading is
/// on record, and what can't be recorded is not shown.
#[utoipa::path(
    get,
    operation_id = "readComplaintWords",
    path = "/complaints/{complaint}/words",
    tag = "complaints",
    params(("complaint" = String, Path, format = Uuid)),
    responses(
        (status = 200, body = ComplaintWords),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedComplaint(id): NamedComplaint,
) -> Result<Json<ComplaintWords>, Refusal> {
    let event = Event::ComplaintRead { complaint: id };
    let action = AccountAction::KeepComplaints;
    signed_in.may(&app, action, &occasion, &event).await?;
    let organisation = signed_in.account.organisation;
    let kept = app.store.complaint_words(organisation, id).await?;
    let kept = kept.ok_or(COMPLAINT_NOT_FOUND)?;
    let sealing = app.emergencies.sealing();
    let note = kept.note.as_deref();
    let note = note.map(|note| ComplaintWordsOf::Closer.open(sealing, id, note));
    let said = ComplaintWords {
        words: ComplaintWordsOf::Sender.open(sealing, id, &kept.words)?,
        note: note.transpose()?,
    };
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    app.record_first(entry).await?;
    Ok(Json(said))
}

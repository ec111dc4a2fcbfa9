//! `GET /api/v1/emergency/uses/{use}/words`: what was said of a use.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::emergency::EmergencyWords;
use conclave_protocol::problem::Problem;

use super::reviewed;
use crate::app::App;
use crate::emergencies::WordsOf;
use crate::http::occasion::Occasion;
use crate::http::present::NamedEmergency;
use crate::http::problem::{EMERGENCY_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;

/// In their own words: who took it, and who reviewed it. For owners, admins and auditors, with a second factor; each reading
/// is on record, and what can't be recorded is not shown.
#[utoipa::path(
    get,
    operation_id = "readEmergencyWords",
    path = "/emergency/uses/{use}/words",
    tag = "emergency",
    params(("use" = String, Path, format = Uuid)),
    responses(
        (status = 200, body = EmergencyWords),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedEmergency(id): NamedEmergency,
) -> Result<Json<EmergencyWords>, Refusal> {
    let event = Event::EmergencyRead { invoked: id.0 };
    let action = AccountAction::ReviewEmergencies;
    signed_in.may(&app, action, &occasion, &event).await?;
    let used = reviewed(&app, &signed_in, id).await?;
    let kept = app.store.emergency_words(used.id).await?;
    let kept = kept.ok_or(EMERGENCY_NOT_FOUND)?;
    let sealing = app.emergencies.sealing();
    let words = EmergencyWords {
        words: WordsOf::Holder.open(sealing, id, &kept.words)?,
        note: match kept.note {
            Some(note) => Some(WordsOf::Reviewer.open(sealing, id, &note)?),
            None => None,
        },
    };
    let organisation = Some(signed_in.account.organisation);
    let entry = occasion.entry(organisation, signed_in.actor(), event)?;
    app.record_first(entry).await?;
    Ok(Json(words))
}

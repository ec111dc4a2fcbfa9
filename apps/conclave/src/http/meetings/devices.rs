//! `GET /api/v1/meetings/{id}/participants/{participant}/devices`: the list of somebody's devices.

use axum::Json;
use axum::extract::State;
use conclave_audit::{Code, Event};
use conclave_policy::capability::MeetingAction;
use conclave_protocol::problem::Problem;
use conclave_protocol::vault::ParticipantDevices;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{NamedParticipant, Present};
use crate::http::problem::{PARTICIPANT_NOT_FOUND, Refusal};

/// The devices of a participant with an account, for whoever is in the meeting; a guest has none.
#[utoipa::path(
    get,
    operation_id = "listParticipantDevices",
    path = "/meetings/{id}/participants/{participant}/devices",
    tag = "participants",
    params(
        ("id" = String, Path, format = Uuid),
        ("participant" = String, Path, format = Uuid)
    ),
    security(("participant" = [])),
    responses(
        (status = 200, body = ParticipantDevices),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 410, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    present: Present,
    NamedParticipant(participant): NamedParticipant,
    occasion: Occasion,
) -> Result<Json<ParticipantDevices>, Refusal> {
    let to = Code::new("devices");
    let entry = present.entry(&occasion, Event::AccessRefused { to })?;
    present
        .may_read(&app, MeetingAction::SeeDevices, &occasion, &entry)
        .await?;
    let found = app.store.participant(participant).await?;
    let Some(found) = found.filter(|found| found.meeting == present.meeting.id) else {
        let refused = entry.refused(Code::new("no_such_participant"));
        app.record_at_pace(&occasion, refused).await;
        return Err(PARTICIPANT_NOT_FOUND.into());
    };
    let account = found.account.ok_or(PARTICIPANT_NOT_FOUND)?;
    Ok(Json(ParticipantDevices {
        account,
        entries: app.store.devices(account).await?,
    }))
}

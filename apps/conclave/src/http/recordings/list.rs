//! `GET /api/v1/support/recordings`: what is recorded, what it is sealed to, and how long it is kept.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_policy::recording::{KEPT_DAYS, Quota};
use conclave_protocol::problem::Problem;
use conclave_protocol::recording::{Recording, RecordingList};
use conclave_store::read::recording;

use super::{shown_key, state};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Newest first. For owners, admins and auditors, with a second factor.
#[utoipa::path(
    get,
    operation_id = "listRecordings",
    path = "/support/recordings",
    tag = "recordings",
    responses(
        (status = 200, body = RecordingList),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<RecordingList>, Refusal> {
    let to = Code::new("recordings");
    let action = AccountAction::PlayRecordings;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let organisation = signed_in.account.organisation;
    let keys = app.store.recording_keys(organisation).await?.into_iter();
    let days = app.store.recording_days(organisation).await?;
    let recordings = app.store.recordings(organisation).await?.into_iter();
    Ok(Json(RecordingList {
        keys: keys.map(shown_key).collect(),
        days: days
            .and_then(|days| u16::try_from(days).ok())
            .unwrap_or(KEPT_DAYS),
        bytes: app.store.recorded_bytes(organisation).await?,
        most_bytes: Quota::default().of_organisation,
        recordings: recordings.map(shown).collect(),
    }))
}

fn shown(recording: recording::Recording) -> Recording {
    Recording {
        state: state(&recording),
        id: recording.id,
        session: recording.session,
        technician_name: recording.technician_name,
        key: recording.key,
        begun_at: recording.begun_at,
        ended_at: recording.ended_at,
        bytes: recording.bytes,
        keep_until: recording.keep_until,
    }
}

//! `POST /api/v1/meetings/{id}/support/recordings`: the agent begins to keep a session.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Event};
use conclave_policy::recording::{Quota, may_begin};
use conclave_protocol::meeting::DataMode;
use conclave_protocol::problem::Problem;
use conclave_protocol::recording::{PublicKey, RecordingBegun};
use conclave_store::action;
use uuid::Uuid;

use super::{in_meeting, is_helped};
use crate::app::App;
use crate::http::command::Command;
use crate::http::occasion::Occasion;
use crate::http::present::{Present, decide, not_written, recall};
use crate::http::problem::{RECORDING_KEY_MISSING, RECORDING_NOT_FOUND, Refusal};
use crate::id;

/// Says what to seal it to. With the credential of whom the session helps alone, and only where the session's organisation keeps
/// every session: in every other data mode nothing ever begins.
#[utoipa::path(
    post,
    operation_id = "beginRecording",
    path = "/meetings/{id}/support/recordings",
    tag = "support",
    params(
        ("id" = String, Path, format = Uuid),
        ("Idempotency-Key" = String, Header, format = Uuid)
    ),
    security(("participant" = [])),
    responses(
        (status = 201, body = RecordingBegun),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    present: Present,
    key: Command,
    occasion: Occasion,
) -> Result<(StatusCode, Json<RecordingBegun>), Refusal> {
    let once = key.once(present.participant.id.0, occasion.now);
    let to = Code::new("recording");
    let asked = present.entry(&occasion, Event::AccessRefused { to })?;
    let session = in_meeting(&app, &present, &asked).await?;
    if let Some(begun) = recall::<action::BeginRecording>(&app, &once, &asked).await? {
        return answer(&app, begun).await;
    }
    is_helped(&app, &session, &present, &asked).await?;
    let mode = app.store.data_mode(session.meeting).await?;
    let mode = mode.unwrap_or(DataMode::Conduit);
    let may = may_begin(&session.standing(), mode, occasion.now);
    decide(&app, may, &asked).await?;
    let key = app.store.newest_recording_key(session.organisation).await?;
    let Some(key) = key else {
        app.record(asked.refused(Code::new("no_recording_key")))
            .await;
        return Err(RECORDING_KEY_MISSING.into());
    };
    let recording = id::fresh(occasion.now)?;
    let event = Event::RecordingBegun {
        recording,
        session: session.id.0,
        key: key.id,
    };
    let entry = present.entry(&occasion, event)?;
    let act = action::BeginRecording {
        id: recording,
        key: key.id,
        organisation: session.organisation,
        session: session.id,
        quota: Quota::default(),
        at: occasion.now,
    };
    match app.store.write_once(once, act, entry.clone()).await {
        Err(error) => Err(not_written(&app, error, entry).await),
        Ok(begun) => answer(&app, begun.done).await,
    }
}

async fn answer(app: &App, begun: Uuid) -> Result<(StatusCode, Json<RecordingBegun>), Refusal> {
    let recording = app.store.recording(begun).await?;
    let recording = recording.ok_or(RECORDING_NOT_FOUND)?;
    let key = app.store.recording_key(recording.key).await?;
    let public = key.and_then(|key| PublicKey::new(key.public));
    let begun = RecordingBegun {
        recording: recording.id,
        organisation: recording.organisation,
        session: recording.session,
        public: public.ok_or(RECORDING_KEY_MISSING)?,
    };
    Ok((StatusCode::CREATED, Json(begun)))
}

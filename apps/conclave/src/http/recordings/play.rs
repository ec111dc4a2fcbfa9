//! `POST /api/v1/support/recordings/{recording}/plays`: somebody says why they want to see a recording.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Event, Hex, Sealed};
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_protocol::recording::{
    Header, Manifest, PlayRecording, RecordingPlay, SealedFeedback,
};
use conclave_store::action;
use conclave_store::read::recording::Recording;
use sha2::{Digest, Sha256};

use super::NamedRecording;
use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{RECORDING_DELETED, RECORDING_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;
use crate::id;
use crate::sealing::Place;

/// Gives out what the pieces are got by, for twelve hours. What was said is kept sealed. For owners, admins and auditors, with a
/// second factor, who have proved lately who they are.
#[utoipa::path(
    post,
    operation_id = "playRecording",
    path = "/support/recordings/{recording}/plays",
    tag = "recordings",
    params(("recording" = String, Path, format = Uuid)),
    request_body = PlayRecording,
    responses(
        (status = 201, body = RecordingPlay),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 410, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedRecording(recording): NamedRecording,
    Body(body): Body<PlayRecording>,
) -> Result<(StatusCode, Json<RecordingPlay>), Refusal> {
    let to = Code::new("recording");
    let action = AccountAction::PlayRecordings;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let account = &signed_in.account;
    let found = app.store.recording(recording).await?;
    let found = found.filter(|found| found.organisation == account.organisation);
    let found = found.ok_or(RECORDING_NOT_FOUND)?;
    let event = Event::RecordingPlayed {
        recording,
        session: found.session.0,
    };
    signed_in.stepped_up(&app, &occasion, &event).await?;
    if found.deleted_at.is_some() {
        let entry = occasion.entry(Some(account.organisation), signed_in.actor(), event)?;
        app.record(entry.refused(Code::new("deleted"))).await;
        return Err(RECORDING_DELETED.into());
    }
    let id = id::fresh(occasion.now)?;
    let place = Place {
        column: "recording_play.reason",
        row: id,
    };
    let sealing = app.emergencies.sealing();
    let reason = sealing.seal(body.reason.as_str().as_bytes(), place)?;
    let mut entry = occasion.entry(Some(account.organisation), signed_in.actor(), event)?;
    entry.sealed = Some(Sealed {
        alg: Code::new("a256gcm"),
        kid: id,
        ct_hash: Hex(Sha256::digest(&reason).into()),
    });
    let act = action::PlayRecording {
        id,
        recording,
        organisation: account.organisation,
        reason,
        by: account.id,
        at: occasion.now,
    };
    if let Err(error) = app.store.write(act, entry.clone()).await {
        return Err(not_written(&app, error, entry).await);
    }
    Ok((StatusCode::CREATED, Json(given(&app, id, found).await?)))
}

async fn given(app: &App, id: uuid::Uuid, found: Recording) -> Result<RecordingPlay, Refusal> {
    let key = app.store.recording_key(found.key).await?;
    let key = key.ok_or(RECORDING_NOT_FOUND)?;
    let header = app.store.recording_piece(found.id, 0).await?;
    Ok(RecordingPlay {
        id,
        recording: found.id,
        organisation: found.organisation,
        session: found.session,
        fingerprint: Hex(key.fingerprint).to_string(),
        state: found.state(),
        header: header.and_then(|kept| Header::new(kept.content)),
        manifest: found.manifest.and_then(Manifest::new),
        feedback: found.feedback.and_then(SealedFeedback::new),
        chunks: found.next.saturating_sub(1),
    })
}

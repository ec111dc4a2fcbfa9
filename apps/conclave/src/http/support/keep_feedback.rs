//! `POST /api/v1/meetings/{id}/support/recordings/{recording}/feedback`: what the person who was helped thinks of it, sealed.
//!
//! # Security
//! Where a session is kept, the server has no word of it in clear: what is sealed here opens with the recording's key alone.
//! Whether anything was said, or nothing, can't be told from it.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Event, Hex, Sealed};
use conclave_policy::support::may_judge;
use conclave_protocol::problem::Problem;
use conclave_protocol::recording::KeepFeedback;
use conclave_store::{Refused, action};
use sha2::{Digest, Sha256};

use super::{hear, in_meeting, is_helped};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{Present, not_written_as, recall};
use crate::http::problem::{FEEDBACK_GIVEN, RECORDING_NOT_FOUND, Refusal};
use crate::http::recordings::NamedRecording;
use crate::http::repeatable::Keyed;

/// Once, with the last recording of a session, with the credential of whom it helped alone, until an hour after its end. One
/// that never comes is missing, which is on record.
#[utoipa::path(
    post,
    operation_id = "keepRecordingFeedback",
    path = "/meetings/{id}/support/recordings/{recording}/feedback",
    tag = "support",
    params(
        ("id" = String, Path, format = Uuid),
        ("recording" = String, Path, format = Uuid),
        ("Idempotency-Key" = String, Header, format = Uuid)
    ),
    request_body = KeepFeedback,
    security(("participant" = [])),
    responses(
        (status = 204),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 410, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    present: Present,
    occasion: Occasion,
    NamedRecording(recording): NamedRecording,
    Keyed { body, command }: Keyed<KeepFeedback>,
) -> Result<StatusCode, Refusal> {
    let once = command.once(present.participant.id.0, occasion.now);
    let to = Code::new("recording");
    let asked = present.entry(&occasion, Event::AccessRefused { to })?;
    let session = in_meeting(&app, &present, &asked).await?;
    let said = recall::<action::KeepSealedFeedback>(&app, &once, &asked).await?;
    if said.is_some() {
        return Ok(StatusCode::NO_CONTENT);
    }
    is_helped(&app, &session, &present, &asked).await?;
    let has_said = session.feedback_at.is_some();
    let may = may_judge(&session.standing(), has_said, occasion.now);
    hear(&app, may, FEEDBACK_GIVEN, &asked).await?;
    let event = Event::RecordingFeedback {
        recording,
        session: session.id.0,
    };
    let mut entry = present.entry(&occasion, event)?;
    entry.sealed = Some(Sealed {
        alg: Code::new("a256gcm"),
        kid: recording,
        ct_hash: Hex(Sha256::digest(body.sealed.as_bytes()).into()),
    });
    let act = action::KeepSealedFeedback {
        recording,
        session: session.id,
        sealed: body.sealed.into_bytes(),
        at: occasion.now,
    };
    let Err(error) = app.store.write_once(once, act, entry.clone()).await else {
        return Ok(StatusCode::NO_CONTENT);
    };
    let names = [
        (Refused::NotFound, RECORDING_NOT_FOUND),
        (Refused::Conflict, FEEDBACK_GIVEN),
    ];
    Err(not_written_as(&app, error, entry, &names).await)
}

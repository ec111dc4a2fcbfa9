//! `POST /api/v1/support/recordings/{recording}/acknowledgement`: somebody has seen what lacks of a recording.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Event, Hex, Sealed};
use conclave_policy::capability::AccountAction;
use conclave_protocol::personal::Words;
use conclave_protocol::problem::Problem;
use conclave_protocol::recording::AcknowledgeRecording;
use conclave_store::read::recording::Acknowledgement;
use conclave_store::{Refused, WriteError, action};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::NamedRecording;
use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{RECORDING_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;
use crate::id;
use crate::sealing::{Place, Sealing};

/// It stays marked, and is not counted above the list any more. The first who says so is heard, and what they said is kept
/// sealed: said again, nothing changes. For owners and admins, with a second factor, who have proved lately who they are.
#[utoipa::path(
    post,
    operation_id = "acknowledgeRecording",
    path = "/support/recordings/{recording}/acknowledgement",
    tag = "recordings",
    params(("recording" = String, Path, format = Uuid)),
    request_body = AcknowledgeRecording,
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedRecording(recording): NamedRecording,
    Body(body): Body<AcknowledgeRecording>,
) -> Result<StatusCode, Refusal> {
    let to = Code::new("recording");
    let action = AccountAction::KeepRecordings;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let account = &signed_in.account;
    let found = app.store.recording(recording).await?;
    let found = found.filter(|found| found.organisation == account.organisation);
    let found = found.filter(|found| found.has(body.trouble));
    let found = found.ok_or(RECORDING_NOT_FOUND)?;
    let event = Event::RecordingAcknowledged {
        recording,
        session: found.session.0,
        trouble: Code::new(body.trouble.code()),
    };
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let heard = app.store.recording_acknowledgements(recording).await?;
    if heard.iter().any(|one| one.trouble == body.trouble) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let id = id::fresh(occasion.now)?;
    let sealing = app.emergencies.sealing();
    let reason = sealing.seal(body.reason.as_str().as_bytes(), place(id))?;
    let mut entry = occasion.entry(Some(account.organisation), signed_in.actor(), event)?;
    entry.sealed = Some(Sealed {
        alg: Code::new("a256gcm"),
        kid: id,
        ct_hash: Hex(Sha256::digest(&reason).into()),
    });
    let act = action::AcknowledgeRecording {
        id,
        recording,
        organisation: account.organisation,
        trouble: body.trouble,
        reason,
        by: account.id,
        at: occasion.now,
    };
    match app.store.write(act, entry.clone()).await {
        // Or somebody was sooner.
        Ok(()) | Err(WriteError::Refused(Refused::Conflict)) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(not_written(&app, error, entry).await),
    }
}

/// What they said. `None`: it does not open any more.
pub(super) fn reason(sealing: &Sealing, said: &Acknowledgement) -> Option<Words> {
    let opened = sealing.open(&said.reason, place(said.id)).ok()?;
    Words::parse(std::str::from_utf8(&opened).ok()?).ok()
}

fn place(row: Uuid) -> Place {
    let column = "recording_acknowledgement.reason";
    Place { column, row }
}

//! `PUT /api/v1/meetings/{id}/support/recordings/{recording}/{number}`: the agent brings the next sealed piece.
//!
//! Pieces leave no entries of their own: that a recording began, and that it ended whole or did not, is on record, with a hash
//! over all of them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use conclave_audit::{Code, Event};
use conclave_policy::recording::{Quota, may_add};
use conclave_protocol::problem::Problem;
use conclave_protocol::recording::PieceKept;
use conclave_store::action::KeepPiece;
use conclave_store::{Refused, UpkeepReason};

use super::{in_meeting, is_helped};
use crate::app::App;
use crate::http::body;
use crate::http::occasion::Occasion;
use crate::http::present::{Present, decide, not_written_as};
use crate::http::problem::{RECORDING_DIFFERS, RECORDING_NOT_FOUND, Refusal};
use crate::http::recordings::NamedPiece;

/// A body that nobody here reads.
pub(crate) struct SealedBody(Bytes);

impl<S: Send + Sync> FromRequest<S> for SealedBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = body::read_of(request, state, &["application/octet-stream"]).await;
        bytes.map(Self)
    }
}

/// In its order; the answer says which is wanted next. What is kept may come again. Number 0 is the header. 1 MiB at the most.
#[utoipa::path(
    put,
    operation_id = "keepRecordingPiece",
    path = "/meetings/{id}/support/recordings/{recording}/{number}",
    tag = "support",
    params(
        ("id" = String, Path, format = Uuid),
        ("recording" = String, Path, format = Uuid),
        ("number" = u32, Path)
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    security(("participant" = [])),
    responses(
        (status = 200, body = PieceKept),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 413, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    present: Present,
    occasion: Occasion,
    at: NamedPiece,
    SealedBody(content): SealedBody,
) -> Result<Json<PieceKept>, Refusal> {
    let to = Code::new("recording");
    let entry = present.entry(&occasion, Event::AccessRefused { to })?;
    let session = in_meeting(&app, &present, &entry).await?;
    is_helped(&app, &session, &present, &entry).await?;
    decide(&app, may_add(&session.standing(), occasion.now), &entry).await?;
    let act = KeepPiece {
        recording: at.recording,
        session: session.id,
        number: at.number,
        content: content.into(),
        quota: Quota::default(),
    };
    let kept = app.store.write_unaudited(UpkeepReason::Recording, act);
    let error = match kept.await {
        Ok(kept) => return Ok(Json(PieceKept { next: kept.next })),
        Err(error) => error,
    };
    let names = [
        (Refused::NotFound, RECORDING_NOT_FOUND),
        (Refused::Conflict, RECORDING_DIFFERS),
    ];
    Err(not_written_as(&app, error, entry, &names).await)
}

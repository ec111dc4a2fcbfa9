//! `GET /api/v1/support/recordings/{recording}/plays/{play}/{number}`: one sealed piece of a recording.

use axum::extract::{FromRequestParts, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_policy::recording::PLAYED_WITHIN;
use conclave_protocol::problem::Problem;
use uuid::Uuid;

use super::NamedPiece;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::named;
use crate::http::problem::{RECORDING_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;

/// The saying why that the address names.
pub(crate) struct NamedPlay(Uuid);

impl FromRequestParts<App> for NamedPlay {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "play").await;
        id.map(Self).ok_or(RECORDING_NOT_FOUND.into())
    }
}

/// For whoever said why, for twelve hours after that. That they did is on record.
#[utoipa::path(
    get,
    operation_id = "readRecordingPiece",
    path = "/support/recordings/{recording}/plays/{play}/{number}",
    tag = "recordings",
    params(
        ("recording" = String, Path, format = Uuid),
        ("play" = String, Path, format = Uuid),
        ("number" = u32, Path)
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedPlay(play): NamedPlay,
    at: NamedPiece,
) -> Result<Response, Refusal> {
    let to = Code::new("recording");
    let action = AccountAction::PlayRecordings;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let play = app.store.recording_play(play).await?;
    let play = play.filter(|play| {
        play.recording == at.recording
            && play.account == signed_in.account.id
            && occasion.now.since(play.at) < PLAYED_WITHIN
    });
    play.ok_or(RECORDING_NOT_FOUND)?;
    let piece = app.store.recording_piece(at.recording, at.number).await?;
    let piece = piece.ok_or(RECORDING_NOT_FOUND)?;
    let headers = [
        (CONTENT_TYPE, "application/octet-stream"),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, piece.content).into_response())
}

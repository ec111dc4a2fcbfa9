//! `POST /api/v1/meetings/{id}/support/recordings/{recording}/end`: the agent says that a recording is whole.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Event, Hex};
use conclave_policy::recording::may_add;
use conclave_protocol::problem::Problem;
use conclave_protocol::recording::{EndRecording, Manifest};
use conclave_store::{Refused, action};

use super::{in_meeting, is_helped};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{Present, decide, not_written_as, recall};
use crate::http::problem::{MALFORMED_REQUEST, RECORDING_NOT_FOUND, RECORDING_NOT_WHOLE, Refusal};
use crate::http::recordings::NamedRecording;
use crate::http::repeatable::Keyed;

/// Once all of its pieces are kept, by their hashes. One that never comes to this is incomplete, an hour after its session's end.
#[utoipa::path(
    post,
    operation_id = "endRecording",
    path = "/meetings/{id}/support/recordings/{recording}/end",
    tag = "support",
    params(
        ("id" = String, Path, format = Uuid),
        ("recording" = String, Path, format = Uuid),
        ("Idempotency-Key" = String, Header, format = Uuid)
    ),
    request_body = EndRecording,
    security(("participant" = [])),
    responses(
        (status = 204),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    present: Present,
    occasion: Occasion,
    NamedRecording(recording): NamedRecording,
    Keyed { body, command }: Keyed<EndRecording>,
) -> Result<StatusCode, Refusal> {
    let once = command.once(present.participant.id.0, occasion.now);
    let to = Code::new("recording");
    let asked = present.entry(&occasion, Event::AccessRefused { to })?;
    let session = in_meeting(&app, &present, &asked).await?;
    if recall::<action::EndRecording>(&app, &once, &asked)
        .await?
        .is_some()
    {
        return Ok(StatusCode::NO_CONTENT);
    }
    is_helped(&app, &session, &present, &asked).await?;
    decide(&app, may_add(&session.standing(), occasion.now), &asked).await?;
    let (chunks, chain) = said(&body.manifest).ok_or(MALFORMED_REQUEST)?;
    let event = Event::RecordingEnded {
        recording,
        session: session.id.0,
        chunks,
        chain: Code::parse(&Hex(chain).to_string()).ok_or(MALFORMED_REQUEST)?,
    };
    let entry = present.entry(&occasion, event)?;
    let act = action::EndRecording {
        recording,
        session: session.id,
        chunks,
        chain,
        manifest: body.manifest.into_bytes(),
        at: occasion.now,
    };
    let Err(error) = app.store.write_once(once, act, entry.clone()).await else {
        return Ok(StatusCode::NO_CONTENT);
    };
    let names = [
        (Refused::NotFound, RECORDING_NOT_FOUND),
        (Refused::Conflict, RECORDING_NOT_WHOLE),
    ];
    Err(not_written_as(&app, error, entry, &names).await)
}

/// What stands in a manifest before its seal: a format, how many pieces, and the last of the chain of hashes.
fn said(manifest: &Manifest) -> Option<(u32, [u8; 32])> {
    let (format, rest) = manifest.as_bytes().split_first()?;
    let (chunks, rest) = rest.split_first_chunk()?;
    let (chain, _seal) = rest.split_first_chunk()?;
    (*format == FORMAT).then_some((u32::from_be_bytes(*chunks), *chain))
}

const FORMAT: u8 = 1;

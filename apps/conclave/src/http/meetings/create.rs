//! `POST /api/v1/meetings`: makes a meeting, for now or for later.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::meeting::{CreateMeeting, Meeting, MeetingCode};
use conclave_protocol::problem::Problem;
use conclave_protocol::{AccountId, MeetingId};
use conclave_store::{Refused, WriteError, action};

use super::of_host;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{not_written, recall};
use crate::http::problem::{INVITATION_VERIFIER_INVALID, MEETING_NOT_FOUND, NO_CODE_FREE, Refusal};
use crate::http::repeatable::Repeatable;
use crate::http::signed_in::SignedIn;
use crate::secret::NoRandomness;
use crate::{id, secret};

/// Makes a meeting, whose host is whoever makes it; one meeting for all requests with one key.
#[utoipa::path(
    post,
    operation_id = "createMeeting",
    path = "/meetings",
    tag = "meetings",
    params(("Idempotency-Key" = Option<String>, Header, format = Uuid)),
    request_body = CreateMeeting,
    responses(
        (status = 201, body = Meeting),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Repeatable { body, command }: Repeatable<CreateMeeting>,
) -> Result<(StatusCode, Json<Meeting>), Refusal> {
    let AccountId(account) = signed_in.account.id;
    let once = command.map(|command| command.once(account, occasion.now));
    let meeting = MeetingId(id::fresh(occasion.now)?);
    let MeetingId(id) = meeting;
    let event = Event::MeetingCreate { meeting: id };
    let entry = || {
        let organisation = Some(signed_in.account.organisation);
        occasion.entry(organisation, signed_in.actor(), event.clone())
    };
    if let Some(once) = &once
        && let Some(made) = recall::<action::CreateMeeting>(&app, once, &entry()?).await?
    {
        return answer(&app, made).await;
    }
    signed_in
        .may(&app, AccountAction::CreateMeeting, &occasion, &event)
        .await?;
    let invitation_verifier = verifier(&body.invitation_verifier)?;
    for _ in 0..DRAWS {
        let code = draw()?;
        let entry = entry()?;
        let act = action::CreateMeeting {
            id: meeting,
            organisation: signed_in.account.organisation,
            host: signed_in.account.id,
            code,
            title: body.title.clone(),
            starts_at: body.starts_at,
            invitation_verifier,
            at: occasion.now,
        };
        match app.store.write_once(once.clone(), act, entry.clone()).await {
            Err(WriteError::Refused(Refused::CodeTaken)) => {}
            Err(error) => return Err(not_written(&app, error, entry).await),
            Ok(made) => return answer(&app, made.done).await,
        }
    }
    Err(NO_CODE_FREE.into())
}

async fn answer(app: &App, made: MeetingId) -> Result<(StatusCode, Json<Meeting>), Refusal> {
    let meeting = app.store.meeting(made).await?;
    let meeting = meeting.ok_or(MEETING_NOT_FOUND)?;
    Ok((StatusCode::CREATED, Json(of_host(meeting))))
}

fn verifier(text: &str) -> Result<[u8; 32], Refusal> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(INVITATION_VERIFIER_INVALID.into())
}

/// A code that tells nothing about the one before. Values that would favour some codes are drawn again.
fn draw() -> Result<MeetingCode, NoRandomness> {
    loop {
        let number = u32::from_le_bytes(secret::random()?) >> SPARE_BITS;
        if let Some(code) = MeetingCode::from_number(number) {
            return Ok(code);
        }
    }
}

/// 30 bits hold 10⁹ with little left over.
const SPARE_BITS: u32 = 2;
/// With 10⁵ meetings at one time a draw is taken once in 10⁴.
const DRAWS: usize = 5;

//! `POST /api/v1/meetings`: makes a meeting, for now or for later.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::MeetingId;
use conclave_protocol::meeting::{CreateMeeting, Meeting, MeetingCode, MeetingState};
use conclave_protocol::problem::Problem;
use conclave_store::{Refused, WriteError, action};

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::problem::{INVITATION_VERIFIER_INVALID, NO_CODE_FREE, Refusal};
use crate::http::signed_in::SignedIn;
use crate::secret::NoRandomness;
use crate::{id, secret};

/// Makes a meeting, whose host is whoever makes it.
#[utoipa::path(
    post,
    operation_id = "createMeeting",
    path = "/meetings",
    tag = "meetings",
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
    Body(body): Body<CreateMeeting>,
) -> Result<(StatusCode, Json<Meeting>), Refusal> {
    let meeting = MeetingId(id::fresh(occasion.now)?);
    let MeetingId(id) = meeting;
    let event = Event::MeetingCreate { meeting: id };
    signed_in
        .may(&app, AccountAction::CreateMeeting, &occasion, &event)
        .await?;
    let invitation_verifier = verifier(&body.invitation_verifier)?;
    for _ in 0..DRAWS {
        let code = draw()?;
        let organisation = Some(signed_in.account.organisation);
        let entry = occasion.entry(organisation, signed_in.actor(), event.clone())?;
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
        match app.store.write(act, entry).await {
            Err(WriteError::Refused(Refused::CodeTaken)) => {}
            Err(error) => return Err(error.into()),
            Ok(()) => {
                let made = Meeting {
                    id: meeting,
                    code,
                    title: body.title,
                    state: MeetingState::Scheduled,
                    created_at: occasion.now,
                    starts_at: body.starts_at,
                    ended_at: None,
                    revision: 1,
                };
                return Ok((StatusCode::CREATED, Json(made)));
            }
        }
    }
    Err(NO_CODE_FREE.into())
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

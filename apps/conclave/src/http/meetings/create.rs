//! `POST /api/v1/meetings`: makes a meeting, for now or for later.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_policy::{Decision, Reason};
use conclave_protocol::meeting::{CreateMeeting, Meeting};
use conclave_protocol::problem::Problem;
use conclave_protocol::{AccountId, MeetingId, Timestamp};
use conclave_store::action::MOST_INVITED;
use conclave_store::{Refused, WriteError, action};

use super::plan::planned;
use super::shown::of_host;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{decide, not_written, recall};
use crate::http::problem::{
    INVITATION_VERIFIER_INVALID, MALFORMED_REQUEST, MEETING_NOT_FOUND, NO_CODE_FREE, Refusal,
    TIME_OUT_INVALID,
};
use crate::http::repeatable::Repeatable;
use crate::http::signed_in::SignedIn;
use crate::{id, meeting_code};

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
        return answer(&app, made, occasion.now).await;
    }
    signed_in
        .may(&app, AccountAction::CreateMeeting, &occasion, &event)
        .await?;
    let hosts = Decision::when(signed_in.permitted.host_meetings, Reason::SwitchedOff);
    decide(&app, hosts, &entry()?).await?;
    let invitation_verifier = verifier(&body.invitation_verifier)?;
    let limits = app.config.meetings.time_outs();
    let time_outs = limits.own(body.time_outs).map_err(|_| TIME_OUT_INVALID)?;
    let planned = body.schedule.map(planned).transpose()?;
    if body.invited.len() > MOST_INVITED as usize || (planned.is_some() && body.starts_at.is_some())
    {
        return Err(MALFORMED_REQUEST.into());
    }
    for _ in 0..DRAWS {
        let code = meeting_code::draw()?;
        let entry = entry()?;
        let act = action::CreateMeeting {
            id: meeting,
            organisation: signed_in.account.organisation,
            host: signed_in.account.id,
            code,
            title: body.title.clone(),
            starts_at: body.starts_at,
            planned: planned.clone(),
            invitation_verifier,
            time_outs,
            data_mode: signed_in.permitted.data_mode,
            entry: body.entry,
            uninvited: body.uninvited,
            invited: body.invited.clone(),
            at: occasion.now,
        };
        match app.store.write_once(once.clone(), act, entry.clone()).await {
            Err(WriteError::Refused(Refused::CodeTaken)) => {}
            Err(error) => return Err(not_written(&app, error, entry).await),
            Ok(made) => return answer(&app, made.done, occasion.now).await,
        }
    }
    Err(NO_CODE_FREE.into())
}

async fn answer(
    app: &App,
    made: MeetingId,
    now: Timestamp,
) -> Result<(StatusCode, Json<Meeting>), Refusal> {
    let meeting = app.store.meeting(made).await?;
    let meeting = meeting.ok_or(MEETING_NOT_FOUND)?;
    Ok((StatusCode::CREATED, Json(of_host(meeting, 0, now))))
}

pub(in crate::http) fn verifier(text: &str) -> Result<[u8; 32], Refusal> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(INVITATION_VERIFIER_INVALID.into())
}

/// With 10⁵ meetings at one time a draw is taken once in 10⁴.
pub(in crate::http) const DRAWS: usize = 5;

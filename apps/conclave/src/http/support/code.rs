//! `GET /api/v1/support/codes/{code}`: whose help a code is for, before somebody takes it.
//!
//! A code of no session, one that helped somebody, one that is too old and one of an ordinary meeting get one answer, and
//! each is charged as a guess.

use axum::Json;
use axum::extract::State;
use conclave_audit::{Actor, Code, Event};
use conclave_policy::Decision;
use conclave_policy::support::{Comer, may_join};
use conclave_protocol::Timestamp;
use conclave_protocol::meeting::MeetingCode;
use conclave_protocol::problem::Problem;
use conclave_protocol::support::SupportOffer;
use conclave_store::read::meeting::Meeting;
use conclave_store::read::support::SupportSession;

use super::held;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::TypedCode;
use crate::http::problem::{Refusal, SUPPORT_NOT_FOUND, TOO_MANY_ATTEMPTS};

/// Who offers help by this code, and until when. For whoever types it; nothing is taken by asking.
#[utoipa::path(
    get,
    operation_id = "readSupportOffer",
    path = "/support/codes/{code}",
    tag = "support",
    params(("code" = String, Path, description = "Nine digits, with or without dashes")),
    responses(
        (status = 200, body = SupportOffer),
        (status = 404, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    TypedCode(code): TypedCode,
    occasion: Occasion,
) -> Result<Json<SupportOffer>, Refusal> {
    let (from, now) = (occasion.source.address, occasion.now);
    let charged = app.throttles.wrong_codes().admit(from, now);
    if let Err(throttled) = charged {
        refuse(&app, &occasion, None, Code::new("throttled")).await?;
        let wait = throttled.until.since(now);
        return Err(Refusal::after(TOO_MANY_ATTEMPTS, wait));
    }
    let Some((session, meeting)) = find(&app, MeetingCode::parse(&code)).await? else {
        refuse(&app, &occasion, None, Code::new("no_such_code")).await?;
        return Err(SUPPORT_NOT_FOUND.into());
    };
    if let Decision::Deny(reason) = offered(&app, &session, &meeting, now).await? {
        let reason = Code::new(reason.code());
        refuse(&app, &occasion, Some(&session), reason).await?;
        return Err(SUPPORT_NOT_FOUND.into());
    }
    let organisation = app.store.organisation(session.organisation).await?;
    let organisation = organisation.ok_or(SUPPORT_NOT_FOUND)?;
    app.throttles.wrong_codes().was_right(from);
    Ok(Json(SupportOffer {
        organisation: organisation.name,
        technician: session.technician_name,
        code_until: session.code_until,
    }))
}

async fn find(
    app: &App,
    code: Option<MeetingCode>,
) -> Result<Option<(SupportSession, Meeting)>, Refusal> {
    let meeting = match code {
        Some(code) => app.store.meeting_by_code(code).await?,
        None => None,
    };
    let Some(meeting) = meeting.filter(|meeting| meeting.is_support) else {
        return Ok(None);
    };
    let session = app.store.support_of(meeting.id).await?;
    Ok(session.map(|session| (session, meeting)))
}

async fn offered(
    app: &App,
    session: &SupportSession,
    meeting: &Meeting,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    match held(app, meeting).await? {
        Decision::Allow => Ok(may_join(&session.standing(), Comer::Customer, now)),
        denied => Ok(denied),
    }
}

/// Asking with GET is not slowed down like changes: what it puts on record is.
async fn refuse(
    app: &App,
    occasion: &Occasion,
    session: Option<&SupportSession>,
    reason: Code,
) -> Result<(), Refusal> {
    let event = Event::SupportCodeRefused {
        session: session.map(|session| session.id.0),
    };
    let organisation = session.map(|session| session.organisation);
    let entry = occasion.entry(organisation, Actor::Anonymous, event)?;
    app.record_at_pace(occasion, entry.refused(reason)).await;
    Ok(())
}

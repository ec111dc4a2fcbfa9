//! `GET /api/v1/meetings/{id}/support/terms`: what policy permits in a session, at this moment.

use axum::Json;
use axum::extract::State;
use conclave_audit::{Code, Event, Hex};
use conclave_policy::capability::MeetingAction;
use conclave_policy::support::sealed_to;
use conclave_policy::unattended::has_ended;
use conclave_protocol::policy::Permitted;
use conclave_protocol::problem::Problem;
use conclave_protocol::support::SupportTerms;
use conclave_protocol::{AccountId, SupportDeviceId, Timestamp};
use conclave_store::ReadError;

use super::{can_keep, held, terms_of};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::Present;
use crate::http::problem::{Refusal, SUPPORT_NOT_FOUND};

/// The most that a technician may ask for. Nothing where they may not hold support any more, or, at a computer where nobody
/// need be, none of that kind. For everybody in the session's
/// meeting, and who waits for it to begin.
#[utoipa::path(
    get,
    operation_id = "readSupportTerms",
    path = "/meetings/{id}/support/terms",
    tag = "support",
    params(("id" = String, Path, format = Uuid)),
    security(("participant" = [])),
    responses(
        (status = 200, body = SupportTerms),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 410, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    present: Present,
    occasion: Occasion,
) -> Result<Json<SupportTerms>, Refusal> {
    let to = Code::new("support_terms");
    let entry = present.entry(&occasion, Event::AccessRefused { to })?;
    present
        .may_read(&app, MeetingAction::OpenChannel, &occasion, &entry)
        .await?;
    let Some(session) = app.store.support_of(present.meeting.id).await? else {
        let refused = entry.refused(Code::new("no_such_session"));
        app.record_at_pace(&occasion, refused).await;
        return Err(SUPPORT_NOT_FOUND.into());
    };
    let permitted = Permitted {
        data_mode: app.policies.data_mode(&present.meeting).await?,
        ..app.policies.of_host(&present.meeting).await?
    };
    let at = app.store.unattended_in(present.meeting.id).await?;
    let is_let_in = match at {
        None => true,
        Some(at) => {
            let granted = is_granted(&app, at.device, session.technician, occasion.now);
            permitted.support_unattended && granted.await?
        }
    };
    let support = is_let_in
        && held(&app, &present.meeting).await?.is_allowed()
        && can_keep(&app, session.organisation, permitted.data_mode).await?;
    let terms = terms_of(&Permitted {
        support,
        ..permitted
    });
    let key = match terms.must_record {
        true => app.store.newest_recording_key(session.organisation).await?,
        false => None,
    };
    let key = key.map(|key| Hex(key.fingerprint).to_string());
    let terms = SupportTerms {
        questions: app.store.questions_in_support(session.id).await?,
        ..terms
    };
    Ok(Json(sealed_to(terms, key)))
}

/// A computer that was taken out, or whose enrolment is over, is granted to nobody.
async fn is_granted(
    app: &App,
    device: SupportDeviceId,
    technician: AccountId,
    now: Timestamp,
) -> Result<bool, ReadError> {
    if app.store.is_granted(device, technician, now).await? {
        return Ok(true);
    }
    let computer = app.store.computer(device).await?;
    if computer.is_some_and(|computer| has_ended(computer.ends_at, now)) {
        app.computers.look_for_ends();
    }
    Ok(false)
}

//! `POST /api/v1/support/sessions`: offers help, with a meeting of its own.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_policy::support::{CODE_LASTS, LONGEST, may_hold};
use conclave_policy::time_out::OwnTimeOuts;
use conclave_protocol::meeting::{EntryRule, MeetingCode, Uninvited};
use conclave_protocol::personal::Title;
use conclave_protocol::problem::Problem;
use conclave_protocol::support::{OpenSupport, SupportSession};
use conclave_protocol::{AccountId, MeetingId, SupportSessionId, Timestamp};
use conclave_store::{Record, Refused, WriteError, action};

use super::{can_keep, shown};
use crate::app::App;
use crate::http::meetings::create::{DRAWS, verifier};
use crate::http::occasion::Occasion;
use crate::http::present::{decide, not_written, recall};
use crate::http::problem::{NO_CODE_FREE, RECORDING_KEY_MISSING, Refusal, SUPPORT_NOT_FOUND};
use crate::http::repeatable::Repeatable;
use crate::http::signed_in::SignedIn;
use crate::{id, meeting_code};

/// Opens a session for one customer, who comes by its code or link within ten minutes; one session for all requests with one
/// key. For owners, admins and representatives, where policy does not say otherwise. The caller comes into its meeting as into
/// one that they host.
#[utoipa::path(
    post,
    operation_id = "openSupport",
    path = "/support/sessions",
    tag = "support",
    params(("Idempotency-Key" = Option<String>, Header, format = Uuid)),
    request_body = OpenSupport,
    responses(
        (status = 201, body = SupportSession),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Repeatable { body, command }: Repeatable<OpenSupport>,
) -> Result<(StatusCode, Json<SupportSession>), Refusal> {
    let AccountId(account) = signed_in.account.id;
    let once = command.map(|command| command.once(account, occasion.now));
    let (session, meeting) = (id::fresh(occasion.now)?, id::fresh(occasion.now)?);
    let opened = Event::SupportOpened { session, meeting };
    let entry = |event: &Event| {
        let organisation = Some(signed_in.account.organisation);
        occasion.entry(organisation, signed_in.actor(), event.clone())
    };
    if let Some(once) = &once
        && let Some(open) = recall::<action::OpenSupport>(&app, once, &entry(&opened)?).await?
    {
        return answer(&app, open, &signed_in, occasion.now).await;
    }
    signed_in
        .may(&app, AccountAction::HoldSupport, &occasion, &opened)
        .await?;
    let holds = may_hold(signed_in.account.role, &signed_in.permitted);
    decide(&app, holds, &entry(&opened)?).await?;
    let mode = signed_in.permitted.data_mode;
    if !can_keep(&app, signed_in.account.organisation, mode).await? {
        let refused = entry(&opened)?.refused(Code::new("no_recording_key"));
        app.record(refused).await;
        return Err(RECORDING_KEY_MISSING.into());
    }
    let verifier = verifier(&body.invitation_verifier)?;
    for _ in 0..DRAWS {
        let act = action::OpenSupport {
            id: SupportSessionId(session),
            meeting: meeting_of(
                MeetingId(meeting),
                &signed_in,
                meeting_code::draw()?,
                verifier,
                occasion.now,
            ),
            code_until: occasion.now.plus(CODE_LASTS),
        };
        let made = entry(&Event::MeetingCreate { meeting })?;
        let opened = entry(&opened)?;
        let record = Record::from([made, opened.clone()]);
        match app.store.write_once(once.clone(), act, record).await {
            Err(WriteError::Refused(Refused::CodeTaken)) => {}
            Err(error) => return Err(not_written(&app, error, opened).await),
            Ok(open) => return answer(&app, open.done, &signed_in, occasion.now).await,
        }
    }
    Err(NO_CODE_FREE.into())
}

/// Of a session nothing lingers: where nobody is, or no technician, it is over before long.
pub(super) fn meeting_of(
    id: MeetingId,
    technician: &SignedIn,
    code: MeetingCode,
    invitation_verifier: [u8; 32],
    at: Timestamp,
) -> action::CreateMeeting {
    action::CreateMeeting {
        id,
        organisation: technician.account.organisation,
        host: technician.account.id,
        code,
        title: Title::parse(TITLE).expect("the words are a title"),
        starts_at: None,
        planned: None,
        invitation_verifier,
        time_outs: OwnTimeOuts {
            empty: Some(ALONE),
            host_absent: Some(ALONE),
            longest: Some(LONGEST),
            idle_share: None,
        },
        data_mode: technician.permitted.data_mode,
        entry: EntryRule::Link,
        uninvited: Uninvited::Wait,
        invited: Vec::new(),
        at,
    }
}

async fn answer(
    app: &App,
    open: SupportSessionId,
    technician: &SignedIn,
    now: Timestamp,
) -> Result<(StatusCode, Json<SupportSession>), Refusal> {
    let session = app.store.support_session(open).await?;
    let session = session.ok_or(SUPPORT_NOT_FOUND)?;
    let shown = shown(session, &technician.permitted, now);
    Ok((StatusCode::CREATED, Json(shown)))
}

/// A host's own words are for meetings that people have; nobody looks for this one.
const TITLE: &str = "Remote support";
/// How long a session goes on without its technician. The agent ends it after a minute without a connection; shorter ends it
/// while a page is loaded again.
const ALONE: Duration = Duration::from_secs(5 * 60);

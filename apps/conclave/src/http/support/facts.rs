//! `POST /api/v1/meetings/{id}/support/facts`: what the agent at a computer lets be known.
//!
//! # Security
//! The record says that the agent said so. An agent that somebody changed says what it likes, of its own session alone.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Entry, Event};
use conclave_policy::support::may_report;
use conclave_protocol::SupportSessionId;
use conclave_protocol::problem::Problem;
use conclave_protocol::support::{ReportSupport, SupportFact};
use conclave_store::{Record, action};
use uuid::Uuid;

use super::{hear, in_meeting, is_helped};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{Present, not_written, recall};
use crate::http::problem::{MALFORMED_REQUEST, Refusal, TOO_MANY_SUPPORT_FACTS};
use crate::http::repeatable::Keyed;

/// Puts facts on record, each as an entry, in their order. With the credential of whom the session helps alone, until an hour
/// after its end.
#[utoipa::path(
    post,
    operation_id = "reportSupport",
    path = "/meetings/{id}/support/facts",
    tag = "support",
    params(
        ("id" = String, Path, format = Uuid),
        ("Idempotency-Key" = String, Header, format = Uuid)
    ),
    request_body = ReportSupport,
    security(("participant" = [])),
    responses(
        (status = 204),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 410, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    present: Present,
    occasion: Occasion,
    Keyed { body, command }: Keyed<ReportSupport>,
) -> Result<StatusCode, Refusal> {
    let once = command.once(present.participant.id.0, occasion.now);
    let to = Code::new("support_facts");
    let entry = present.entry(&occasion, Event::AccessRefused { to })?;
    let reported = recall::<action::ReportSupport>(&app, &once, &entry).await?;
    if reported.is_some() {
        return Ok(StatusCode::NO_CONTENT);
    }
    let session = in_meeting(&app, &present, &entry).await?;
    is_helped(&app, &session, &present, &entry).await?;
    let of_end = body.facts.iter().any(SupportFact::is_of_end);
    let may = may_report(&session.standing(), session.facts, of_end, occasion.now);
    hear(&app, may, TOO_MANY_SUPPORT_FACTS, &entry).await?;
    let entries = entries(&present, &occasion, session.id, &body.facts)?;
    let act = action::ReportSupport {
        session: session.id,
        facts: u32::try_from(body.facts.len()).unwrap_or(u32::MAX),
        of_end,
    };
    let record = Record::after(move |()| entries);
    match app.store.write_once(once, act, record).await {
        Err(error) => Err(not_written(&app, error, entry).await),
        Ok(_) => Ok(StatusCode::NO_CONTENT),
    }
}

fn entries(
    present: &Present,
    occasion: &Occasion,
    SupportSessionId(session): SupportSessionId,
    facts: &[SupportFact],
) -> Result<Vec<Entry>, Refusal> {
    let entry = |fact: &SupportFact| {
        let event = event(session, fact).ok_or(MALFORMED_REQUEST)?;
        present.entry(occasion, event)
    };
    facts.iter().map(entry).collect()
}

/// What the record says of a fact. `None` where a hash is none, which its type does not let in.
fn event(session: Uuid, fact: &SupportFact) -> Option<Event> {
    Some(match fact {
        SupportFact::Permitted { capability } => Event::SupportPermitted {
            session,
            capability: Code::new(capability.code()),
        },
        SupportFact::Refused { capability } => Event::SupportRefused {
            session,
            capability: Code::new(capability.code()),
        },
        SupportFact::Unanswered { capability } => Event::SupportUnanswered {
            session,
            capability: Code::new(capability.code()),
        },
        SupportFact::Withdrawn { capability } => Event::SupportWithdrawn {
            session,
            capability: Code::new(capability.code()),
        },
        SupportFact::ControlBegan {} => Event::SupportControlBegan { session },
        SupportFact::ControlEnded { injected, dropped } => Event::SupportControlEnded {
            session,
            injected: *injected,
            dropped: *dropped,
        },
        SupportFact::LocalOverride { times } => Event::SupportLocalOverride {
            session,
            times: *times,
        },
        SupportFact::InputWithoutControl {} => Event::SupportInputWithoutControl { session },
        SupportFact::FileKept { size, sha256 } => Event::SupportFileKept {
            session,
            size: *size,
            sha256: Code::parse(sha256)?,
        },
        SupportFact::FileSent { size, sha256 } => Event::SupportFileSent {
            session,
            size: *size,
            sha256: Code::parse(sha256)?,
        },
        SupportFact::FileFailed {} => Event::SupportFileFailed { session },
        SupportFact::DiagnosticsSent {} => Event::SupportDiagnosticsSent { session },
        SupportFact::HandedOver {} => Event::SupportHandedOver { session },
        SupportFact::WatcherAdmitted {} => Event::SupportWatcherAdmitted { session },
        SupportFact::Raised {} => Event::SupportRaised { session },
        SupportFact::NotRaised { why } => Event::SupportNotRaised {
            session,
            reason: Code::new(why.code()),
        },
        SupportFact::Lowered {} => Event::SupportLowered { session },
        SupportFact::RestartRefused {} => Event::SupportRestartRefused { session },
        SupportFact::Restarting {} => Event::SupportRestarting { session },
        SupportFact::CameBack {} => Event::SupportCameBack { session },
        SupportFact::Ended { reason } => Event::SupportAgentEnded {
            session,
            reason: Code::new(reason.code()),
        },
    })
}

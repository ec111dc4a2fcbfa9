//! Remote support: sessions opened, offered, told of by the agent at the computer, judged, and ended.
//!
//! What is done in a session crosses its meeting, sealed. Here is who helped whom when, and what the agent lets be known.

pub(super) mod begin_recording;
pub(super) mod code;
pub(super) mod devices;
pub(super) mod end;
pub(super) mod end_recording;
pub(super) mod facts;
pub(super) mod feedback;
pub(super) mod keep_feedback;
pub(super) mod keep_piece;
pub(super) mod list;
pub(super) mod open;
pub(super) mod questions;
pub(super) mod requests;
pub(super) mod terms;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use conclave_audit::{Code, Entry};
use conclave_policy::support::{state, terms as terms_of};
use conclave_policy::{Decision, Reason};
use conclave_protocol::meeting::DataMode;
use conclave_protocol::policy::Permitted;
use conclave_protocol::support as wire;
use conclave_protocol::{OrganisationId, SupportSessionId, Timestamp};
use conclave_store::read::meeting::Meeting;
use conclave_store::read::support::SupportSession;

use super::present::{Present, decide, named};
use super::problem::{Kind, Refusal, SUPPORT_NOT_FOUND, SUPPORT_OVER};
use crate::app::App;

/// The session that the address names.
pub(crate) struct NamedSupport(SupportSessionId);

impl FromRequestParts<App> for NamedSupport {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "support").await;
        id.map(Self).ok_or(SUPPORT_NOT_FOUND.into())
    }
}

/// Whether a meeting's host may hold support at this moment.
pub(super) async fn held(app: &App, meeting: &Meeting) -> Result<Decision, Refusal> {
    Ok(app.policies.support_held(meeting).await?)
}

fn shown(session: SupportSession, permitted: &Permitted, now: Timestamp) -> wire::SupportSession {
    let state = state(&session.standing(), now);
    wire::SupportSession {
        id: session.id,
        meeting: session.meeting,
        code: session.code,
        technician: session.technician,
        technician_name: session.technician_name,
        opened_at: session.opened_at,
        code_until: session.code_until,
        state,
        terms: terms_of(permitted),
        not_come: None,
    }
}

/// Whether a session can be kept, where every session is: there is something to seal it to.
pub(super) async fn can_keep(
    app: &App,
    organisation: OrganisationId,
    mode: DataMode,
) -> Result<bool, Refusal> {
    match mode {
        DataMode::Conduit | DataMode::Retain => Ok(true),
        DataMode::Archive => {
            let key = app.store.newest_recording_key(organisation).await?;
            Ok(key.is_some())
        }
    }
}

/// Whether it is they whom the session helps: nobody else in its meeting has its agent. A refusal is recorded as `entry`'s.
async fn is_helped(
    app: &App,
    session: &SupportSession,
    present: &Present,
    entry: &Entry,
) -> Result<(), Refusal> {
    let is_theirs = session.customer == Some(present.participant.id);
    decide(app, Decision::when(is_theirs, Reason::Role), entry).await
}

/// The session that takes place in a participant's meeting. That there is none is recorded as `entry`'s refusal.
async fn in_meeting(
    app: &App,
    present: &Present,
    entry: &Entry,
) -> Result<SupportSession, Refusal> {
    if let Some(session) = app.store.support_of(present.meeting.id).await? {
        return Ok(session);
    }
    let refused = entry.clone().refused(Code::new("no_such_session"));
    app.record(refused).await;
    Err(SUPPORT_NOT_FOUND.into())
}

/// As [`decide`], in words for whoever was helped. `spent`: why not another time.
async fn hear(app: &App, decision: Decision, spent: Kind, entry: &Entry) -> Result<(), Refusal> {
    let (kind, reason) = match decision {
        Decision::Deny(reason @ Reason::Spent) => (spent, reason),
        Decision::Deny(reason @ Reason::Expired) => (SUPPORT_OVER, reason),
        Decision::Allow | Decision::Deny(_) => return decide(app, decision, entry).await,
    };
    let refused = entry.clone().refused(Code::new(reason.code()));
    app.record(refused).await;
    Err(kind.into())
}

//! `GET /api/v1/support/sessions`: the caller's own sessions. Their page asks by itself, which keeps nobody signed in.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_policy::support::{LISTED_FOR, is_listed};
use conclave_protocol::problem::Problem;
use conclave_protocol::support::{SupportSession, SupportSessions, SupportState};

use super::shown;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::Polling;

/// The sessions that the caller opened within 24 hours: those that are not over first, then newest first, 100 at the most.
/// What is permitted in them is so at this moment.
#[utoipa::path(
    get,
    operation_id = "listSupport",
    path = "/support/sessions",
    tag = "support",
    responses(
        (status = 200, body = SupportSessions),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Polling(signed_in): Polling,
    occasion: Occasion,
) -> Result<Json<SupportSessions>, Refusal> {
    let to = Code::new("support_sessions");
    let action = AccountAction::HoldSupport;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let (account, now) = (signed_in.account.id, occasion.now);
    let since = now.minus(LISTED_FOR);
    let found = app.store.support_sessions(account, since).await?;
    let listed = found
        .into_iter()
        .filter(|session| is_listed(&session.standing(), now));
    let shown = listed.map(|session| shown(session, &signed_in.permitted, now));
    let mut sessions: Vec<_> = shown.map(|session| told_why(&app, session)).collect();
    sessions.sort_by_key(is_over);
    Ok(Json(SupportSessions { sessions }))
}

/// What an enrolled computer says of a session that it does not come into.
fn told_why(app: &App, session: SupportSession) -> SupportSession {
    let waits = session.state == SupportState::Waiting;
    SupportSession {
        not_come: app.computers.why_not(session.id).filter(|_| waits),
        ..session
    }
}

/// A code that nobody used is over before the store knows.
fn is_over(session: &SupportSession) -> bool {
    match session.state {
        SupportState::Waiting | SupportState::Connected { .. } => false,
        SupportState::Ended { .. } | SupportState::Expired => true,
    }
}

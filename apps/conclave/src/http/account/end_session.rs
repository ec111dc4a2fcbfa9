//! `DELETE /api/v1/account/sessions/{session}`: signs out somewhere else.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_store::WriteError;
use conclave_store::action::SignOut;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::NamedSession;
use crate::http::problem::{Refusal, SESSION_NOT_FOUND};
use crate::http::signed_in::SignedIn;

/// Ends one of the account's sessions. Works even while the server can't write its data.
#[utoipa::path(
    delete,
    operation_id = "endSession",
    path = "/account/sessions/{session}",
    tag = "accounts",
    params(("session" = String, Path)),
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    NamedSession(named): NamedSession,
    occasion: Occasion,
) -> Result<StatusCode, Refusal> {
    let account = super::id(&signed_in);
    let event = Event::AuthSessionRevoke { account };
    signed_in
        .may(&app, AccountAction::ChangeOwnSignIn, &occasion, &event)
        .await?;
    let organisation = Some(signed_in.account.organisation);
    let entry = occasion.entry(organisation, signed_in.actor(), event)?;
    let sessions = app.store.sessions_of(signed_in.account.id, occasion.now);
    let found = sessions.await?.into_iter().map(|session| session.id);
    let found = found.into_iter().find(|id| super::public_id(*id) == named);
    let Some(session) = found else {
        app.record(entry.refused(Code::new("not_found"))).await;
        return Err(SESSION_NOT_FOUND.into());
    };
    let ended = app.store.write_or_spool(None, SignOut { session }, entry);
    match ended.await {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        // It ended by itself a moment ago.
        Err(WriteError::Refused(_)) => Err(SESSION_NOT_FOUND.into()),
        Err(error) => Err(error.into()),
    }
}

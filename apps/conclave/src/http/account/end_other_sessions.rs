//! `DELETE /api/v1/account/sessions`: signs out everywhere else.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_store::WriteError;
use conclave_store::action::SignOut;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Ends all of the account's sessions but this one. Works even while the server can't write its data.
#[utoipa::path(
    delete,
    operation_id = "endOtherSessions",
    path = "/account/sessions",
    tag = "accounts",
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<StatusCode, Refusal> {
    let account = super::id(&signed_in);
    let event = Event::AuthSessionRevoke { account };
    signed_in
        .may(&app, AccountAction::ChangeOwnSignIn, &occasion, &event)
        .await?;
    let sessions = app.store.sessions_of(signed_in.account.id, occasion.now);
    for other in sessions.await? {
        if other.id == signed_in.session {
            continue;
        }
        let organisation = Some(signed_in.account.organisation);
        let entry = occasion.entry(organisation, signed_in.actor(), event.clone())?;
        let act = SignOut { session: other.id };
        match app.store.write_or_spool(None, act, entry).await {
            // One may have ended by itself a moment ago.
            Ok(_) | Err(WriteError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

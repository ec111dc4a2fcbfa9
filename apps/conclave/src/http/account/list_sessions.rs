//! `GET /api/v1/account/sessions`: where the account is signed in.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::factor::OpenSession;
use conclave_protocol::problem::Problem;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Whoever was active last comes first. Asking keeps the session open.
#[utoipa::path(
    get,
    operation_id = "listSessions",
    path = "/account/sessions",
    tag = "accounts",
    responses(
        (status = 200, body = Vec<OpenSession>),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<Vec<OpenSession>>, Refusal> {
    let (action, to) = (AccountAction::ChangeOwnSignIn, Code::new("sessions"));
    signed_in.may_read(&app, action, to, &occasion).await?;
    let sessions = app.store.sessions_of(signed_in.account.id, occasion.now);
    let listed = sessions.await?.into_iter().map(|session| OpenSession {
        id: super::public_id(session.id),
        browser: session.browser,
        since: session.created_at,
        last_active_at: session.last_active_at,
        this: session.id == signed_in.session,
    });
    Ok(Json(listed.collect()))
}

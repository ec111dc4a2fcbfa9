//! `POST /api/v1/support/requests/{request}/take`: a technician gives whoever asked the sealed link of a session.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Entry, Event};
use conclave_policy::support;
use conclave_protocol::problem::Problem;
use conclave_protocol::support::SupportState;
use conclave_protocol::support_queue::TakeRequest;
use conclave_protocol::{AccountId, SupportSessionId, Timestamp};
use conclave_store::{Refused, action};

use super::{NAMES, NamedHelp, entry_of_helper, may_help};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{not_written_as, recall};
use crate::http::problem::{Refusal, SUPPORT_NOT_FOUND};
use crate::http::repeatable::Repeatable;
use crate::http::signed_in::SignedIn;

/// Once, by the technician who claimed it last. The session is the caller's own, and nobody has come to it. Who asked, and what
/// it was about, is kept no longer.
#[utoipa::path(
    post,
    operation_id = "takeHelpRequest",
    path = "/support/requests/{request}/take",
    tag = "support",
    params(
        ("request" = String, Path, format = Uuid),
        ("Idempotency-Key" = Option<String>, Header, format = Uuid)
    ),
    request_body = TakeRequest,
    responses(
        (status = 204),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    NamedHelp(request): NamedHelp,
    signed_in: SignedIn,
    occasion: Occasion,
    Repeatable { body, command }: Repeatable<TakeRequest>,
) -> Result<StatusCode, Refusal> {
    let AccountId(account) = signed_in.account.id;
    let once = command.map(|command| command.once(account, occasion.now));
    let event = Event::SupportRequestTaken {
        request: request.0,
        session: body.session.0,
    };
    let entry = entry_of_helper(&signed_in, &occasion, event)?;
    if let Some(once) = &once
        && recall::<action::TakeRequest>(&app, once, &entry)
            .await?
            .is_some()
    {
        return Ok(StatusCode::NO_CONTENT);
    }
    may_help(&app, &signed_in, &occasion, &entry).await?;
    is_to_give(&app, body.session, &signed_in, occasion.now, &entry).await?;
    let act = action::TakeRequest {
        request,
        organisation: signed_in.account.organisation,
        by: signed_in.account.id,
        session: body.session,
        sealed: body.sealed,
        at: occasion.now,
    };
    match app.store.write_once(once, act, entry.clone()).await {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(error) => {
            let [unknown] = NAMES;
            let names = [unknown, (Refused::Conflict, SUPPORT_NOT_FOUND)];
            Err(not_written_as(&app, error, entry, &names).await)
        }
    }
}

/// Another's session does not exist to them, nor one that somebody has come to. A refusal is recorded as `entry`'s.
async fn is_to_give(
    app: &App,
    session: SupportSessionId,
    technician: &SignedIn,
    now: Timestamp,
    entry: &Entry,
) -> Result<(), Refusal> {
    let session = app.store.support_session(session).await?;
    let own = session.filter(|session| session.technician == technician.account.id);
    let state = own.map(|session| support::state(&session.standing(), now));
    if state == Some(SupportState::Waiting) {
        return Ok(());
    }
    let refused = entry.clone().refused(Code::new("no_such_session"));
    app.record(refused).await;
    Err(SUPPORT_NOT_FOUND.into())
}

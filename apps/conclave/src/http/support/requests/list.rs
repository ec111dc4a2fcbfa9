//! `GET /api/v1/support/requests`: who waits for help. Technicians' pages ask by themselves, which keeps nobody signed in.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_policy::support_queue::{CLAIMED_FOR, may_take};
use conclave_protocol::problem::Problem;
use conclave_protocol::support_queue::{HelpRequest, HelpRequests};
use conclave_protocol::{AccountId, Timestamp};
use conclave_store::read::support_queue::SupportRequest;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::Polling;

/// Who asked first is first. For owners, admins and representatives; nobody where policy has no queue for the caller.
#[utoipa::path(
    get,
    operation_id = "listHelpRequests",
    path = "/support/requests",
    tag = "support",
    responses(
        (status = 200, body = HelpRequests),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Polling(signed_in): Polling,
    occasion: Occasion,
) -> Result<Json<HelpRequests>, Refusal> {
    let to = Code::new("support_requests");
    let action = AccountAction::HoldSupport;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let (account, now) = (&signed_in.account, occasion.now);
    let waiting = match may_take(account.role, &signed_in.permitted).is_allowed() {
        true => {
            app.store
                .support_requests(account.organisation, now)
                .await?
        }
        false => Vec::new(),
    };
    let waiting = waiting.into_iter();
    let requests = waiting.filter_map(|request| shown(request, account.id, now));
    Ok(Json(HelpRequests {
        requests: requests.collect(),
    }))
}

/// Who is taken has no name here any more.
fn shown(request: SupportRequest, to: AccountId, now: Timestamp) -> Option<HelpRequest> {
    let is_claimed = request.claimed_by.is_some_and(|by| by != to)
        && request
            .claimed_at
            .is_some_and(|at| now.since(at) < CLAIMED_FOR);
    Some(HelpRequest {
        id: request.id,
        name: request.name?,
        matter: request.matter,
        asked_at: request.asked_at,
        key: request.public_key,
        is_claimed,
    })
}

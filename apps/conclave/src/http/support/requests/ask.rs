//! `POST /api/v1/support/requests`: somebody asks for help, without an account.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Actor, Code, Entry, Event};
use conclave_policy::Decision;
use conclave_protocol::SupportRequestId;
use conclave_protocol::problem::Problem;
use conclave_protocol::support_queue::{AskForHelp, HelpAsked};
use conclave_store::{WriteError, action};

use super::queue_of;
use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::problem::{QUEUE_OFF, Refusal, TOO_MANY_REQUESTS};
use crate::{id, secret};

/// They wait for a technician of the organisation, where its policy's `support_queue` is on: for half an hour at the most, and
/// as long as their page asks how it stands.
#[utoipa::path(
    post,
    operation_id = "askForHelp",
    path = "/support/requests",
    tag = "support",
    request_body = AskForHelp,
    responses(
        (status = 201, body = HelpAsked),
        (status = 400, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
    Body(body): Body<AskForHelp>,
) -> Result<(StatusCode, Json<HelpAsked>), Refusal> {
    let (from, now) = (occasion.source.address, occasion.now);
    let organisation = app.store.first_organisation().await?.ok_or(QUEUE_OFF)?.id;
    let id = SupportRequestId(id::fresh(now)?);
    let event = Event::SupportRequested { request: id.0 };
    let entry = occasion.entry(Some(organisation), Actor::Anonymous, event)?;
    if let Decision::Deny(reason) = queue_of(&app, organisation).await? {
        refuse(&app, &occasion, entry, Code::new(reason.code())).await;
        return Err(QUEUE_OFF.into());
    }
    let charged = app.throttles.asked_for_help().admit(from, now);
    if let Err(throttled) = charged {
        refuse(&app, &occasion, entry, Code::new("throttled")).await;
        let wait = throttled.until.since(now);
        return Err(Refusal::after(TOO_MANY_REQUESTS, wait));
    }
    let (token, hash) = secret::fresh()?;
    let act = action::AskForHelp {
        id,
        organisation,
        token: hash,
        public_key: body.key,
        name: body.name,
        matter: body.matter,
        at: now,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok((StatusCode::CREATED, Json(HelpAsked { id, token }))),
        Err(error) => Err(refusal(&app, &occasion, error, entry).await),
    }
}

async fn refusal(app: &App, occasion: &Occasion, error: WriteError, entry: Entry) -> Refusal {
    if let WriteError::Refused(refused) = &error {
        refuse(app, occasion, entry, Code::new(refused.code())).await;
    }
    error.into()
}

/// Strangers can send this: their refusals are on record no faster than others of theirs.
async fn refuse(app: &App, occasion: &Occasion, entry: Entry, reason: Code) {
    app.record_at_pace(occasion, entry.refused(reason)).await;
}

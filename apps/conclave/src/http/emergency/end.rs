//! `POST /api/v1/emergency/end`: gives emergency access back.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Actor, Event};
use conclave_policy::{Decision, Reason};
use conclave_protocol::emergency::EmergencyEnd;
use conclave_protocol::problem::Problem;

use crate::app::App;
use crate::emergencies::{self, Closing};
use crate::http::occasion::Occasion;
use crate::http::present::{decide, not_written, to_the_end};
use crate::http::problem::{EMERGENCY_NOT_OPEN, Refusal};
use crate::http::signed_in::InEmergency;

/// It opens nothing any more, and whoever is in a meeting by it is out.
#[utoipa::path(
    post,
    operation_id = "endEmergency",
    path = "/emergency/end",
    tag = "emergency",
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    InEmergency(signed_in): InEmergency,
    occasion: Occasion,
) -> Result<StatusCode, Refusal> {
    emergencies::end_those_over(&app).await;
    let organisation = Some(signed_in.account.organisation);
    let open = app.store.open_emergency(signed_in.account.id).await?;
    let event = Event::EmergencyEnd {
        invoked: open.as_ref().map(|open| open.id.0),
    };
    let entry = occasion.entry(organisation, signed_in.actor(), event)?;
    let decision = Decision::when(open.is_some(), Reason::NoEmergency);
    decide(&app, decision, &entry).await?;
    let id = open.ok_or(EMERGENCY_NOT_OPEN)?.id;
    let closing = Closing {
        id,
        by: EmergencyEnd::Holder,
        at: occasion.now,
        entry: entry.clone(),
        stamp: move |actor: Actor, event| occasion.entry(organisation, actor, event),
    };
    to_the_end(async move {
        match closing.write(&app).await {
            Ok(()) => Ok(StatusCode::NO_CONTENT),
            Err(error) => Err(not_written(&app, error, entry).await),
        }
    })
    .await
}

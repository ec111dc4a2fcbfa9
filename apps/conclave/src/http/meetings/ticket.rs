//! `POST /api/v1/meetings/{id}/ticket`: a ticket for the media connection.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use conclave_audit::{Event, TicketKind};
use conclave_policy::capability::MeetingAction;
use conclave_policy::join_ticket::{Holder, come_back};
use conclave_protocol::meeting::JoinTicket;
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::action::IssueTicket;
use conclave_store::{Refused, WriteError};

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::own_browser::{self, Kept};
use crate::http::present::{Present, decide, not_written};
use crate::http::problem::{NOT_ADMITTED, Refusal};

/// A ticket for LiveKit's signalling at this server: good for 60 seconds and one join. One that a page asked for is good in its
/// browser alone.
#[utoipa::path(
    post,
    operation_id = "issueTicket",
    path = "/meetings/{id}/ticket",
    tag = "participants",
    params(("id" = String, Path, format = Uuid)),
    security(("participant" = [])),
    responses(
        (status = 201, body = JoinTicket),
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
    headers: HeaderMap,
) -> Result<(StatusCode, Kept, Json<JoinTicket>), Refusal> {
    let MeetingId(meeting) = present.meeting.id;
    let ParticipantId(participant) = present.participant.id;
    let event = Event::MeetingTicket {
        meeting,
        participant,
        kind: TicketKind::Join,
    };
    let entry = present.entry(&occasion, event)?;
    present.may(&app, MeetingAction::Connect, &entry).await?;
    decide(&app, come_back(holder(&present), occasion.now), &entry).await?;
    let kept = own_browser::remember(&headers)?;
    let issued = app.tickets.join_ticket(
        present.meeting.id,
        present.participant.id,
        own_browser::asking(&headers),
    )?;
    let act = IssueTicket {
        id: issued.id,
        participant: present.participant.id,
        at: occasion.now,
        expires_at: issued.expires_at,
    };
    match app.store.write(act, entry.clone()).await {
        Err(error @ WriteError::Refused(Refused::NotFound)) => {
            not_written(&app, error, entry).await;
            Err(NOT_ADMITTED.into())
        }
        Err(error) => Err(not_written(&app, error, entry).await),
        Ok(()) => {
            let ticket = JoinTicket {
                ticket: issued.token,
                expires_at: issued.expires_at,
            };
            Ok((StatusCode::CREATED, kept, Json(ticket)))
        }
    }
}

fn holder(
    Present {
        meeting,
        participant,
    }: &Present,
) -> Holder {
    Holder {
        meeting: meeting.state,
        locked: meeting.locked,
        role: participant.role,
        admission: participant.admission,
        gone_since: (!participant.connected).then_some(participant.connection_changed_at),
    }
}

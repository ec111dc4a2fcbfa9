//! `POST /api/v1/meetings/{id}/companion/facts`: what the agent at a presenter's computer lets be known.
//!
//! # Security
//! The record says that the agent said so. An agent that somebody changed says what it likes, of its own computer alone.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Entry, Event};
use conclave_policy::companion::most_facts;
use conclave_policy::{Decision, Reason};
use conclave_protocol::companion::ReportCompanion;
use conclave_protocol::problem::Problem;
use conclave_protocol::support::SupportFact;
use conclave_sfu::Line;
use conclave_store::{Record, action};

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{Present, decide, not_written, recall};
use crate::http::problem::{Refusal, TOO_MANY_SUPPORT_FACTS};
use crate::http::repeatable::Keyed;
use crate::rooms::Room;

/// Puts facts of one turn on record, each as an entry, in their order. With a computer's credential alone. That the turn is
/// over ends it: nobody uses the computer until its owner says who.
#[utoipa::path(
    post,
    operation_id = "reportCompanion",
    path = "/meetings/{id}/companion/facts",
    tag = "companions",
    params(
        ("id" = String, Path, format = Uuid),
        ("Idempotency-Key" = String, Header, format = Uuid)
    ),
    request_body = ReportCompanion,
    security(("participant" = [])),
    responses(
        (status = 204),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    present: Present,
    occasion: Occasion,
    Keyed { body, command }: Keyed<ReportCompanion>,
) -> Result<StatusCode, Refusal> {
    let once = command.once(present.participant.id.0, occasion.now);
    let to = Code::new("companion_facts");
    let entry = present.entry(&occasion, Event::AccessRefused { to })?;
    let reported = recall::<action::ReportOfCompanion>(&app, &once, &entry).await?;
    if reported.is_some() {
        return Ok(StatusCode::NO_CONTENT);
    }
    let companion = app.store.companion(present.participant.id).await?;
    let is_one = Decision::when(companion.is_some(), Reason::Role);
    decide(&app, is_one, &entry).await?;
    let of_end = body.facts.iter().any(SupportFact::is_of_end);
    let told = companion.map_or(0, |companion| companion.facts);
    if told >= most_facts(of_end) {
        let refused = entry.refused(Code::new(Reason::Spent.code()));
        app.record(refused).await;
        return Err(TOO_MANY_SUPPORT_FACTS.into());
    }
    let entries = entries(&present, &occasion, &body)?;
    if entries.is_empty() {
        return Ok(StatusCode::NO_CONTENT);
    }
    let act = action::ReportOfCompanion {
        meeting: present.meeting.id,
        companion: present.participant.id,
        turn: body.turn,
        facts: u32::try_from(body.facts.len()).unwrap_or(u32::MAX),
        of_end,
    };
    let record = Record::after(move |_: &action::TurnOver| entries);
    match app.store.write_once(once, act, record).await {
        Err(error) => Err(not_written(&app, error, entry).await),
        Ok(answer) => {
            if let Some(turn) = answer.done.turn {
                hang_up(&app, &present, turn).await;
            }
            Ok(StatusCode::NO_CONTENT)
        }
    }
}

/// Nobody uses it from this turn on. The computer has ended it already: what still comes there is dropped by it.
async fn hang_up(app: &App, present: &Present, turn: u32) {
    let line = Line {
        to: None,
        turn: turn.into(),
    };
    match Room::reserve(&app.media, present.meeting.id).await {
        Ok(room) => room.set_line(present.participant.id, line),
        Err(_busy) => tracing::error!("a media room was not told that nobody uses a computer"),
    }
    app.channels.changed(present.meeting.id);
}

/// Of each fact that says more than others do.
fn entries(
    present: &Present,
    occasion: &Occasion,
    report: &ReportCompanion,
) -> Result<Vec<Entry>, Refusal> {
    let events = report.facts.iter();
    let events = events.filter_map(|fact| event(present, report.turn, fact));
    events.map(|event| present.entry(occasion, event)).collect()
}

/// `None`: it does not happen in a meeting, or follows from what is on record.
fn event(present: &Present, turn: u32, fact: &SupportFact) -> Option<Event> {
    let (meeting, companion) = (present.meeting.id.0, present.participant.id.0);
    Some(match fact {
        SupportFact::Permitted { capability } => Event::CompanionPermitted {
            meeting,
            companion,
            turn,
            capability: Code::new(capability.code()),
        },
        SupportFact::Refused { capability } | SupportFact::Unanswered { capability } => {
            Event::CompanionRefused {
                meeting,
                companion,
                turn,
                capability: Code::new(capability.code()),
            }
        }
        SupportFact::ControlBegan {} => Event::CompanionControlBegan {
            meeting,
            companion,
            turn,
        },
        SupportFact::ControlEnded { injected, dropped } => Event::CompanionControlEnded {
            meeting,
            companion,
            turn,
            injected: *injected,
            dropped: *dropped,
        },
        SupportFact::InputWithoutControl {} => Event::CompanionInputWithoutControl {
            meeting,
            companion,
            turn,
        },
        SupportFact::Ended { reason } => Event::CompanionTurnOver {
            meeting,
            companion,
            turn,
            reason: Code::new(reason.code()),
        },
        _ => return None,
    })
}

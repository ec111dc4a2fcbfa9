//! `POST /api/v1/meetings/{id}/lobby/admit-all`: lets those in at once whom a host sees in the lobby.

use axum::Json;
use axum::extract::State;
use conclave_audit::{Code, Entry, Event};
use conclave_policy::meeting::{self, MOST_WAITING_WITH_LINK};
use conclave_policy::{Decision, Reason, admission};
use conclave_protocol::meeting::{AdmitAll, AdmittedAll};
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::{Record, action};

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{Present, decide, not_written, recall, to_the_end};
use crate::http::problem::{MALFORMED_REQUEST, Refusal};
use crate::http::repeatable::Keyed;
use crate::secret::NoRandomness;

/// Lets those of them in who wait still. To hosts only; not while the meeting is locked, nor into a support session. Whom
/// policy lets nobody in without the passcode waits on.
#[utoipa::path(
    post,
    operation_id = "admitAllParticipants",
    path = "/meetings/{id}/lobby/admit-all",
    tag = "participants",
    params(
        ("id" = String, Path, format = Uuid),
        ("Idempotency-Key" = String, Header, format = Uuid)
    ),
    request_body = AdmitAll,
    security(("participant" = [])),
    responses(
        (status = 200, body = AdmittedAll),
        (status = 400, body = Problem),
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
    Keyed { body, command }: Keyed<AdmitAll>,
) -> Result<Json<AdmittedAll>, Refusal> {
    if body.participants.len() > MOST_WAITING_WITH_LINK as usize {
        return Err(MALFORMED_REQUEST.into());
    }
    let once = command.once(present.participant.id.0, occasion.now);
    let MeetingId(id) = present.meeting.id;
    let entry = present.entry(&occasion, Event::MeetingAdmitAll { meeting: id })?;
    if let Some(admitted) = recall::<action::AdmitAll>(&app, &once, &entry).await? {
        return Ok(answer(admitted));
    }
    let Present { meeting, .. } = &present;
    let decision = meeting::admit(meeting.state, meeting.locked, present.member());
    decide(&app, decision, &entry).await?;
    // A support session is for one of them, and who it is a technician says by name.
    let several = Decision::when(!meeting.is_support, Reason::Role);
    decide(&app, several, &entry).await?;
    let Sorted {
        admissible,
        refused,
    } = sort(&app, &present, &entry, body.participants).await?;
    let act = action::AdmitAll {
        meeting: present.meeting.id,
        participants: admissible,
        at: occasion.now,
    };
    to_the_end(async move {
        let record = record(&present, &occasion, &entry, refused);
        match app.store.write_once(once, act, record).await {
            Err(error) => Err(not_written(&app, error, entry).await),
            Ok(written) => {
                app.channels.changed(present.meeting.id);
                Ok(answer(written.done))
            }
        }
    })
    .await
}

/// Those who were named.
struct Sorted {
    admissible: Vec<ParticipantId>,
    /// Whom nobody may let in at this moment, and why.
    refused: Vec<(ParticipantId, Reason)>,
}

/// Who of them a host may let in. Refused where some may not, and nobody else is named.
async fn sort(
    app: &App,
    present: &Present,
    entry: &Entry,
    named: Vec<ParticipantId>,
) -> Result<Sorted, Refusal> {
    let permitted = app.policies.of_host(&present.meeting).await?;
    let needs_passcode = !permitted.key_without_passcode;
    let lobby = app.store.lobby(present.meeting.id).await?;
    let (mut admissible, mut refused) = (Vec::new(), Vec::new());
    for participant in named {
        let waits = lobby.iter().find(|waits| waits.id == participant);
        // Who does not wait is let in by nothing.
        let decision = waits.map_or(Decision::Allow, |waits| {
            admission::let_in(needs_passcode, waits.proven)
        });
        match decision {
            Decision::Allow => admissible.push(participant),
            Decision::Deny(reason) => refused.push((participant, reason)),
        }
    }
    match refused.first() {
        Some((_, reason)) if admissible.is_empty() => {
            decide(app, Decision::Deny(*reason), entry).await?;
        }
        Some(_) | None => {}
    }
    Ok(Sorted {
        admissible,
        refused,
    })
}

/// The act, each whom it let in, and each whom it did not.
fn record(
    present: &Present,
    occasion: &Occasion,
    entry: &Entry,
    refused: Vec<(ParticipantId, Reason)>,
) -> Record<action::AdmittedAll> {
    let (organisation, actor) = (Some(present.meeting.organisation), present.actor());
    let MeetingId(meeting) = present.meeting.id;
    let (occasion, entry) = (occasion.clone(), entry.clone());
    Record::after(move |admitted: &action::AdmittedAll| {
        let stamp = |ParticipantId(participant): ParticipantId| {
            let event = Event::MeetingAdmit {
                meeting,
                participant,
            };
            occasion.entry(organisation, actor.clone(), event)
        };
        let let_in = admitted.participants.iter().copied().map(&stamp);
        let kept_out = refused.iter().map(|(participant, reason)| {
            let reason = Code::new(reason.code());
            stamp(*participant).map(|entry| entry.refused(reason))
        });
        let each: Result<Vec<_>, NoRandomness> = let_in.chain(kept_out).collect();
        // Without randomness there are no entries, and without entries nobody is let in.
        each.map_or_else(|_| Vec::new(), |each| [vec![entry], each].concat())
    })
}

fn answer(admitted: action::AdmittedAll) -> Json<AdmittedAll> {
    Json(AdmittedAll {
        revision: admitted.revision.0,
        participants: admitted.participants,
    })
}

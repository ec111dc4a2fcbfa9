//! `POST /api/v1/meetings/{id}/companion/{participant}/control`: somebody may ask to use a computer, or nobody any more.

use axum::Json;
use axum::extract::State;
use conclave_audit::{Code, Entry, Event};
use conclave_policy::capability::MeetingAction;
use conclave_policy::companion::{Owner, may_give, may_send, may_take_back};
use conclave_policy::{Decision, Reason};
use conclave_protocol::ParticipantId;
use conclave_protocol::companion::GiveControl;
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::problem::Problem;
use conclave_sfu::Line;
use conclave_store::action::LendCompanion;

use super::{member, permitted, presents};
use crate::app::App;
use crate::http::command::done;
use crate::http::occasion::Occasion;
use crate::http::present::{NamedParticipant, Present, decide, not_written, recall, to_the_end};
use crate::http::problem::{COMPANION_NOT_FOUND, Refusal};
use crate::http::repeatable::Keyed;
use crate::rooms::Room;

/// For its owner alone. Whoever used it before uses it no longer, and nothing of theirs that is on its way comes there. To
/// give it takes that its owner may show a screen, and policy; to take it back takes nothing.
#[utoipa::path(
    post,
    operation_id = "giveControl",
    path = "/meetings/{id}/companion/{participant}/control",
    tag = "companions",
    params(
        ("id" = String, Path, format = Uuid),
        ("participant" = String, Path, format = Uuid),
        ("Idempotency-Key" = String, Header, format = Uuid)
    ),
    request_body = GiveControl,
    security(("participant" = [])),
    responses(
        (status = 200, body = CommandDone),
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
    NamedParticipant(companion): NamedParticipant,
    occasion: Occasion,
    Keyed { body, command }: Keyed<GiveControl>,
) -> Result<Json<CommandDone>, Refusal> {
    let once = command.once(present.participant.id.0, occasion.now);
    let entry = present.entry(&occasion, event(&present, companion, body.to))?;
    if let Some(lent) = recall::<LendCompanion>(&app, &once, &entry).await? {
        return Ok(done(lent.revision));
    }
    is_owned(&app, &present, companion, &entry).await?;
    match body.to {
        Some(to) => is_lent(&app, &present, to, &entry).await?,
        None => decide(&app, may_take_back(present.meeting.state), &entry).await?,
    }
    let act = LendCompanion {
        meeting: present.meeting.id,
        companion,
        to: body.to,
    };
    to_the_end(async move {
        let room = Room::reserve(&app.media, present.meeting.id).await?;
        match app.store.write_once(once, act, entry.clone()).await {
            Err(error) => Err(not_written(&app, error, entry).await),
            Ok(lent) => {
                let line = Line {
                    to: body.to.map(|to| to.to_string()),
                    turn: lent.done.turn.into(),
                };
                room.set_line(companion, line);
                app.channels.changed(present.meeting.id);
                Ok(done(lent.done.revision))
            }
        }
    })
    .await
}

fn event(present: &Present, companion: ParticipantId, to: Option<ParticipantId>) -> Event {
    let (meeting, companion) = (present.meeting.id.0, companion.0);
    match to {
        Some(to) => Event::CompanionControlGiven {
            meeting,
            companion,
            to: to.0,
        },
        None => Event::CompanionControlTakenBack { meeting, companion },
    }
}

/// Somebody else's is to them as one that is not there. Who is not in any more has none.
async fn is_owned(
    app: &App,
    present: &Present,
    companion: ParticipantId,
    entry: &Entry,
) -> Result<(), Refusal> {
    let found = app.store.companion(companion).await?;
    let own = found.filter(|found| found.owner == present.participant.id);
    if own.is_some() {
        return Ok(());
    }
    present.may(app, MeetingAction::LendComputer, entry).await?;
    let refused = entry.clone().refused(Code::new("no_such_companion"));
    app.record(refused).await;
    Err(COMPANION_NOT_FOUND.into())
}

async fn is_lent(
    app: &App,
    present: &Present,
    to: ParticipantId,
    entry: &Entry,
) -> Result<(), Refusal> {
    let other = present.sees(app, to, entry).await?;
    let permitted = permitted(app, &present.meeting, &present.participant).await?;
    let owner = Owner {
        member: present.member(),
        presents: presents(app, &present.meeting, &present.participant).await?,
        permitted: &permitted,
    };
    let decision = match to == present.participant.id {
        // They are in front of it.
        true => Decision::Deny(Reason::Role),
        false => may_give(present.meeting.state, owner, member(&other)),
    };
    decide(app, decision, entry).await?;
    let theirs = self::permitted(app, &present.meeting, &other).await?;
    // What they say would not pass.
    let says = Decision::when(may_send(other.role, &theirs), Reason::SwitchedOff);
    decide(app, says, entry).await
}

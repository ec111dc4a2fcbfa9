//! `POST /api/v1/companions`: a computer comes into its owner's meeting.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Actor, Code, Event};
use conclave_policy::admission::{Proof, places};
use conclave_protocol::companion::ShowCompanionCode;
use conclave_protocol::meeting::{Admission, Joined, ParticipantRole};
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, ParticipantId, Timestamp};
use conclave_store::action::{self, BringCompanion, Join};
use conclave_store::{Record, Refused, TokenHash, WriteError};

use super::{Offered, name_of, offered};
use crate::app::App;
use crate::http::body::Body;
use crate::http::meetings::newcomer::consequences;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{COMPANION_NOT_FOUND, Refusal};
use crate::media::Busy;
use crate::rooms::Room;
use crate::{id, secret};

/// Spends the code. The answer holds the computer's credential: it opens the channel and data packets with one participant,
/// and nothing that a person may. It is good while whoever asked for the code is in the meeting.
#[utoipa::path(
    post,
    operation_id = "bringCompanion",
    path = "/companions",
    tag = "companions",
    request_body = ShowCompanionCode,
    responses(
        (status = 201, body = Joined),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
    Body(body): Body<ShowCompanionCode>,
) -> Result<(StatusCode, Json<Joined>), Refusal> {
    let offered = offered(&app, &body.code, &occasion).await?;
    let (meeting, owner) = (offered.meeting.id, offered.owner.id);
    let participant = ParticipantId(id::fresh(occasion.now)?);
    let (credential, hash) = secret::fresh()?;
    let event = Event::CompanionBrought {
        meeting: meeting.0,
        companion: participant.0,
        owner: owner.0,
    };
    let organisation = Some(offered.meeting.organisation);
    let actor = Actor::Participant {
        id: participant.0,
        role: Code::new("companion"),
        account: offered.owner.account.map(|account| account.0),
    };
    let entry = occasion.entry(organisation, actor, event)?;
    let most = u32::try_from(app.config.limits.participants).unwrap_or(u32::MAX);
    let act = BringCompanion {
        id: offered.companion.id,
        owner,
        join: join(&offered, participant, hash, most, &occasion),
    };
    let (brought, following) = (entry.clone(), occasion.clone());
    let record = Record::after(move |joined: &action::Joined| {
        let more = consequences(&following, organisation, meeting.0, joined);
        // Without randomness there are no entries, and without entries nothing comes.
        more.map_or_else(|_| Vec::new(), |more| [vec![brought], more].concat())
    });
    match app.store.write(act, record).await {
        // Its owner has one there, or the door was changed in between: another code is asked for.
        Err(error @ WriteError::Refused(Refused::Conflict)) => {
            not_written(&app, error, entry).await;
            Err(COMPANION_NOT_FOUND.into())
        }
        Err(error) => Err(not_written(&app, error, entry).await),
        Ok(done) => {
            app.channels.changed(meeting);
            if let Some(displaced) = done.displaced {
                send_away(&app, meeting, displaced).await;
            }
            let joined = Joined {
                meeting,
                participant,
                credential,
                role: ParticipantRole::Companion,
                admission: Admission::Admitted,
            };
            Ok((StatusCode::CREATED, Json(joined)))
        }
    }
}

/// Whoever had been away for too long gave up their place.
async fn send_away(app: &App, meeting: MeetingId, displaced: ParticipantId) {
    match Room::reserve(&app.media, meeting).await {
        Ok(room) => room.put_out(displaced),
        Err(Busy) => tracing::error!("somebody without a place was not sent away"),
    }
}

/// As an arrival for which its owner answers: by their account's rights, and beside them.
fn join(
    Offered { meeting, owner, .. }: &Offered,
    participant: ParticipantId,
    credential: TokenHash,
    most: u32,
    occasion: &Occasion,
) -> Join {
    let now: Timestamp = occasion.now;
    let places = places(Admission::Admitted, Proof::Matches, most);
    Join {
        meeting: meeting.id,
        participant,
        credential,
        display_name: name_of(owner),
        account: owner.account,
        role: ParticipantRole::Companion,
        admission: Admission::Admitted,
        client: occasion.source.client(),
        proven: false,
        opens: false,
        decided_on: meeting.state,
        link_admitted: meeting.link_admits,
        was_locked: meeting.locked,
        was_guarded: meeting.is_guarded(now),
        entry: meeting.entry,
        uninvited: meeting.uninvited,
        by_list: None,
        places: places.most,
        absent_since: now.minus(places.kept_for),
        at: now,
    }
}

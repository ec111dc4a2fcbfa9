//! `POST /api/v1/emergency/meetings/{id}/enter`: comes into a meeting by emergency access.
//!
//! Past lobby, lock, list and guard, as a participant under the account's own name, and everybody in the meeting sees how.
//! What opens what is said there is its members' to give.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Entrance, Event, Way};
use conclave_policy::admission::{Proof, places};
use conclave_policy::emergency::Unlocked;
use conclave_protocol::ParticipantId;
use conclave_protocol::meeting::{Admission, Joined, ParticipantRole};
use conclave_protocol::problem::Problem;
use conclave_store::action::{self, EnterByEmergency};
use conclave_store::{Record, Refused, WriteError};
use uuid::Uuid;

use super::newcomer::consequences;
use crate::app::App;
use crate::http::emergency::opened;
use crate::http::occasion::Occasion;
use crate::http::present::{Named, not_written, to_the_end};
use crate::http::problem::{MEETING_NOT_FOUND, Refusal};
use crate::http::signed_in::InEmergency;
use crate::media::Busy;
use crate::rooms::Room;
use crate::{id, recorded, secret};

/// Into a meeting of the organisation that goes on, while emergency access is open. Whoever was put out of it stays out. The
/// answer holds the participant's credential.
#[utoipa::path(
    post,
    operation_id = "enterMeetingInEmergency",
    path = "/emergency/meetings/{id}/enter",
    tag = "emergency",
    params(("id" = String, Path, format = Uuid)),
    responses(
        (status = 201, body = Joined),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    InEmergency(signed_in): InEmergency,
    occasion: Occasion,
    Named(meeting): Named,
) -> Result<(StatusCode, Json<Joined>), Refusal> {
    let organisation = signed_in.account.organisation;
    let event = |invoked: Option<Uuid>, participant: Option<Uuid>| Event::EmergencyUse {
        invoked,
        meeting: meeting.0,
        participant,
    };
    let what = Unlocked::Meeting;
    let open = opened(&app, &signed_in, &occasion, what, event(None, None)).await?;
    let participant = ParticipantId(id::fresh(occasion.now)?);
    let (credential, hash) = secret::fresh()?;
    let entry = |event| occasion.entry(Some(organisation), signed_in.actor(), event);
    let used = entry(event(Some(open.id.0), Some(participant.0)))?;
    let refused = entry(event(Some(open.id.0), None))?;
    let (role, admission) = (ParticipantRole::Participant, Admission::Admitted);
    let join = entry(Event::MeetingJoin {
        meeting: meeting.0,
        participant: participant.0,
        role: recorded::participant_role(role),
        way: Way::Emergency,
        entrance: Entrance::Admitted,
    })?;
    let most = u32::try_from(app.config.limits.participants).unwrap_or(u32::MAX);
    let places = places(admission, Proof::Absent, most);
    let act = EnterByEmergency {
        invoked: open.id,
        meeting,
        participant,
        credential: hash,
        display_name: signed_in.account.display_name.clone(),
        client: occasion.source.client(),
        places: places.most,
        absent_since: occasion.now.minus(places.kept_for),
        at: occasion.now,
    };
    let record = Record::after(move |joined: &action::Joined| {
        let more = consequences(&occasion, Some(organisation), meeting.0, joined);
        // Without randomness there are no entries, and without entries nobody comes in.
        more.map_or_else(|_| Vec::new(), |more| [vec![used, join], more].concat())
    });
    to_the_end(async move {
        let joined = match app.store.write(act, record).await {
            Ok(joined) => joined,
            Err(error @ WriteError::Refused(Refused::NotFound | Refused::MeetingEnded)) => {
                not_written(&app, error, refused).await;
                return Err(MEETING_NOT_FOUND.into());
            }
            Err(error) => return Err(not_written(&app, error, refused).await),
        };
        app.channels.changed(meeting);
        if let Some(displaced) = joined.displaced {
            match Room::reserve(&app.media, meeting).await {
                Ok(room) => room.put_out(displaced),
                Err(Busy) => tracing::error!("somebody without a place was not sent away"),
            }
        }
        let answer = Joined {
            meeting,
            participant,
            credential,
            role,
            admission,
        };
        Ok((StatusCode::CREATED, Json(answer)))
    })
    .await
}

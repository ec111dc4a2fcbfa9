//! `GET /api/v1/support/recordings`: what is recorded, what it is sealed to, and how long it is kept.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_policy::recording::{KEPT_DAYS, MOST_LISTED, Quota};
use conclave_protocol::problem::Problem;
use conclave_protocol::recording::{
    RecordedDevice, Recording, RecordingAcknowledgement, RecordingList, RecordingState,
    RecordingTrouble,
};
use conclave_protocol::{AccountGroupId, AccountId, OrganisationId, SupportDeviceId, Timestamp};
use conclave_store::read::recording::{self, Search};
use uuid::Uuid;

use super::{acknowledge, shown_key};
use crate::app::App;
use crate::http::meeting_sessions::seen;
use crate::http::occasion::Occasion;
use crate::http::problem::{MALFORMED_REQUEST, RECORDING_NOT_FOUND, Refusal, TOO_MANY_REQUESTS};
use crate::http::signed_in::SignedIn;

/// What narrows the list, and where it goes on.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    technician: Option<AccountId>,
    group: Option<AccountGroupId>,
    device: Option<SupportDeviceId>,
    state: Option<RecordingState>,
    before: Option<Uuid>,
    limit: Option<u32>,
}

/// Newest first: those that began from an instant on and before another, of a technician, of a group that the technician is
/// in, at a computer where nobody sat, that stand so. For owners, admins and auditors, with a second factor. Each look is on
/// record.
#[utoipa::path(
    get,
    operation_id = "listRecordings",
    path = "/support/recordings",
    tag = "recordings",
    params(
        ("from" = Option<Timestamp>, Query),
        ("to" = Option<Timestamp>, Query),
        ("technician" = Option<String>, Query, format = Uuid),
        ("group" = Option<String>, Query, format = Uuid),
        ("device" = Option<String>, Query, format = Uuid),
        ("state" = Option<RecordingState>, Query),
        ("before" = Option<String>, Query, format = Uuid, description = "The last one of the page before"),
        ("limit" = Option<u32>, Query, description = "50 where absent, 200 at the most")
    ),
    responses(
        (status = 200, body = RecordingList),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<RecordingList>, Refusal> {
    let to = Code::new("recordings");
    let action = AccountAction::PlayRecordings;
    signed_in.may_read(&app, action, to, &occasion).await?;
    if !app.pace.admits(occasion.source.address) {
        return Err(TOO_MANY_REQUESTS.into());
    }
    let organisation = signed_in.account.organisation;
    let Query(asked) = asked.map_err(|_| MALFORMED_REQUEST)?;
    let (found, next) = page(&app, organisation, asked).await?;
    let mut recordings = Vec::with_capacity(found.len());
    for recording in found {
        recordings.push(shown(&app, recording).await?);
    }
    seen(&app, &signed_in, &occasion, Event::RecordingSearch).await?;
    let troubled = app.store.troubled_recordings(organisation).await?;
    let keys = app.store.recording_keys(organisation).await?.into_iter();
    let days = app.store.recording_days(organisation).await?;
    let devices = app.store.recorded_devices(organisation).await?.into_iter();
    Ok(Json(RecordingList {
        keys: keys.map(shown_key).collect(),
        days: days
            .and_then(|days| u16::try_from(days).ok())
            .unwrap_or(KEPT_DAYS),
        bytes: app.store.recorded_bytes(organisation).await?,
        most_bytes: Quota::default().of_organisation,
        incomplete: troubled.incomplete,
        damaged: troubled.damaged,
        without_feedback: troubled.without_feedback,
        devices: devices
            .map(|device| RecordedDevice {
                id: device.id,
                name: device.name,
            })
            .collect(),
        recordings,
        next,
    }))
}

/// And its last one, where there are more.
async fn page(
    app: &App,
    organisation: OrganisationId,
    asked: Asked,
) -> Result<(Vec<recording::Recording>, Option<Uuid>), Refusal> {
    let before = match asked.before {
        Some(id) => {
            let last = app.store.recording(id).await?;
            let last = last.filter(|last| last.organisation == organisation);
            let last = last.ok_or(RECORDING_NOT_FOUND)?;
            Some((last.begun_at, last.id))
        }
        None => None,
    };
    let limit = asked.limit.unwrap_or(LIMIT).clamp(1, MOST_LISTED);
    let search = Search {
        organisation,
        from: asked.from.unwrap_or(Timestamp::from_micros(0)),
        to: asked.to.unwrap_or(Timestamp::from_micros(i64::MAX)),
        technician: asked.technician,
        group: asked.group,
        device: asked.device,
        state: asked.state,
        before,
        most: limit + 1,
    };
    let mut found = app.store.recordings(search).await?;
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().map(|last| last.id).filter(|_| has_more);
    Ok((found, next))
}

async fn shown(app: &App, recording: recording::Recording) -> Result<Recording, Refusal> {
    let state = recording.state();
    let all = RecordingTrouble::ALL.into_iter();
    let troubles: Vec<_> = all.filter(|trouble| recording.has(*trouble)).collect();
    let acknowledged = match troubles.is_empty() {
        true => Vec::new(),
        false => acknowledged(app, recording.id).await?,
    };
    let device = recording.device.zip(recording.device_name);
    Ok(Recording {
        troubles,
        acknowledged,
        device: device.map(|(id, name)| RecordedDevice { id, name }),
        state,
        feedback: recording.feedback_state,
        id: recording.id,
        session: recording.session,
        technician_name: recording.technician_name,
        key: recording.key,
        begun_at: recording.begun_at,
        ended_at: recording.ended_at,
        bytes: recording.bytes,
        keep_until: recording.keep_until,
    })
}

async fn acknowledged(
    app: &App,
    recording: Uuid,
) -> Result<Vec<RecordingAcknowledgement>, Refusal> {
    let sealing = app.emergencies.sealing();
    let heard = app.store.recording_acknowledgements(recording).await?;
    let heard = heard.into_iter().map(|one| RecordingAcknowledgement {
        reason: acknowledge::reason(sealing, &one),
        trouble: one.trouble,
        at: one.at,
        by_name: one.by_name,
    });
    Ok(heard.collect())
}

const LIMIT: u32 = 50;

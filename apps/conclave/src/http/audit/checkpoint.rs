//! `GET /api/v1/audit/checkpoint`: that the log only ever grew, for everybody whose browser remembers how far it was.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use conclave_audit::{Actor, Code, ConsistencyProof, Entry, Event, Hash, Unprovable};
use conclave_protocol::OrganisationId;
use conclave_protocol::audit::AuditCheckpoint;
use conclave_protocol::problem::Problem;
use conclave_store::log::{Asked, Listed, LogHead, Logs};

use super::proof::prove;
use super::{broken, log_of, verifier_key};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::bearer;
use crate::http::problem::{MALFORMED_REQUEST, NOT_AUTHENTICATED, NOT_SIGNED_IN, Refusal};
use crate::http::signed_in::Polling;
use crate::secret;

/// What is remembered.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Remembered {
    since: Option<u64>,
}

/// The latest checkpoint of the organisation's log, and the proof that it goes on from the one `since` so many entries. For
/// everybody who is signed in, and everybody who has a credential of one of its meetings.
#[utoipa::path(
    get,
    operation_id = "readAuditCheckpoint",
    path = "/audit/checkpoint",
    tag = "audit",
    params(("since" = Option<u64>, Query)),
    responses(
        (status = 200, body = AuditCheckpoint),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Witness(organisation): Witness,
    remembered: Result<Query<Remembered>, QueryRejection>,
) -> Result<Json<AuditCheckpoint>, Refusal> {
    let Query(Remembered { since }) = remembered.map_err(|_| MALFORMED_REQUEST)?;
    let (mut logs, log) = log_of(&app, organisation).await?;
    let restored = match since {
        Some(since) => restored(&mut logs, &log, since).await?,
        None => None,
    };
    let since = since.filter(|since| *since <= log.size).unwrap_or(0);
    let needed = ConsistencyProof::tiles(since, log.size);
    let tiles = logs.tiles(&log, needed.map_err(|_| broken(&log))?).await?;
    let consistency = match ConsistencyProof::prove(since, log.size, &tiles) {
        Ok(ConsistencyProof(hashes)) => hashes.into_iter().map(Hash::to_base64).collect(),
        Err(Unprovable::OutOfRange | Unprovable::Missing) => return Err(broken(&log)),
    };
    Ok(Json(AuditCheckpoint {
        verifier_key: verifier_key(&app, &log)?,
        checkpoint: log.note,
        consistency,
        restored,
    }))
}

/// The operator's newest word of a copy that had no more entries than somebody remembers, with all that proves it.
async fn restored(
    logs: &mut Logs,
    log: &LogHead,
    remembered: u64,
) -> Result<Option<String>, Refusal> {
    let asked = Asked {
        event: Some(RESTORE.to_owned()),
        ..Asked::default()
    };
    let listed = logs.list(log, asked, MOST_RESTORES).await?;
    let told = listed
        .into_iter()
        .find(|listed| is_lost(&listed.leaf, remembered));
    match told {
        Some(Listed { seq, .. }) => Ok(Some(prove(logs, log, seq).await?.to_string())),
        None => Ok(None),
    }
}

/// Whether the entry tells of a copy that lacks what is remembered.
fn is_lost(leaf: &[u8], remembered: u64) -> bool {
    let entry = Entry::from_canonical(leaf);
    entry.is_ok_and(
        |entry| matches!(entry.event, Event::SystemRestore { size, .. } if size <= remembered),
    )
}

/// The name of [`Event::SystemRestore`].
const RESTORE: &str = "system.restore";
/// A log that is put back more often than this has told somebody else before.
const MOST_RESTORES: u32 = 16;

/// Whose log somebody looks at who remembers how far it was.
pub(crate) struct Witness(OrganisationId);

impl FromRequestParts<App> for Witness {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        if bearer(parts).is_none() {
            let polling = Polling::from_request_parts(parts, app).await;
            let Polling(signed_in) = polling.map_err(|refusal| match refusal.kind {
                NOT_SIGNED_IN => NOT_AUTHENTICATED.into(),
                _ => refusal,
            })?;
            return Ok(Self(signed_in.account.organisation));
        }
        let hash = secret::hash(bearer(parts).unwrap_or_default());
        let participant = app.store.participant_by_credential(hash).await?;
        let meeting = match participant {
            Some(participant) => app.store.meeting(participant.meeting).await?,
            None => None,
        };
        if let Some(meeting) = meeting {
            return Ok(Self(meeting.organisation));
        }
        let occasion = Occasion::from_request_parts(parts, app).await?;
        let to = Code::new("audit_checkpoint");
        let entry = occasion.entry(None, Actor::Anonymous, Event::AccessRefused { to })?;
        let refused = entry.refused(Code::new("unknown_credential"));
        app.record_at_pace(&occasion, refused).await;
        Err(NOT_AUTHENTICATED.into())
    }
}

//! `POST /api/v1/support/recordings/keys`: what support sessions are sealed to from here on.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Event, Hex};
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_protocol::recording::{MakeRecordingKey, RecordingKey};
use conclave_store::{Refused, action};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written_as;
use crate::http::problem::{RECORDING_KEY_INVALID, RECORDING_KEY_KNOWN, Refusal};
use crate::http::signed_in::SignedIn;
use crate::id;

/// Its private part stays where it was made. Earlier keys open what was sealed to them. For owners and admins, with a second
/// factor, who have proved lately who they are.
#[utoipa::path(
    post,
    operation_id = "makeRecordingKey",
    path = "/support/recordings/keys",
    tag = "recordings",
    request_body = MakeRecordingKey,
    responses(
        (status = 201, body = RecordingKey),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<MakeRecordingKey>,
) -> Result<(StatusCode, Json<RecordingKey>), Refusal> {
    let id = id::fresh(occasion.now)?;
    let fingerprint: [u8; 32] = Sha256::digest(body.public.as_bytes()).into();
    let printed = Hex(fingerprint).to_string();
    let event = Event::RecordingKeyMade {
        key: id,
        fingerprint: Code::parse(&printed).ok_or(RECORDING_KEY_INVALID)?,
    };
    let action = AccountAction::KeepRecordings;
    signed_in.may(&app, action, &occasion, &event).await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    if body.public.as_bytes().len() != PUBLIC_BYTES {
        return Err(RECORDING_KEY_INVALID.into());
    }
    let account = &signed_in.account;
    let entry = occasion.entry(Some(account.organisation), signed_in.actor(), event)?;
    let act = action::MakeRecordingKey {
        id,
        organisation: account.organisation,
        public: body.public.into_bytes(),
        fingerprint,
        custodians: body.custodians.clone(),
        by: account.id,
        at: occasion.now,
    };
    if let Err(error) = app.store.write(act, entry.clone()).await {
        let names = [(Refused::Conflict, RECORDING_KEY_KNOWN)];
        return Err(not_written_as(&app, error, entry, &names).await);
    }
    let made = RecordingKey {
        id,
        fingerprint: printed,
        custodians: body.custodians,
        made_by_name: account.display_name.clone(),
        made_at: occasion.now,
    };
    Ok((StatusCode::CREATED, Json(made)))
}

/// Of X-Wing.
const PUBLIC_BYTES: usize = 1_216;

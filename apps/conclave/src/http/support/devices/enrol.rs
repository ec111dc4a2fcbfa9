//! `POST /api/v1/support/devices/enrol`: a computer spends its link, and says its public keys.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Actor, Code, Entry, Event};
use conclave_protocol::SupportDeviceId;
use conclave_protocol::problem::Problem;
use conclave_protocol::unattended::{DeviceEnrolled, EnrolDevice, SEALING_KEY_BYTES};
use conclave_store::action::EnrolComputer;
use conclave_store::{Refused, WriteError};

use super::fingerprint;
use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::problem::{
    COMPUTER_KEYS_INVALID, COMPUTER_KEYS_TAKEN, ENROLMENT_INVALID, INTERNAL, Refusal,
};
use crate::{id, secret};

/// For whoever has the link, once. The private keys stay at the computer.
#[utoipa::path(
    post,
    operation_id = "enrolSupportDevice",
    path = "/support/devices/enrol",
    tag = "support",
    request_body = EnrolDevice,
    responses(
        (status = 201, body = DeviceEnrolled),
        (status = 409, body = Problem),
        (status = 410, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
    Body(body): Body<EnrolDevice>,
) -> Result<(StatusCode, Json<DeviceEnrolled>), Refusal> {
    let signing_key = <[u8; 32]>::try_from(body.signing_key.as_bytes());
    let signing_key = signing_key.map_err(|_| COMPUTER_KEYS_INVALID)?;
    let sealing_key = body.sealing_key.as_bytes().to_vec();
    if sealing_key.len() != SEALING_KEY_BYTES {
        return Err(COMPUTER_KEYS_INVALID.into());
    }
    let id = SupportDeviceId(id::fresh(occasion.now)?);
    let fingerprint = Code::parse(&fingerprint(&signing_key, &sealing_key)).ok_or(INTERNAL)?;
    let event = Event::SupportDeviceEnrolled {
        device: id.0,
        fingerprint,
    };
    let token = secret::hash(body.token.reveal());
    let organisation = app.store.enrolment(token, occasion.now).await?;
    let entry = occasion.entry(organisation, Actor::Anonymous, event)?;
    let act = EnrolComputer {
        token,
        id,
        name: body.name,
        signing_key,
        sealing_key,
        at: occasion.now,
    };
    let organisation = match app.store.write(act, entry.clone()).await {
        Ok(organisation) => organisation,
        Err(error) => return Err(refusal(&app, &occasion, error, entry).await),
    };
    let organisation = app.store.organisation(organisation).await?;
    let enrolled = DeviceEnrolled {
        id,
        organisation: organisation.ok_or(INTERNAL)?.name,
    };
    Ok((StatusCode::CREATED, Json(enrolled)))
}

/// Strangers can send this: their refusals are on record no faster than others of theirs.
async fn refusal(app: &App, occasion: &Occasion, error: WriteError, entry: Entry) -> Refusal {
    let WriteError::Refused(refused) = error else {
        return error.into();
    };
    let entry = entry.refused(Code::new(refused.code()));
    app.record_at_pace(occasion, entry).await;
    match refused {
        Refused::LinkSpent => ENROLMENT_INVALID.into(),
        Refused::Conflict => COMPUTER_KEYS_TAKEN.into(),
        refused => WriteError::Refused(refused).into(),
    }
}

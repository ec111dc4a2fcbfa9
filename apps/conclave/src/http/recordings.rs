//! Recordings of support sessions, as those see them who look after an organisation: what they are sealed to, which there are,
//! and their sealed pieces.
//!
//! # Security
//! The server has no key to any of it. Whoever gets pieces says why first, which is on record; what they see of them they see
//! by a key that a custodian keeps elsewhere.

pub(super) mod acknowledge;
pub(super) mod list;
pub(super) mod make_key;
pub(super) mod piece;
pub(super) mod play;
pub(super) mod retain;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use conclave_audit::Hex;
use conclave_protocol::recording as wire;
use conclave_store::read::recording::RecordingKey;
use uuid::Uuid;

use super::present::named;
use super::problem::{RECORDING_NOT_FOUND, Refusal};
use crate::app::App;

/// The recording that the address names.
pub(crate) struct NamedRecording(pub(super) Uuid);

impl FromRequestParts<App> for NamedRecording {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "recording").await;
        id.map(Self).ok_or(RECORDING_NOT_FOUND.into())
    }
}

/// The piece of a recording that the address names.
pub(crate) struct NamedPiece {
    pub(super) recording: Uuid,
    pub(super) number: u32,
}

impl FromRequestParts<App> for NamedPiece {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let recording = named(parts, "recording").await;
        let number = named(parts, "number").await;
        Ok(Self {
            recording: recording.ok_or(RECORDING_NOT_FOUND)?,
            number: number.ok_or(RECORDING_NOT_FOUND)?,
        })
    }
}

fn shown_key(key: RecordingKey) -> wire::RecordingKey {
    wire::RecordingKey {
        id: key.id,
        fingerprint: Hex(key.fingerprint).to_string(),
        custodians: key.custodians,
        made_by_name: key.made_by_name,
        made_at: key.made_at,
    }
}

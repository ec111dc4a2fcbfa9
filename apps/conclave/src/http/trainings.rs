//! The register of training: entered, seen, acknowledged by who was trained, taken back.

pub(super) mod acknowledge;
pub(super) mod enter;
pub(super) mod list;
pub(super) mod own;
pub(super) mod withdraw;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use uuid::Uuid;

use super::present::named;
use super::problem::{Refusal, TRAINING_NOT_FOUND};
use crate::app::App;

/// The training that the address names.
pub(crate) struct NamedTraining(Uuid);

impl FromRequestParts<App> for NamedTraining {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "training").await;
        id.map(Self).ok_or(TRAINING_NOT_FOUND.into())
    }
}

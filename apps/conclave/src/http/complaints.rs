//! Complaints and requests about privacy: entered, read, closed.

pub(super) mod close;
pub(super) mod enter;
pub(super) mod list;
pub(super) mod words;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use uuid::Uuid;

use super::present::named;
use super::problem::{COMPLAINT_NOT_FOUND, Refusal};
use crate::app::App;

/// The complaint that the address names.
pub(crate) struct NamedComplaint(Uuid);

impl FromRequestParts<App> for NamedComplaint {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "complaint").await;
        id.map(Self).ok_or(COMPLAINT_NOT_FOUND.into())
    }
}

//! A directory's body: bounded, as SCIM or as JSON; read by whoever knows what it is about.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};

use super::MEDIA_TYPE;
use crate::http::body::{JSON, read_of};
use crate::http::problem::Refusal;

pub(super) struct ScimBody(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for ScimBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        read_of(request, state, &[MEDIA_TYPE, JSON]).await.map(Self)
    }
}

//! A JSON body: bounded, of the right type, without unknown fields.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;

use super::problem::{BODY_TOO_LARGE, MALFORMED_REQUEST, Refusal, UNSUPPORTED_MEDIA_TYPE};

/// What a request's body says.
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        parse(&read(request, state).await?).map(Self)
    }
}

pub(super) async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Refusal> {
    read_of(request, state, &[JSON]).await
}

/// A body of one of these media types.
pub(super) async fn read_of<S: Send + Sync>(
    request: Request,
    state: &S,
    types: &[&str],
) -> Result<Bytes, Refusal> {
    if !is_of(&request, types) {
        return Err(UNSUPPORTED_MEDIA_TYPE.into());
    }
    let bytes = Bytes::from_request(request, state).await;
    bytes.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => BODY_TOO_LARGE.into(),
        _ => MALFORMED_REQUEST.into(),
    })
}

pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(bytes).map_err(|_| MALFORMED_REQUEST.into())
}

pub(super) const JSON: &str = "application/json";

fn is_of(request: &Request, types: &[&str]) -> bool {
    let media_type = request.headers().get(header::CONTENT_TYPE);
    media_type
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split(';').next())
        .is_some_and(|essence| {
            let essence = essence.trim();
            types.iter().any(|kind| essence.eq_ignore_ascii_case(kind))
        })
}

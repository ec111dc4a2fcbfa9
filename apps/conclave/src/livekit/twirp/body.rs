//! Requests and answers in the two encodings of Twirp.

use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use prost::Message;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::Error;

/// In bytes. Metadata, attributes and data messages are far below it.
const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// What the caller speaks, and is answered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Protobuf,
    Json,
}

impl Format {
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Error> {
        let value = headers.get(header::CONTENT_TYPE);
        let value = value.and_then(|value| value.to_str().ok()).unwrap_or("");
        let kind = value.split(';').next().unwrap_or("").trim();
        match kind.to_ascii_lowercase().as_str() {
            "application/protobuf" => Ok(Self::Protobuf),
            "application/json" => Ok(Self::Json),
            _ => Err(Error::bad_route(
                "Content-Type is neither application/protobuf nor application/json",
            )),
        }
    }

    pub(super) fn decode<M: Message + Default + DeserializeOwned>(
        self,
        body: &[u8],
    ) -> Result<M, Error> {
        let unreadable = || Error::malformed("the request can't be read");
        match self {
            Self::Protobuf => M::decode(body).map_err(|_| unreadable()),
            Self::Json if body.is_empty() => Ok(M::default()),
            Self::Json => serde_json::from_slice(body).map_err(|_| unreadable()),
        }
    }

    pub(super) fn encode<M: Message + Serialize>(self, message: &M) -> Result<Response, Error> {
        let unwritable = |_| Error::internal("the answer can't be written");
        Ok(match self {
            Self::Protobuf => {
                let kind = [(header::CONTENT_TYPE, "application/protobuf")];
                (kind, message.encode_to_vec()).into_response()
            }
            Self::Json => {
                let kind = [(header::CONTENT_TYPE, "application/json")];
                (kind, serde_json::to_vec(message).map_err(unwritable)?).into_response()
            }
        })
    }
}

pub(super) async fn read(request: Request) -> Result<Vec<u8>, Error> {
    let body = axum::body::to_bytes(request.into_body(), LARGEST_BODY).await;
    match body {
        Ok(bytes) => Ok(bytes.into()),
        Err(_) => Err(Error::resource_exhausted(
            "the request is larger than 10 MiB or was cut off",
        )),
    }
}

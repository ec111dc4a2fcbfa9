//! Errors on the wire: RFC 9457 problems with stable codes.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use conclave_protocol::problem::Problem;

/// One kind of refusal: its status, its code and its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    pub status: StatusCode,
    pub code: &'static str,
    pub detail: &'static str,
}

/// A refusal, perhaps with the time after which another try makes sense.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal {
    kind: Kind,
    retry_after: Option<u32>,
}

impl From<Kind> for Refusal {
    fn from(kind: Kind) -> Self {
        Self {
            kind,
            retry_after: None,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self { kind, retry_after } = self;
        let problem = Problem {
            kind: "about:blank".to_owned(),
            title: kind.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: kind.status.as_u16(),
            detail: kind.detail.to_owned(),
            code: kind.code.to_owned(),
            retry_after,
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (kind.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

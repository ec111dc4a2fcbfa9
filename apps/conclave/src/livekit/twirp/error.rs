//! Twirp's errors: a code with its HTTP status, and a text, always as JSON.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use conclave_sfu::ApiRefusal;
use serde::Serialize;

use crate::media::CallError;

#[derive(Debug, Serialize)]
pub(super) struct Error {
    code: Code,
    msg: String,
}

/// Those of Twirp's specification that we answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Code {
    InvalidArgument,
    Malformed,
    Unauthenticated,
    PermissionDenied,
    NotFound,
    BadRoute,
    ResourceExhausted,
    FailedPrecondition,
    Unimplemented,
    Internal,
    Unavailable,
}

impl Code {
    fn status(self) -> StatusCode {
        match self {
            Self::InvalidArgument | Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::PermissionDenied => StatusCode::FORBIDDEN,
            Self::NotFound | Self::BadRoute => StatusCode::NOT_FOUND,
            Self::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
            Self::FailedPrecondition => StatusCode::PRECONDITION_FAILED,
            Self::Unimplemented => StatusCode::NOT_IMPLEMENTED,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl Error {
    fn new(code: Code, msg: impl Into<String>) -> Self {
        let msg = msg.into();
        Self { code, msg }
    }

    pub(super) fn bad_route(msg: impl Into<String>) -> Self {
        Self::new(Code::BadRoute, msg)
    }

    pub(super) fn unauthenticated(msg: impl Into<String>) -> Self {
        Self::new(Code::Unauthenticated, msg)
    }

    pub(super) fn permission_denied(msg: impl Into<String>) -> Self {
        Self::new(Code::PermissionDenied, msg)
    }

    pub(super) fn invalid_argument(msg: impl Into<String>) -> Self {
        Self::new(Code::InvalidArgument, msg)
    }

    pub(super) fn malformed(msg: impl Into<String>) -> Self {
        Self::new(Code::Malformed, msg)
    }

    pub(super) fn resource_exhausted(msg: impl Into<String>) -> Self {
        Self::new(Code::ResourceExhausted, msg)
    }

    pub(super) fn unimplemented(msg: impl Into<String>) -> Self {
        Self::new(Code::Unimplemented, msg)
    }

    pub(super) fn unavailable(msg: impl Into<String>) -> Self {
        Self::new(Code::Unavailable, msg)
    }

    pub(super) fn is_a_lack_of_permission(&self) -> bool {
        self.code == Code::PermissionDenied
    }

    pub(super) fn internal(msg: impl Into<String>) -> Self {
        Self::new(Code::Internal, msg)
    }
}

impl From<CallError> for Error {
    fn from(error: CallError) -> Self {
        let code = match error {
            CallError::Refused(refusal) => match refusal {
                ApiRefusal::NoRoom | ApiRefusal::NoParticipant | ApiRefusal::NoTrack => {
                    Code::NotFound
                }
                ApiRefusal::RemoteUnmute => Code::FailedPrecondition,
                ApiRefusal::Limit(_) => Code::ResourceExhausted,
                ApiRefusal::Invalid(_) => Code::InvalidArgument,
            },
            CallError::Busy(_) | CallError::Unavailable(_) => Code::Unavailable,
        };
        Self::new(code, error.to_string())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        (self.code.status(), Json(self)).into_response()
    }
}

//! Errors on the wire: RFC 9457 problems with stable codes.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use conclave_protocol::problem::Problem;
use conclave_store::{ReadError, Refused, WriteError};

use crate::media::Busy;
use crate::passwords::Overloaded;
use crate::secret::NoRandomness;

/// One kind of refusal: its status, its stable code and its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    pub status: StatusCode,
    pub code: &'static str,
    pub detail: &'static str,
}

macro_rules! kinds {
    ($($name:ident = $status:ident, $code:literal, $detail:literal;)*) => {
        $(pub(crate) const $name: Kind = Kind {
            status: StatusCode::$status,
            code: $code,
            detail: $detail,
        };)*

        /// Every kind, in the order of `docs/errors.md`.
        pub const ALL: &[Kind] = &[$($name),*];
    };
}

kinds! {
    MALFORMED_REQUEST = BAD_REQUEST, "malformed_request",
        "The request is not what this address expects; see /api/v1/openapi.json.";
    UNSUPPORTED_MEDIA_TYPE = UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type",
        "Send the body as application/json.";
    BODY_TOO_LARGE = PAYLOAD_TOO_LARGE, "body_too_large",
        "The body is larger than this server takes.";
    NOT_FOUND = NOT_FOUND, "not_found",
        "There is nothing at this address.";
    METHOD_NOT_ALLOWED = METHOD_NOT_ALLOWED, "method_not_allowed",
        "This address does not take this method.";
    CROSS_SITE = FORBIDDEN, "cross_site_request",
        "The request comes from a page of another site.";
    REQUEST_TIMEOUT = REQUEST_TIMEOUT, "request_timeout",
        "The request took too long.";
    IDEMPOTENCY_KEY_MISSING = BAD_REQUEST, "idempotency_key_missing",
        "Send an Idempotency-Key header with a UUID, the same one with each repetition.";
    IDEMPOTENCY_KEY_NOT_RANDOM = BAD_REQUEST, "idempotency_key_not_random",
        "To join, the Idempotency-Key is a random UUID (version 4), kept secret for a day.";
    IDEMPOTENCY_KEY_REUSED = UNPROCESSABLE_ENTITY, "idempotency_key_reused",
        "This Idempotency-Key belongs to another request; use a fresh one.";
    OWNER_EXISTS = CONFLICT, "owner_exists",
        "This server has an owner already; sign in.";
    SETUP_LINK_INVALID = FORBIDDEN, "setup_link_invalid",
        "The link is used, too old or wrong; restart the server for a fresh one.";
    PASSWORD_TOO_SHORT = UNPROCESSABLE_ENTITY, "password_too_short",
        "The password needs at least 15 characters.";
    PASSWORD_TOO_LONG = UNPROCESSABLE_ENTITY, "password_too_long",
        "The password has at most 256 characters.";
    PASSWORD_COMMON = UNPROCESSABLE_ENTITY, "password_common",
        "This password is easy to guess; choose another.";
    SIGN_IN_FAILED = UNAUTHORIZED, "sign_in_failed",
        "The e-mail address or the password is wrong.";
    NOT_SIGNED_IN = UNAUTHORIZED, "not_signed_in",
        "Sign in first.";
    TOO_MANY_ATTEMPTS = TOO_MANY_REQUESTS, "too_many_attempts",
        "Too many wrong attempts; wait and try again.";
    TOO_MANY_REQUESTS = TOO_MANY_REQUESTS, "too_many_requests",
        "Too many requests come from your address; wait a moment.";
    NOT_ALLOWED = FORBIDDEN, "not_allowed",
        "You may not do this.";
    NOT_AUTHENTICATED = UNAUTHORIZED, "not_authenticated",
        "Send the participant's credential as bearer token; join the meeting to get one.";
    MEETING_NOT_FOUND = NOT_FOUND, "meeting_not_found",
        "There is no such meeting for you: the code may be wrong, or the meeting over.";
    MEETING_FULL = CONFLICT, "meeting_full",
        "The meeting, or its lobby, has as many people as it holds.";
    MEETING_LOCKED = CONFLICT, "meeting_locked",
        "The host has locked the meeting: nobody new comes in until they unlock it.";
    MEETING_ENDED = GONE, "meeting_ended",
        "The meeting is over.";
    INVITATION_VERIFIER_INVALID = UNPROCESSABLE_ENTITY, "invitation_verifier_invalid",
        "The invitation verifier is 32 bytes as base64url without padding.";
    NOT_ADMITTED = FORBIDDEN, "not_admitted",
        "You are not in the meeting, or not yet.";
    PARTICIPANT_NOT_FOUND = NOT_FOUND, "participant_not_found",
        "There is no such participant in this meeting.";
    PARTICIPANT_NOT_WAITING = CONFLICT, "participant_not_waiting",
        "The participant does not wait any more.";
    PARTICIPANT_NOT_INSIDE = CONFLICT, "participant_not_inside",
        "The participant is not in the meeting, or not any more.";
    VAULT_MOVED_ON = CONFLICT, "vault_moved_on",
        "Another browser of this account changed the vault first; read it again.";
    DEVICE_LIST_INVALID = UNPROCESSABLE_ENTITY, "device_list_invalid",
        "The entries do not continue this account's list of devices, its key has not signed them, or there would be more than 512.";
    VAULT_INVALID = UNPROCESSABLE_ENTITY, "vault_invalid",
        "No browser of this account's list has signed this version of the vault; read it again.";
    TOO_MANY_DEVICE_REQUESTS = CONFLICT, "too_many_device_requests",
        "Three browsers of this account ask to be added already; answer them, or wait 15 minutes.";
    DEVICE_REQUEST_NOT_FOUND = NOT_FOUND, "device_request_not_found",
        "There is no such request, or no longer.";
    CHANGED_MEANWHILE = CONFLICT, "changed_meanwhile",
        "The meeting changed at the same moment; try again.";
    NO_CODE_FREE = SERVICE_UNAVAILABLE, "no_code_free",
        "No free meeting code was found; try again.";
    BUSY = SERVICE_UNAVAILABLE, "busy",
        "The server has too much to do at this moment; try again.";
    STORE_UNAVAILABLE = SERVICE_UNAVAILABLE, "store_unavailable",
        "The server can't read or write its data at this moment; try again.";
    INTERNAL = INTERNAL_SERVER_ERROR, "internal",
        "The server made a mistake, and has recorded it.";
}

/// A refusal, perhaps with the seconds after which another try makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) kind: Kind,
    retry_after: Option<u32>,
}

impl Refusal {
    pub(crate) fn after(kind: Kind, wait: std::time::Duration) -> Self {
        let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
        Self {
            kind,
            retry_after: Some(seconds.saturating_add(1)),
        }
    }
}

impl From<Kind> for Refusal {
    fn from(kind: Kind) -> Self {
        let again = kind.status == StatusCode::SERVICE_UNAVAILABLE || kind == TOO_MANY_REQUESTS;
        Self {
            kind,
            retry_after: again.then_some(1),
        }
    }
}

impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a question to the store failed"
        );
        STORE_UNAVAILABLE.into()
    }
}

impl From<WriteError> for Refusal {
    fn from(error: WriteError) -> Self {
        let kind = match &error {
            WriteError::Refused(refused) => of_refused(*refused),
            WriteError::Busy => BUSY,
            WriteError::Entry(_) | WriteError::Unrecorded => INTERNAL,
            WriteError::Unavailable(_) => STORE_UNAVAILABLE,
        };
        if kind == INTERNAL || kind == STORE_UNAVAILABLE {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a write to the store failed"
            );
        }
        kind.into()
    }
}

/// What the store's refusals mean where an endpoint has no words of its own for them.
fn of_refused(refused: Refused) -> Kind {
    match refused {
        Refused::Conflict => CHANGED_MEANWHILE,
        Refused::NotFound => MEETING_NOT_FOUND,
        Refused::OwnerExists => OWNER_EXISTS,
        Refused::SetupLinkSpent => SETUP_LINK_INVALID,
        Refused::CodeTaken => NO_CODE_FREE,
        Refused::MeetingEnded => MEETING_ENDED,
        Refused::MeetingFull => MEETING_FULL,
        Refused::MeetingLocked => MEETING_LOCKED,
        Refused::NotWaiting => PARTICIPANT_NOT_WAITING,
        Refused::NotInside => PARTICIPANT_NOT_INSIDE,
        Refused::TicketSpent => NOT_ADMITTED,
        Refused::TooManyAsk => TOO_MANY_DEVICE_REQUESTS,
        Refused::KeyReused => IDEMPOTENCY_KEY_REUSED,
    }
}

impl From<Overloaded> for Refusal {
    fn from(Overloaded: Overloaded) -> Self {
        BUSY.into()
    }
}

impl From<Busy> for Refusal {
    fn from(_: Busy) -> Self {
        BUSY.into()
    }
}

impl From<NoRandomness> for Refusal {
    fn from(error: NoRandomness) -> Self {
        tracing::error!(%error, "a secret could not be made");
        INTERNAL.into()
    }
}

impl IntoResponse for Kind {
    fn into_response(self) -> Response {
        Refusal::from(self).into_response()
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
        let media_type = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, media_type);
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

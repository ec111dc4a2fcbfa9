//! Why a join is refused before the upgrade, in the words that SDKs know.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use conclave_livekit::join::JoinError;

use crate::tickets::TicketRefusal;

/// The status decides what a client does next: 401 ends the attempt, a 404 would make it try the
/// older path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    NoToken,
    InvalidToken,
    NoJoinGrant,
    NotAdmitted,
    NoIdentity,
    NoRoomName,
    NameTooLong,
    Join(JoinError),
    NoJoinRequest,
    TooManyRequests,
    Unavailable,
}

impl Refusal {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::NoToken | Self::InvalidToken | Self::NoJoinGrant | Self::NotAdmitted => {
                StatusCode::UNAUTHORIZED
            }
            Self::NoIdentity
            | Self::NoRoomName
            | Self::NameTooLong
            | Self::Join(_)
            | Self::NoJoinRequest => StatusCode::BAD_REQUEST,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn text(self) -> String {
        match self {
            Self::NoToken => "no permissions to access the room".to_owned(),
            Self::InvalidToken => "invalid token".to_owned(),
            Self::NoJoinGrant => "the token does not allow to join a room".to_owned(),
            Self::NotAdmitted => "the participant is not admitted".to_owned(),
            Self::NoIdentity => "identity cannot be empty".to_owned(),
            Self::NoRoomName => "no room name".to_owned(),
            Self::NameTooLong => "the identity or the room's name is too long".to_owned(),
            Self::Join(error) => error.to_string(),
            Self::NoJoinRequest => "join_request is missing".to_owned(),
            Self::TooManyRequests => "too many requests come from this address".to_owned(),
            Self::Unavailable => "the server can't take the join at this moment".to_owned(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status(), self.text()).into_response()
    }
}

impl From<JoinError> for Refusal {
    fn from(error: JoinError) -> Self {
        Self::Join(error)
    }
}

impl From<TicketRefusal> for Refusal {
    fn from(refusal: TicketRefusal) -> Self {
        match refusal {
            TicketRefusal::Foreign | TicketRefusal::Invalid | TicketRefusal::Expired => {
                Self::InvalidToken
            }
            TicketRefusal::NotAdmitted => Self::NotAdmitted,
            TicketRefusal::Unavailable => Self::Unavailable,
        }
    }
}

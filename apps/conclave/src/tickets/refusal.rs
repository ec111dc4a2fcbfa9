//! Why a ticket lets nobody in.

use conclave_livekit::token::TokenError;
use conclave_policy::Reason;
use conclave_store::{ReadError, WriteError};

/// Why a ticket lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TicketRefusal {
    /// Not one of ours: it may be a developer's token.
    #[error("the ticket is not this server's")]
    Foreign,
    #[error("the ticket is not valid any more")]
    Invalid,
    /// Ours, and long over.
    #[error("the ticket has expired")]
    Expired,
    /// The participant is not admitted, has left, or the meeting has ended.
    #[error("the participant is not admitted")]
    NotAdmitted,
    /// The store can't answer at this moment.
    #[error("the server can't check the ticket at this moment")]
    Unavailable,
}

impl From<Reason> for TicketRefusal {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Spent | Reason::Expired | Reason::GraceOver => Self::Invalid,
            Reason::Role
            | Reason::NotAdmitted
            | Reason::MeetingEnded
            | Reason::MeetingNotLive
            | Reason::MeetingLocked
            | Reason::OwnAccount
            | Reason::StepUp
            | Reason::SecondFactor
            | Reason::SwitchedOff
            | Reason::NoGuests
            | Reason::HeldByProfile
            | Reason::NeedsAnother
            | Reason::WrongInvitation
            | Reason::NotInvited
            | Reason::WeakProof
            | Reason::EmergencyOpen
            | Reason::NoEmergency
            | Reason::PutOut
            | Reason::OwnEmergency
            | Reason::EmergencyOnly
            | Reason::Passcode => Self::NotAdmitted,
        }
    }
}

/// Of a token that says it is ours.
impl From<TokenError> for TicketRefusal {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Expired => Self::Expired,
            TokenError::Malformed | TokenError::Signature | TokenError::NotYet => Self::Invalid,
        }
    }
}

impl From<ReadError> for TicketRefusal {
    fn from(error: ReadError) -> Self {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a ticket could not be looked up"
        );
        Self::Unavailable
    }
}

impl From<WriteError> for TicketRefusal {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Refused(_) => Self::Invalid,
            WriteError::Busy
            | WriteError::Entry(_)
            | WriteError::Unrecorded
            | WriteError::Unavailable(_) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a ticket could not be spent"
                );
                Self::Unavailable
            }
        }
    }
}

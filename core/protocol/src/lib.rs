//! What crosses Conclave's own wires: the HTTP API's bodies and the meeting channel's messages.
//!
//! LiveKit's wire is `conclave-livekit`'s. Types that hold a person's words (names,
//! addresses, secrets) implement neither `Debug` nor `Display`, so that no log line
//! can carry them by accident.

#![forbid(unsafe_code)]

pub mod feedback;
#[cfg(feature = "http")]
mod http;
pub mod id;
pub mod personal;
pub mod remote;

#[cfg(feature = "http")]
pub use http::*;
pub use id::{
    AccountGroupId, AccountId, AnomalyId, EmergencyUseId, InvitationId, MeetingId, OrganisationId,
    ParticipantId, ProgramId, SavedViewId, SupportDeviceId, SupportRequestId, SupportSessionId,
};

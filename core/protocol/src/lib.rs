//! What crosses Conclave's own wires: the HTTP API's bodies and the meeting channel's messages.
//!
//! LiveKit's wire is `conclave-livekit`'s. Types that hold a person's words (names,
//! addresses, secrets) implement neither `Debug` nor `Display`, so that no log line
//! can carry them by accident.

#![forbid(unsafe_code)]

pub mod account;
pub mod channel;
pub mod id;
pub mod meeting;
pub mod mls;
pub mod personal;
pub mod problem;
pub mod server;
pub mod timestamp;
pub mod vault;

pub use id::{AccountId, MeetingId, OrganisationId, ParticipantId};
pub use timestamp::Timestamp;

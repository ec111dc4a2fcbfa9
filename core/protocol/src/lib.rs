//! What crosses Conclave's own wires: the HTTP API's bodies and the meeting channel's messages.
//!
//! LiveKit's wire is `conclave-livekit`'s. Types that hold a person's words (names,
//! addresses, secrets) implement neither `Debug` nor `Display`, so that no log line
//! can carry them by accident.

#![forbid(unsafe_code)]

pub mod account;
pub mod anomaly;
pub mod audit;
pub mod channel;
pub mod companion;
pub mod complaint;
pub mod emergency;
pub mod evidence;
pub mod factor;
pub mod id;
pub mod meeting;
pub mod meeting_session;
pub mod mls;
pub mod people;
pub mod personal;
pub mod policy;
pub mod problem;
pub mod program;
pub mod recording;
pub mod remote;
pub mod report;
pub mod risk;
pub mod saved_view;
pub mod schedule;
pub mod scim;
pub mod server;
pub mod single_sign_on;
pub mod supervision;
pub mod support;
pub mod timeline;
pub mod timestamp;
pub mod training;
pub mod unattended;
pub mod vault;

pub use id::{
    AccountGroupId, AccountId, AnomalyId, EmergencyUseId, InvitationId, MeetingId, OrganisationId,
    ParticipantId, ProgramId, SavedViewId, SupportDeviceId, SupportSessionId,
};
pub use timestamp::Timestamp;

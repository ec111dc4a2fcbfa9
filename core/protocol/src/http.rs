//! Bodies of the HTTP API, and the meeting channel's messages.

pub mod account;
pub mod anomaly;
pub mod audit;
pub mod channel;
pub mod companion;
pub mod complaint;
pub mod emergency;
pub mod evidence;
pub mod factor;
pub mod meeting;
pub mod meeting_session;
pub mod mls;
pub mod people;
pub mod policy;
pub mod problem;
pub mod program;
pub mod recording;
pub mod report;
pub mod risk;
pub mod saved_view;
pub mod schedule;
pub mod scim;
pub mod server;
pub mod single_sign_on;
pub mod supervision;
pub mod support;
pub mod support_queue;
pub mod timeline;
pub mod timestamp;
pub mod training;
pub mod unattended;
pub mod vault;

pub use timestamp::Timestamp;

//! The whole server, through its sockets.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a helper that fails is a test that fails, and a history that fails names its seed"
)]

mod access;
mod anomalies;
mod audit;
mod audit_log;
mod authenticator;
mod browser;
mod caller;
mod catalogue;
mod channel;
mod clock;
mod co_host;
mod companions;
mod docs;
mod emergency;
mod encryption;
mod essential;
mod evidence;
mod executable;
mod expel;
mod factors;
mod floors;
mod groups;
mod guarded;
mod identity_provider;
mod installation;
mod invited;
mod letterbox;
mod line;
mod livekit;
mod lock;
mod meetings;
mod moderation;
mod names;
mod outgoing;
mod passkeys;
mod people;
mod policy;
mod privacy;
mod program;
mod programs;
mod races;
mod recordings;
mod replays;
mod reports;
mod resumes;
mod saml;
mod saved_views;
mod schedule;
mod scim;
mod screens;
mod server_in_a_box;
mod sessions;
mod single_sign_on;
mod supervision;
mod support;
mod support_queue;
mod syslog;
mod tickets;
mod timeline;
mod tls;
mod unattended;
mod undescribed;
mod vault;
mod web;

//! Who may do what, and when: decisions as values, with the time as an argument.
//!
//! Nothing here remembers for longer than it is asked to, reads a clock or talks to anybody.
//! The server asks before every act; what is not listed as allowed is denied.

#![forbid(unsafe_code)]

pub mod admission;
pub mod anomaly;
pub mod asked_mail;
pub mod capability;
pub mod companion;
pub mod delivery;
pub mod device_list;
pub mod directory;
pub mod emergency;
pub mod evidence;
pub mod id_token;
pub mod idle_share;
pub mod join_ticket;
pub mod logout_token;
pub mod mailed_link;
pub mod meeting;
pub mod password;
pub mod people;
pub mod program;
pub mod recording;
pub mod rules;
pub mod saved_view;
pub mod schedule;
pub mod second_factor;
pub mod server_time;
pub mod session;
pub mod setup_link;
pub mod sign_content;
pub mod sign_in_throttle;
pub mod source;
pub mod step_up;
pub mod succession;
pub mod support;
pub mod support_queue;
pub mod time_out;
pub mod totp;
pub mod tried_meetings;
pub mod unattended;
pub mod vault;
pub mod wrong_codes;
pub mod wrong_factors;
pub mod wrong_keys;

mod decision;
mod guesses;

pub use decision::{Decision, Reason};
pub use guesses::Throttled;

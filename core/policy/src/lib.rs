//! Who may do what, and when: decisions as values, with the time as an argument.
//!
//! Nothing here remembers for longer than it is asked to, reads a clock or talks to anybody.
//! The server asks before every act; what is not listed as allowed is denied.

#![forbid(unsafe_code)]

pub mod admission;
pub mod capability;
pub mod delivery;
pub mod device_list;
pub mod join_ticket;
pub mod meeting;
pub mod password;
pub mod session;
pub mod setup_link;
pub mod sign_content;
pub mod sign_in_throttle;
pub mod source;
pub mod vault;
pub mod wrong_codes;

mod decision;
mod guesses;

pub use decision::{Decision, Reason};
pub use guesses::Throttled;

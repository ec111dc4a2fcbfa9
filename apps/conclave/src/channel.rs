//! Meeting channels: what each participant is told about their meeting, in order, and again after a reconnection.
//!
//! One task owns each meeting's channels. A command that changed a meeting says only that it
//! changed; the task reads the meeting from the store and tells each participant how their
//! view of it differs. So no news is lost between a commit and its telling, and a restart
//! needs no other source than the store.
//!
//! Beside that the task owns the delivery service of the meeting's MLS group
//! ([`conclave_policy::delivery`]), whose events go through the same logs.

mod closing;
mod groups;
mod hub;
mod log;
mod meeting;
mod notes;
mod owner;
mod presence;
mod socket;
mod tempo;
mod view;

pub(crate) use hub::{Channels, Resources};
pub(crate) use socket::{LONGEST_SUBMISSION, TurnedAway};

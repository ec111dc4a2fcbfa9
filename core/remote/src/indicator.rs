//! The sign on each monitor that shows the session. No message of a technician changes or hides it.

use conclave_protocol::remote::{Capabilities, EndReason, PauseReason};
use serde::{Deserialize, Serialize};

use crate::people::Person;

/// Without `Debug`: it names people.
#[derive(Clone, PartialEq, Eq)]
pub struct Indicator {
    pub phase: Phase,
    pub technician: Person,
    /// Those who see what the technician sees.
    pub watching: Vec<Person>,
    pub permitted: Capabilities,
    /// The technician is an administrator of the computer, as its own rules say.
    pub is_raised: bool,
    pub pause: Option<PauseReason>,
    /// Nobody here let the technician in: they are an administrator of the computer.
    pub is_unattended: bool,
}

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Nothing is permitted yet.
    Requested,
    /// Something is, and nothing is seen.
    Consented,
    Viewing,
    Controlled,
    Ended(EndReason),
}

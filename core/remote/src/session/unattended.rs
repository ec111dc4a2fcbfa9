//! A session at a computer where nobody need be: its technician has shown the computer to be an administrator of it.
//!
//! # Security
//!
//! That they have is for the owner to say, who looked; no message of a technician makes a session one of these. What they ask
//! for is permitted at once, within what policy permits. A person who comes to the computer sees it, takes back what they
//! like and stops all of it; what they took back is theirs to permit from then on, and so is everybody else who comes. There
//! is nobody to pick a file, so none goes. A session is not handed on: the next technician is no administrator yet.

use std::time::Instant;

use conclave_protocol::remote::Capability;

use super::Session;
use crate::limits::Limits;
use crate::people::Person;
use crate::question::Subject;

impl Session {
    /// As [`Session::new`], at a computer that knows the technician as an administrator of its own.
    pub fn unattended(now: Instant, technician: Person, limits: Limits) -> Self {
        let permitted = limits
            .permitted
            .without(Capability::FileOut)
            // They are an administrator already, and the computer's service comes back by itself.
            .without(Capability::Administrator);
        let limits = Limits {
            permitted,
            ..limits
        };
        Self::begin(now, technician, limits, true)
    }

    /// Whether nobody is asked.
    pub(super) fn is_let_in(&self, subject: &Subject) -> bool {
        let capability = match subject {
            Subject::Capability(capability) => *capability,
            Subject::FileIn(_) => Capability::FileIn,
            Subject::Diagnostics(_) => Capability::Diagnostics,
            Subject::FileOut(_) | Subject::Watcher(_) | Subject::HandOver(_) | Subject::Restart => {
                return false;
            }
        };
        self.is_unattended && !self.kept_back.contains(capability)
    }
}

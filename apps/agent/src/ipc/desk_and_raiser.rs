//! From the process with the desktop to the one that asks for an administrator's rights, and on to the part that has them.
//!
//! # Security
//!
//! What the part with root's rights can be told is all here, and each thing is an act of its own: nothing is run that somebody
//! names.

use conclave_protocol::remote::Raising;
use serde::{Deserialize, Serialize};

use super::Credentials;
use crate::errand::Errand;

#[derive(Serialize, Deserialize)]
pub enum DeskToRaiser {
    /// Answered by [`RaiserToDesk::Raised`].
    Raise(Credentials),
    /// Answered by [`RaiserToDesk::WayBack`].
    LayWayBack(Box<Errand>),
    /// The rights are given back, and what was laid is taken away.
    Lower,
    /// The computer restarts as soon as the agent has ended.
    Restart,
    /// And before that: nothing of the session is left to tell. Answered by [`RaiserToDesk::NoRestart`] alone.
    RestartNow,
}

#[derive(Serialize, Deserialize)]
pub enum RaiserToDesk {
    Raised(Raising),
    WayBack {
        is_laid: bool,
    },
    /// The computer refuses, and nothing that was laid is left.
    NoRestart,
}

#[derive(Serialize, Deserialize)]
pub enum RaiserToRoot {
    /// Answered by [`RootToRaiser::WayBack`].
    LayWayBack(Box<Errand>),
    /// As soon as whoever says it is gone.
    Restart,
    /// Answered by [`RootToRaiser::NoRestart`] alone.
    RestartNow,
    /// What was laid is taken away.
    Forget,
}

#[derive(Serialize, Deserialize)]
pub enum RootToRaiser {
    /// It has root's rights.
    Ready,
    NoRestart,
    WayBack {
        is_laid: bool,
    },
}

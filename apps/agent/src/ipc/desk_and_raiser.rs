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
}

#[derive(Serialize, Deserialize)]
pub enum RaiserToDesk {
    Raised(Raising),
    WayBack { is_laid: bool },
}

#[derive(Serialize, Deserialize)]
pub enum RaiserToRoot {
    /// Answered by [`RootToRaiser::WayBack`].
    LayWayBack(Box<Errand>),
    Restart,
}

#[derive(Serialize, Deserialize)]
pub enum RootToRaiser {
    /// It has root's rights.
    Ready,
    WayBack {
        is_laid: bool,
    },
}

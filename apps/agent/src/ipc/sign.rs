//! The sign that shows a session, and where it is shown.

use conclave_protocol::remote::{Capabilities, MonitorId, PauseReason};
use conclave_remote::{Indicator, Person, Phase};
use serde::{Deserialize, Serialize};

/// Without `Debug`: it names people.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    pub phase: Phase,
    pub technician: Person,
    pub watching: Vec<Person>,
    pub permitted: Capabilities,
    pub pause: Option<PauseReason>,
    /// Nobody here let the technician in: they are an administrator of the computer.
    pub is_unattended: bool,
    /// They were permitted to be one.
    pub is_raised: bool,
    /// A frame is on each, whatever is shown of them.
    pub monitors: Vec<Place>,
}

/// A monitor's, in pixels of the desktop.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub monitor: MonitorId,
    /// As the desktop calls it, such as `HDMI-1`.
    pub name: String,
    pub x: i32,
    pub y: i32,
    pub width: u32,
    pub height: u32,
}

impl Sign {
    pub(crate) fn new(indicator: Indicator, monitors: Vec<Place>) -> Self {
        Self {
            phase: indicator.phase,
            technician: indicator.technician,
            watching: indicator.watching,
            permitted: indicator.permitted,
            pause: indicator.pause,
            is_unattended: indicator.is_unattended,
            is_raised: indicator.is_raised,
            monitors,
        }
    }
}

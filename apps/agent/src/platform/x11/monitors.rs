//! The monitors of a display (RandR).

use x11rb::protocol::randr::{ConnectionExt as _, MonitorInfo, X11_EXTENSION_NAME};
use x11rb::protocol::xproto::ConnectionExt as _;

use super::display::Display;
use crate::platform::{Area, Fault, Monitor};

/// The primary one first. `None`: of the display that `DISPLAY` names.
pub fn monitors(display: Option<&str>) -> Result<Vec<Monitor>, Fault> {
    of(&Display::open(display)?)
}

/// For who asks again and again.
pub struct MonitorWatch(Display);

impl MonitorWatch {
    /// `None`: the display that `DISPLAY` names.
    pub fn open(display: Option<&str>) -> Result<Self, Fault> {
        Display::open(display).map(Self)
    }

    /// At this moment, the primary one first.
    pub fn monitors(&self) -> Result<Vec<Monitor>, Fault> {
        self.0.forget_events()?;
        of(&self.0)
    }
}

pub(super) fn of(display: &Display) -> Result<Vec<Monitor>, Fault> {
    display.needs(X11_EXTENSION_NAME)?;
    let version = display.randr_query_version(1, 5)?.reply()?;
    if (version.major_version, version.minor_version) < (1, 5) {
        return Err(Fault::Lacks("RandR 1.5"));
    }
    let found = display.randr_get_monitors(display.root(), true)?.reply()?;
    let found = found.monitors.into_iter().take(MOST_MONITORS);
    let monitors = found.map(|monitor| named(display, &monitor));
    let mut monitors = monitors.collect::<Result<Vec<_>, _>>()?;
    monitors.sort_by_key(|monitor| !monitor.primary);
    Ok(monitors)
}

fn named(display: &Display, monitor: &MonitorInfo) -> Result<Monitor, Fault> {
    let name = display.get_atom_name(monitor.name)?.reply()?.name;
    Ok(Monitor {
        name: String::from_utf8_lossy(&name).into_owned(),
        area: Area {
            x: monitor.x.into(),
            y: monitor.y.into(),
            width: monitor.width.into(),
            height: monitor.height.into(),
        },
        primary: monitor.primary,
    })
}

/// A person sees no more at once.
const MOST_MONITORS: usize = 32;

//! Looks where the monitors and our own windows are, whenever something stirs: the display tells of neither in one place.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::mailbox::{Happening, Mailbox};
use super::places::{Look, Places};
use crate::platform::x11::{MarkedWindows, MonitorWatch, Stirrings};
use crate::platform::{Bell, Fault, OwnWindows};

pub(super) struct Eyes {
    monitors: MonitorWatch,
    ours: MarkedWindows,
    stirrings: Stirrings,
    places: Places,
}

/// Wakes them before their time.
pub(super) struct Nudge(Bell);

impl Eyes {
    pub(super) fn open(display: Option<&str>) -> Result<Self, Fault> {
        Ok(Self {
            monitors: MonitorWatch::open(display)?,
            ours: MarkedWindows::open(display)?,
            stirrings: Stirrings::open(display)?,
            places: Places::default(),
        })
    }

    /// What stirs from its beginning on is told.
    pub(super) fn look(&mut self) -> Result<Look, Fault> {
        self.stirrings.follow_keyboard()?;
        self.places.follow(self.monitors.monitors()?);
        Ok(Look {
            places: self.places.clone(),
            own_windows: self.ours.areas()?,
            own_focus: self.ours.focused()?,
        })
    }

    /// In a thread of their own.
    pub(super) fn watch(mut self, mailbox: Arc<Mailbox>) -> Result<Nudge, Fault> {
        let bell = mailbox.bell()?;
        self.stirrings.heed(bell.clone());
        let (over, nudge) = (mailbox.count(), Nudge(bell.clone()));
        thread::spawn(move || {
            if self.tell_changes(&mailbox, over, &bell).is_err() && mailbox.count() == over {
                mailbox.near(Happening::DesktopGone);
            }
        });
        Ok(nudge)
    }

    /// Until more sessions are over than were at its beginning.
    fn tell_changes(&mut self, mailbox: &Mailbox, over: u32, bell: &Bell) -> Result<(), Fault> {
        let mut told = None;
        while mailbox.count() == over {
            let began = Instant::now();
            let look = self.look()?;
            if told.as_ref() != Some(&look) {
                mailbox.look(look.clone());
                told = Some(look);
            }
            if self.stirrings.next(UNASKED)? {
                let rest = BETWEEN_LOOKS.saturating_sub(began.elapsed());
                let _is_nudged = bell.rings_within(rest);
            }
        }
        Ok(())
    }
}

impl Nudge {
    pub(super) fn now(&self) {
        self.0.ring();
    }
}

/// Five times a second at most.
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

/// Not everything is told: that a window has become ours which is shown already, or takes what is pressed on it.
const UNASKED: Duration = Duration::from_secs(10);

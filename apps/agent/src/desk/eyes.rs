//! Looks where the monitors and our own windows are, again and again: the display tells of neither in one place.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::mailbox::{Happening, Mailbox};
use super::places::{Look, Places};
use crate::platform::x11::{MarkedWindows, MonitorWatch};
use crate::platform::{Fault, OwnWindows};

pub(super) struct Eyes {
    monitors: MonitorWatch,
    ours: MarkedWindows,
    places: Places,
}

/// Wakes them before their time.
pub(super) struct Nudge(SyncSender<()>);

impl Eyes {
    pub(super) fn open(display: Option<&str>) -> Result<Self, Fault> {
        Ok(Self {
            monitors: MonitorWatch::open(display)?,
            ours: MarkedWindows::open(display)?,
            places: Places::default(),
        })
    }

    pub(super) fn look(&mut self) -> Result<Look, Fault> {
        self.places.follow(self.monitors.monitors()?);
        Ok(Look {
            places: self.places.clone(),
            own_windows: self.ours.areas()?,
            own_focus: self.ours.focused()?,
        })
    }

    /// In a thread of their own.
    pub(super) fn watch(mut self, mailbox: Arc<Mailbox>) -> Nudge {
        let (nudge, nudged) = sync_channel(1);
        let over = mailbox.count();
        thread::spawn(move || {
            if self.tell_changes(&mailbox, over, &nudged).is_err() && mailbox.count() == over {
                mailbox.near(Happening::DesktopGone);
            }
        });
        Nudge(nudge)
    }

    /// Until more sessions are over than were at its beginning.
    fn tell_changes(
        &mut self,
        mailbox: &Mailbox,
        over: u32,
        nudged: &Receiver<()>,
    ) -> Result<(), Fault> {
        let mut told = None;
        while mailbox.count() == over {
            let look = self.look()?;
            if told.as_ref() != Some(&look) {
                mailbox.look(look.clone());
                told = Some(look);
            }
            let _time_or_nudge = nudged.recv_timeout(BETWEEN_LOOKS);
        }
        Ok(())
    }
}

impl Nudge {
    pub(super) fn now(&self) {
        let _is_awake = self.0.try_send(());
    }
}

/// Five times a second.
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

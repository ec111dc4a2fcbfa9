//! Tells what the person at the computer does from what is injected, by the device that each report comes from.
//!
//! Raw reports come whatever window has the focus, and whichever program has grabbed the devices.

use std::time::{Duration, Instant};

use x11rb::protocol::Event;
use x11rb::protocol::xinput::{ConnectionExt as _, Device, DeviceId, EventMask, XIEventMask};

use super::display::Display;
use super::ledger::{Entry, Ledger};
use super::xtest_devices::XtestDevices;
use crate::platform::{Fault, LocalAct, LocalInput};

pub struct LocalWatch {
    display: Display,
    injected: XtestDevices,
    ledger: Ledger,
}

/// Whose act it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Local,
    /// This program's, by the ledger.
    Injected,
}

impl LocalWatch {
    /// `None`: the display that `DISPLAY` names.
    pub fn open(display: Option<&str>, ledger: Ledger) -> Result<Self, Fault> {
        let display = Display::open(display)?;
        let injected = XtestDevices::find(&display)?;
        let all = EventMask {
            deviceid: Device::ALL_MASTER.into(),
            mask: vec![
                XIEventMask::RAW_KEY_PRESS
                    | XIEventMask::RAW_KEY_RELEASE
                    | XIEventMask::RAW_BUTTON_PRESS
                    | XIEventMask::RAW_BUTTON_RELEASE
                    | XIEventMask::RAW_MOTION
                    | XIEventMask::RAW_TOUCH_BEGIN,
            ],
        };
        let root = display.root();
        display.xinput_xi_select_events(root, &[all])?.check()?;
        Ok(Self {
            display,
            injected,
            ledger,
        })
    }

    /// The next act of anybody.
    pub fn next_of_anybody(
        &mut self,
        within: Duration,
    ) -> Result<Option<(Source, LocalAct)>, Fault> {
        let until = Instant::now() + within;
        while let Some(event) = self.display.next_event(until)? {
            if let Some((device, act, entry)) = report(&event) {
                return Ok(Some((self.source(device, entry), act)));
            }
        }
        Ok(None)
    }

    fn source(&self, device: DeviceId, entry: Option<Entry>) -> Source {
        let is_injected = self.injected.has(device);
        if is_injected && entry.is_some_and(|entry| self.ledger.settle(entry)) {
            Source::Injected
        } else {
            Source::Local
        }
    }
}

impl LocalInput for LocalWatch {
    fn next(&mut self, within: Duration) -> Result<Option<LocalAct>, Fault> {
        let until = Instant::now() + within;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.next_of_anybody(left)? {
                Some((Source::Local, act)) => return Ok(Some(act)),
                Some((Source::Injected, _)) => {}
                None => return Ok(None),
            }
        }
    }
}

/// The device, and how the ledger has it if we injected it. XTEST injects no touch.
fn report(event: &Event) -> Option<(DeviceId, LocalAct, Option<Entry>)> {
    let key = |code, down| (LocalAct::Key, Some(Entry::Key { code, down }));
    let button = |number, down| (LocalAct::Button, Some(Entry::Button { number, down }));
    let (device, (act, entry)) = match event {
        Event::XinputRawKeyPress(raw) => (raw.sourceid, key(raw.detail, true)),
        Event::XinputRawKeyRelease(raw) => (raw.sourceid, key(raw.detail, false)),
        Event::XinputRawButtonPress(raw) => (raw.sourceid, button(raw.detail, true)),
        Event::XinputRawButtonRelease(raw) => (raw.sourceid, button(raw.detail, false)),
        Event::XinputRawMotion(raw) => (raw.sourceid, (LocalAct::Motion, Some(Entry::Motion))),
        Event::XinputRawTouchBegin(raw) => (raw.sourceid, (LocalAct::Touch, None)),
        _ => return None,
    };
    Some((device, act, entry))
}

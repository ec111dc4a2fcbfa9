//! Tells what the person at the computer does from what is injected, by the device that each report comes from.
//!
//! Raw reports come whatever window has the focus, and whichever program has grabbed the devices. What the person holds
//! down makes none until it is let go, and is told again and again meanwhile.

mod hands;

use std::time::{Duration, Instant};

use x11rb::protocol::Event;
use x11rb::protocol::xinput::{ConnectionExt as _, Device, DeviceId, EventMask, XIEventMask};

use self::hands::Hands;
use super::display::{Display, Woken, after};
use super::ledger::{Entry, Ledger};
use super::xtest_devices::XtestDevices;
use crate::platform::{Bell, Fault, LocalAct, LocalInput};

pub struct LocalWatch {
    display: Display,
    injected: XtestDevices,
    ledger: Ledger,
    hands: Hands,
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
                    | XIEventMask::RAW_TOUCH_BEGIN
                    | XIEventMask::RAW_TOUCH_UPDATE
                    | XIEventMask::RAW_TOUCH_END,
            ],
        };
        let root = display.root();
        display.xinput_xi_select_events(root, &[all])?.check()?;
        Ok(Self {
            display,
            injected,
            ledger,
            hands: Hands::default(),
        })
    }

    /// The next act of anybody.
    pub fn next_of_anybody(
        &mut self,
        within: Duration,
    ) -> Result<Option<(Source, LocalAct)>, Fault> {
        match self.next_until(after(within))? {
            Woken::By(act) => Ok(Some(act)),
            Woken::ByBell | Woken::Late => Ok(None),
        }
    }

    fn next_until(&mut self, until: Instant) -> Result<Woken<(Source, LocalAct)>, Fault> {
        loop {
            let event = match self.display.woken(until)? {
                Woken::By(event) => event,
                Woken::ByBell => return Ok(Woken::ByBell),
                Woken::Late => return Ok(Woken::Late),
            };
            if let Some(report) = Report::of(&event) {
                return Ok(Woken::By((self.source(&report), report.act)));
            }
        }
    }

    fn source(&mut self, report: &Report) -> Source {
        if !self.injected.has(report.device) {
            self.hands.note(report);
            return Source::Local;
        }
        match report.entry() {
            Some(entry) if self.ledger.settle(entry) => Source::Injected,
            Some(_) | None => Source::Local,
        }
    }
}

impl LocalInput for LocalWatch {
    fn next(&mut self, within: Duration) -> Result<Option<LocalAct>, Fault> {
        let until = after(within);
        loop {
            let now = Instant::now();
            if let Some(act) = self.hands.rest(now) {
                return Ok(Some(act));
            }
            let wake = self.hands.told_again_at(now).min(until);
            match self.next_until(wake)? {
                Woken::By((Source::Local, act)) => {
                    self.hands.told(Instant::now());
                    return Ok(Some(act));
                }
                Woken::By((Source::Injected, _)) => {}
                Woken::Late if Instant::now() < until => {}
                Woken::ByBell | Woken::Late => return Ok(None),
            }
        }
    }

    fn heed(&mut self, bell: Bell) {
        self.display.heed(bell);
    }
}

/// Of something that was done with a device.
struct Report {
    device: DeviceId,
    act: LocalAct,
    /// Which key, button or finger.
    detail: u32,
    /// Whether that is down from then on. `None`: it is as it was.
    down: Option<bool>,
}

impl Report {
    fn of(event: &Event) -> Option<Self> {
        let (device, detail, act, down) = match event {
            Event::XinputRawKeyPress(raw) => (raw.sourceid, raw.detail, LocalAct::Key, Some(true)),
            Event::XinputRawKeyRelease(raw) => {
                (raw.sourceid, raw.detail, LocalAct::Key, Some(false))
            }
            Event::XinputRawButtonPress(raw) => {
                (raw.sourceid, raw.detail, LocalAct::Button, Some(true))
            }
            Event::XinputRawButtonRelease(raw) => {
                (raw.sourceid, raw.detail, LocalAct::Button, Some(false))
            }
            Event::XinputRawMotion(raw) => (raw.sourceid, raw.detail, LocalAct::Motion, None),
            Event::XinputRawTouchBegin(raw) => {
                (raw.sourceid, raw.detail, LocalAct::Touch, Some(true))
            }
            Event::XinputRawTouchUpdate(raw) => (raw.sourceid, raw.detail, LocalAct::Touch, None),
            Event::XinputRawTouchEnd(raw) => {
                (raw.sourceid, raw.detail, LocalAct::Touch, Some(false))
            }
            _ => return None,
        };
        Some(Self {
            device,
            act,
            detail,
            down,
        })
    }

    /// How the ledger has it if we injected it. XTEST injects no touch.
    fn entry(&self) -> Option<Entry> {
        match (self.act, self.down) {
            (LocalAct::Key, Some(down)) => Some(Entry::Key {
                code: self.detail,
                down,
            }),
            (LocalAct::Button, Some(down)) => Some(Entry::Button {
                number: self.detail,
                down,
            }),
            (LocalAct::Motion, _) => Some(Entry::Motion),
            (LocalAct::Key | LocalAct::Button | LocalAct::Touch, _) => None,
        }
    }
}

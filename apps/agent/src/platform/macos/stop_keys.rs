//! Ctrl+Alt+Shift+F12, whoever has the focus. Other programs get the keys too.

use std::time::Duration;

use core_graphics::event::{CGEvent, CGEventFlags, CGEventType, EventField, KeyCode};

use super::tap::Tap;
use crate::platform::handbell::Woken;
use crate::platform::tray::Tray;
use crate::platform::{Bell, Fault, StopHotkey};

pub struct StopKeys {
    presses: Tray<()>,
    _tap: Tap,
}

impl StopKeys {
    /// Until it is dropped.
    pub fn open() -> Result<Self, Fault> {
        let presses = Tray::new();
        let told = presses.clone();
        let heard = move |kind, event: &CGEvent| {
            if is_press(kind, event) {
                told.lay(());
            }
        };
        let tap = Tap::start(heard)?;
        Ok(Self { presses, _tap: tap })
    }
}

impl StopHotkey for StopKeys {
    fn pressed(&mut self, within: Duration) -> Result<bool, Fault> {
        Ok(matches!(self.presses.next(within), Woken::By(())))
    }

    fn heed(&mut self, bell: Bell) {
        self.presses.heed(bell);
    }
}

fn is_press(kind: CGEventType, event: &CGEvent) -> bool {
    let field = |which| event.get_integer_value_field(which);
    matches!(kind, CGEventType::KeyDown)
        && field(EventField::KEYBOARD_EVENT_KEYCODE) == i64::from(KeyCode::F12)
        && field(EventField::KEYBOARD_EVENT_AUTOREPEAT) == 0
        && event.get_flags().contains(MODIFIERS)
}

const MODIFIERS: CGEventFlags = CGEventFlags::CGEventFlagControl
    .union(CGEventFlags::CGEventFlagAlternate)
    .union(CGEventFlags::CGEventFlagShift);

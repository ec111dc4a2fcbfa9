//! Ctrl+Alt+Shift+F12, held for this program: Windows hands the keys to nobody else.

use std::io;
use std::ptr::null_mut;
use std::time::Duration;

use windows_sys::Win32::Foundation::ERROR_HOTKEY_ALREADY_REGISTERED;
use windows_sys::Win32::UI::Input::KeyboardAndMouse::{
    MOD_ALT, MOD_CONTROL, MOD_NOREPEAT, MOD_SHIFT, RegisterHotKey, UnregisterHotKey, VK_F12,
};
use windows_sys::Win32::UI::WindowsAndMessaging::WM_HOTKEY;

use super::pump::Pump;
use crate::platform::handbell::Woken;
use crate::platform::tray::Tray;
use crate::platform::{Bell, Fault, StopHotkey};

pub struct StopKeys {
    presses: Tray<()>,
    _pump: Pump,
}

impl StopKeys {
    /// Until it is dropped.
    pub fn open() -> Result<Self, Fault> {
        let presses = Tray::new();
        let told = presses.clone();
        let heard = move |message| {
            if message == WM_HOTKEY {
                told.lay(());
            }
        };
        Ok(Self {
            presses,
            _pump: Pump::start(Registered::new, heard)?,
        })
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

/// For the thread that made it.
struct Registered;

impl Registered {
    fn new() -> Result<Self, Fault> {
        let modifiers = MOD_CONTROL | MOD_ALT | MOD_SHIFT | MOD_NOREPEAT;
        // SAFETY: it takes numbers; no window is named, so the thread is told.
        let is_held = unsafe { RegisterHotKey(null_mut(), NUMBER, modifiers, VK_F12.into()) } != 0;
        if is_held {
            return Ok(Self);
        }
        let error = io::Error::last_os_error();
        Err(match error.raw_os_error().map(i32::cast_unsigned) {
            Some(ERROR_HOTKEY_ALREADY_REGISTERED) => Fault::Held("Ctrl+Alt+Shift+F12"),
            Some(_) | None => Fault::Refused(Box::new(error)),
        })
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        // SAFETY: it takes numbers. The thread registered it, and has it once.
        unsafe { UnregisterHotKey(null_mut(), NUMBER) };
    }
}

/// The thread has no other.
const NUMBER: i32 = 1;

//! Our own windows, known by the process that they belong to.
//!
//! # Security
//!
//! What is looked at is over when it is acted on: unlike a display of X, Windows serves everybody between a look and a press.
//! A window of ours that appears just then can be pressed, so a prompt has to be deaf for longer than that.

use windows_sys::Win32::Foundation::{HWND, LPARAM, POINT, RECT};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    EnumWindows, GA_ROOT, GWL_EXSTYLE, GetAncestor, GetCursorPos, GetForegroundWindow,
    GetWindowLongW, GetWindowRect, GetWindowThreadProcessId, IsIconic, IsWindowVisible,
    WS_EX_TRANSPARENT, WindowFromPoint,
};
use windows_sys::core::BOOL;

use super::desktop;
use super::fault::done;
use crate::platform::{Area, Fault, OwnWindows};

#[derive(Clone)]
pub struct ProcessWindows {
    processes: Vec<u32>,
}

impl ProcessWindows {
    /// Of the processes with these numbers.
    pub fn of(processes: Vec<u32>) -> Self {
        Self { processes }
    }

    /// Of this process.
    pub fn own() -> Self {
        Self::of(vec![std::process::id()])
    }

    /// No window is nobody's, and so not ours.
    fn has(&self, window: HWND) -> bool {
        let mut process = 0;
        // SAFETY: the place for the answer is ours; a window that is gone is refused, and leaves it as it is.
        unsafe { GetWindowThreadProcessId(window, &raw mut process) };
        self.processes.contains(&process)
    }

    fn is_pressable(&self, window: HWND) -> bool {
        // SAFETY: any handle may be asked about.
        let (is_shown, style) = unsafe {
            let is_shown = IsWindowVisible(window) != 0 && IsIconic(window) == 0;
            (is_shown, GetWindowLongW(window, GWL_EXSTYLE))
        };
        is_shown && style.cast_unsigned() & WS_EX_TRANSPARENT == 0 && self.has(window)
    }
}

impl OwnWindows for ProcessWindows {
    fn areas(&self) -> Result<Vec<Area>, Fault> {
        let mut areas = Vec::new();
        for window in all()? {
            let mut place = RECT::default();
            // SAFETY: the place for the answer is ours; a window that is gone is refused.
            let is_told = unsafe { GetWindowRect(window, &raw mut place) } != 0;
            if is_told && self.is_pressable(window) {
                areas.push(desktop::area(place)?);
            }
        }
        Ok(areas)
    }

    /// Whether the window at the pointer is ours, or is within one that is.
    fn under_pointer(&self) -> Result<bool, Fault> {
        let mut at = POINT::default();
        // SAFETY: the place for the answer is ours, and lives through the call.
        done(unsafe { GetCursorPos(&raw mut at) })?;
        // SAFETY: any place and any window may be asked about.
        let (window, outermost) = unsafe {
            let window = WindowFromPoint(at);
            (window, GetAncestor(window, GA_ROOT))
        };
        Ok(self.has(window) || self.has(outermost))
    }

    fn focused(&self) -> Result<bool, Fault> {
        // SAFETY: it takes nothing.
        let window = unsafe { GetForegroundWindow() };
        Ok(self.has(window))
    }
}

/// The windows that lie on the desktop itself.
fn all() -> Result<Vec<HWND>, Fault> {
    let mut found: Vec<HWND> = Vec::new();
    let to = (&raw mut found).expose_provenance().cast_signed();
    // SAFETY: `note` is called before this returns, and by this thread alone; `found` outlives that, and nobody else has it.
    done(unsafe { EnumWindows(Some(note), to) })?;
    Ok(found)
}

/// Called for each window; false ends it.
unsafe extern "system" fn note(window: HWND, to: LPARAM) -> BOOL {
    let found = std::ptr::with_exposed_provenance_mut::<Vec<HWND>>(to.cast_unsigned());
    // SAFETY: it is the address of `found`, which `all` lends for as long as this is called.
    let found = unsafe { &mut *found };
    found.push(window);
    BOOL::from(true)
}

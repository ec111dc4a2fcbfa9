//! A small window of this program's, beside the desktop, by which the survey tries what is done with windows.

use std::ptr::null_mut;

use windows_sys::Win32::Foundation::HWND;
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DestroyWindow, SW_SHOWNOACTIVATE, ShowWindow, WS_EX_NOACTIVATE,
    WS_EX_TOOLWINDOW, WS_POPUP,
};
use windows_sys::core::w;

use super::fault::some;
use crate::platform::Fault;

/// On the thread that made it, until it is dropped.
pub(super) struct OwnWindow(HWND);

impl OwnWindow {
    /// Shown where nobody sees it, and without the focus.
    pub(super) fn beside_the_desktop() -> Result<Self, Fault> {
        let style = WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE;
        let (at, size, nothing) = (-32_000, 8, null_mut());
        // SAFETY: the class is one of Windows's own, both names are constants, and no other window or data is named.
        let window = unsafe {
            let (class, title) = (w!("STATIC"), w!(""));
            CreateWindowExW(
                style, class, title, WS_POPUP, at, at, size, size, nothing, nothing, nothing,
                nothing,
            )
        };
        let window = Self(some(window)?);
        // SAFETY: it is there until it is dropped.
        unsafe { ShowWindow(window.0, SW_SHOWNOACTIVATE) };
        Ok(window)
    }

    pub(super) fn number(&self) -> isize {
        self.0.addr().cast_signed()
    }
}

impl Drop for OwnWindow {
    fn drop(&mut self) {
        // SAFETY: this thread made it, which a handle never leaves, and it is destroyed once.
        unsafe { DestroyWindow(self.0) };
    }
}

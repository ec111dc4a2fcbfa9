//! A window that can be typed into.

use std::time::Instant;

use windows_sys::Win32::Foundation::{HWND, RECT};
use windows_sys::Win32::UI::Input::KeyboardAndMouse::SetFocus;
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DestroyWindow, DispatchMessageW, GetWindowRect, GetWindowTextW, MSG,
    PM_REMOVE, PeekMessageW, SetForegroundWindow, TranslateMessage, WS_EX_TOPMOST, WS_POPUP,
    WS_VISIBLE,
};
use windows_sys::core::w;

use super::PATIENCE;
use crate::platform::Area;
use crate::platform::windows::desktop;

/// On the thread that made it.
pub(super) struct Editor(HWND);

impl Editor {
    /// With the focus, above all others.
    pub(super) fn shown() -> Self {
        let style = WS_POPUP | WS_VISIBLE;
        let nothing = std::ptr::null_mut();
        // SAFETY: the class is one of Windows's own, and no other window or data is named.
        let window = unsafe {
            let (class, title) = (w!("EDIT"), w!(""));
            let (left, top, width, height) = (300, 200, 200, 40);
            CreateWindowExW(
                WS_EX_TOPMOST,
                class,
                title,
                style,
                left,
                top,
                width,
                height,
                nothing,
                nothing,
                nothing,
                nothing,
            )
        };
        assert!(!window.is_null());
        // SAFETY: it was made by this thread just before.
        unsafe {
            SetForegroundWindow(window);
            SetFocus(window);
        }
        let editor = Self(window);
        editor.work();
        editor
    }

    pub(super) fn number(&self) -> isize {
        self.0.addr().cast_signed()
    }

    pub(super) fn area(&self) -> Area {
        let mut place = RECT::default();
        // SAFETY: the place for the answer is ours, and lives through the call.
        unsafe { GetWindowRect(self.0, &raw mut place) };
        desktop::area(place).unwrap()
    }

    /// What was typed, when it has so many characters.
    pub(super) fn text_of(&self, length: usize) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            self.work();
            let text = self.text();
            if text.chars().count() >= length || Instant::now() > until {
                return text;
            }
            std::thread::yield_now();
        }
    }

    fn text(&self) -> String {
        let mut text = [0_u16; 64];
        let longest = i32::try_from(text.len()).unwrap();
        // SAFETY: the place for the text is ours, and as long as is said.
        let length = unsafe { GetWindowTextW(self.0, text.as_mut_ptr(), longest) };
        let text = text.get(..usize::try_from(length).unwrap()).unwrap();
        String::from_utf16(text).unwrap()
    }

    /// Does what its thread was told.
    fn work(&self) {
        let mut message = MSG::default();
        // SAFETY: the place for the message is ours, and lives through the calls.
        unsafe {
            while PeekMessageW(&raw mut message, std::ptr::null_mut(), 0, 0, PM_REMOVE) != 0 {
                TranslateMessage(&raw const message);
                DispatchMessageW(&raw const message);
            }
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        // SAFETY: this thread made it, and destroys it once.
        unsafe { DestroyWindow(self.0) };
    }
}

//! The picture of one window alone, also where others lie above it.

use std::ptr::null_mut;
use std::time::Duration;

use windows_sys::Win32::Foundation::{HWND, RECT};
use windows_sys::Win32::Storage::Xps::PrintWindow;
use windows_sys::Win32::UI::WindowsAndMessaging::{
    GetWindowRect, IsHungAppWindow, IsIconic, IsWindow, IsWindowVisible, PW_RENDERFULLCONTENT,
};

use super::canvas::drawn;
use super::desktop;
use super::fault::done;
use crate::platform::differences::Differences;
use crate::platform::looks::Looks;
use crate::platform::{Bell, Fault, Picture, ScreenSource, Seen, Size};

pub struct WindowCapture {
    window: Window,
    is_hidden: bool,
    differences: Differences,
    looks: Looks,
}

/// By its number: Windows refuses one that is gone.
#[derive(Clone, Copy)]
struct Window(isize);

impl WindowCapture {
    /// Of the window with this handle.
    pub fn open(window: isize) -> Result<Self, Fault> {
        let window = Window(window);
        if !window.is_there() {
            return Err(Fault::NoSuchWindow);
        }
        Ok(Self {
            window,
            is_hidden: false,
            differences: Differences::default(),
            looks: Looks::new(),
        })
    }

    fn look(&mut self) -> Result<Option<Seen>, Fault> {
        if !self.window.is_there() {
            return Ok(Some(Seen::Closed));
        }
        let was_hidden = std::mem::replace(&mut self.is_hidden, !self.window.is_shown());
        if self.is_hidden {
            self.differences = Differences::default();
            return Ok((!was_hidden).then_some(Seen::Hidden));
        }
        if self.window.is_deaf() {
            return Ok(None);
        }
        let size = self.window.size()?;
        let patches = self.differences.take(size, self.window.pixels(size)?);
        let is_change = !patches.is_empty();
        Ok(is_change.then_some(Seen::Picture(Picture {
            size,
            patches,
            cursor: None,
        })))
    }
}

impl ScreenSource for WindowCapture {
    fn next(&mut self, within: Duration) -> Result<Option<Seen>, Fault> {
        let looks = self.looks.clone();
        looks.until_seen(within, || self.look())
    }

    fn heed(&mut self, bell: Bell) {
        self.looks.heed(bell);
    }
}

impl Window {
    fn handle(self) -> HWND {
        null_mut::<u8>().with_addr(self.0.cast_unsigned()).cast()
    }

    fn is_there(self) -> bool {
        // SAFETY: any number may be asked about.
        unsafe { IsWindow(self.handle()) != 0 }
    }

    fn is_shown(self) -> bool {
        let window = self.handle();
        // SAFETY: any number may be asked about.
        unsafe { IsWindowVisible(window) != 0 && IsIconic(window) == 0 }
    }

    /// Its program answers nothing, and so would not draw it either, which would be waited for.
    fn is_deaf(self) -> bool {
        // SAFETY: any number may be asked about.
        unsafe { IsHungAppWindow(self.handle()) != 0 }
    }

    fn size(self) -> Result<Size, Fault> {
        let mut place = RECT::default();
        // SAFETY: the place for the answer is ours, and lives through the call.
        done(unsafe { GetWindowRect(self.handle(), &raw mut place) })?;
        let area = desktop::area(place)?;
        Ok(Size {
            width: area.width.max(1),
            height: area.height.max(1),
        })
    }

    fn pixels(self, size: Size) -> Result<Vec<u8>, Fault> {
        drawn(size, |to| {
            // SAFETY: the canvas's context lives through the call; a window that is gone is refused.
            unsafe { PrintWindow(self.handle(), to, PW_RENDERFULLCONTENT) }
        })
    }
}

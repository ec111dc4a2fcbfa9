//! What a device would have done, handed to Windows with our mark on it.

use windows_sys::Win32::UI::Input::KeyboardAndMouse::{
    INPUT, INPUT_0, INPUT_KEYBOARD, INPUT_MOUSE, KEYBD_EVENT_FLAGS, KEYBDINPUT,
    KEYEVENTF_EXTENDEDKEY, KEYEVENTF_KEYUP, KEYEVENTF_SCANCODE, KEYEVENTF_UNICODE,
    MAPVK_VSC_TO_VK_EX, MOUSE_EVENT_FLAGS, MOUSEINPUT, MapVirtualKeyW, SendInput, VIRTUAL_KEY,
};

use super::fault::refused;
use crate::platform::scan_codes::ScanCode;
use crate::platform::{Fault, Mark, Point};

/// All of it with nothing of others between. Where a program with more rights has the focus, Windows drops it and says so to
/// nobody.
pub(super) fn send(inputs: &[INPUT]) -> Result<(), Fault> {
    let count = u32::try_from(inputs.len()).unwrap_or(u32::MAX);
    let bytes = i32::try_from(size_of::<INPUT>()).unwrap_or_default();
    // SAFETY: there are so many of so many bytes, each filled in by the functions below.
    let taken = unsafe { SendInput(count, inputs.as_ptr(), bytes) };
    if taken == count {
        Ok(())
    } else {
        Err(refused())
    }
}

pub(super) fn mouse(mark: Mark, flags: MOUSE_EVENT_FLAGS, at: Point, data: i32) -> INPUT {
    let mi = MOUSEINPUT {
        dx: at.x,
        dy: at.y,
        mouseData: data.cast_unsigned(),
        dwFlags: flags,
        time: 0,
        dwExtraInfo: extra(mark),
    };
    INPUT {
        r#type: INPUT_MOUSE,
        Anonymous: INPUT_0 { mi },
    }
}

/// A key by its place. Beside that Windows ignores what the layout makes of it; a Wine of old does not look itself.
pub(super) fn key(mark: Mark, code: ScanCode, down: bool) -> INPUT {
    let mut flags = KEYEVENTF_SCANCODE;
    let mut place = u32::from(code.code);
    if code.is_extended {
        flags |= KEYEVENTF_EXTENDEDKEY;
        place |= EXTENDED;
    }
    if !down {
        flags |= KEYEVENTF_KEYUP;
    }
    // SAFETY: it takes numbers, and answers nothing for those that it does not know.
    let meaning = unsafe { MapVirtualKeyW(place, MAPVK_VSC_TO_VK_EX) };
    let meaning = VIRTUAL_KEY::try_from(meaning).unwrap_or_default();
    keyboard(mark, flags, meaning, code.code.into())
}

/// A unit of UTF-16, as if a key made it.
pub(super) fn unit(mark: Mark, unit: u16, down: bool) -> INPUT {
    let up = if down { 0 } else { KEYEVENTF_KEYUP };
    keyboard(mark, KEYEVENTF_UNICODE | up, 0, unit)
}

fn keyboard(mark: Mark, flags: KEYBD_EVENT_FLAGS, meaning: VIRTUAL_KEY, scan: u16) -> INPUT {
    let ki = KEYBDINPUT {
        wVk: meaning,
        wScan: scan,
        dwFlags: flags,
        time: 0,
        dwExtraInfo: extra(mark),
    };
    INPUT {
        r#type: INPUT_KEYBOARD,
        Anonymous: INPUT_0 { ki },
    }
}

fn extra(mark: Mark) -> usize {
    usize::try_from(mark.number()).unwrap_or_default()
}

/// The prefix of what came later than the rest.
const EXTENDED: u32 = 0xe000;

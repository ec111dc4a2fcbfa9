//! Injects input, and lets go of it.
//!
//! # Security
//!
//! What is pressed is dropped when it would reach a window of ours; `process_windows` says what remains of a risk.

use std::collections::BTreeSet;

use conclave_protocol::remote::{Button, Key, TypedText};
use windows_sys::Win32::UI::Input::KeyboardAndMouse::{
    MOUSE_EVENT_FLAGS, MOUSEEVENTF_ABSOLUTE, MOUSEEVENTF_HWHEEL, MOUSEEVENTF_LEFTDOWN,
    MOUSEEVENTF_LEFTUP, MOUSEEVENTF_MIDDLEDOWN, MOUSEEVENTF_MIDDLEUP, MOUSEEVENTF_MOVE,
    MOUSEEVENTF_RIGHTDOWN, MOUSEEVENTF_RIGHTUP, MOUSEEVENTF_VIRTUALDESK, MOUSEEVENTF_WHEEL,
    MOUSEEVENTF_XDOWN, MOUSEEVENTF_XUP,
};

use super::desktop;
use super::process_windows::ProcessWindows;
use super::send::{key, mouse, send, unit};
use crate::platform::scan_codes::{ScanCode, scan_code};
use crate::platform::{Fault, Injected, Input, InputSink, Mark, OwnWindows as _, Point};

pub struct Injector {
    mark: Mark,
    ours: ProcessWindows,
    keys: BTreeSet<ScanCode>,
    buttons: Vec<Button>,
}

impl Injector {
    /// Presses nothing on these windows.
    pub fn open(mark: Mark, ours: ProcessWindows) -> Self {
        Self {
            mark,
            ours,
            keys: BTreeSet::new(),
            buttons: Vec::new(),
        }
    }

    /// Where the pointer is.
    pub fn pointer(&self) -> Result<Point, Fault> {
        desktop::pointer()
    }

    fn move_to(&self, to: Point) -> Result<Injected, Fault> {
        let size = desktop::size()?;
        let to = Point {
            x: share(to.x, size.width),
            y: share(to.y, size.height),
        };
        let flags = MOUSEEVENTF_MOVE | MOUSEEVENTF_ABSOLUTE | MOUSEEVENTF_VIRTUALDESK;
        send(&[mouse(self.mark, flags, to, 0)])?;
        Ok(Injected::Done)
    }

    fn button(&mut self, button: Button, down: bool) -> Result<Injected, Fault> {
        if !down {
            self.release_button(button)?;
            return Ok(Injected::Done);
        }
        if self.ours.under_pointer()? {
            return Ok(Injected::OnOurOwnWindow);
        }
        self.buttons.push(button);
        self.send_button(button, true)?;
        Ok(Injected::Done)
    }

    fn release_button(&mut self, button: Button) -> Result<(), Fault> {
        if self.buttons.contains(&button) {
            self.send_button(button, false)?;
            self.buttons.retain(|held| *held != button);
        }
        Ok(())
    }

    fn send_button(&self, button: Button, down: bool) -> Result<(), Fault> {
        let (flags, data) = flags(button, down, desktop::is_left_handed());
        send(&[mouse(self.mark, flags, NOWHERE, data)])
    }

    fn turn(&self, notches: i16, flags: MOUSE_EVENT_FLAGS) -> Result<Injected, Fault> {
        let notches = i32::from(notches).clamp(-MOST_NOTCHES, MOST_NOTCHES);
        if notches == 0 {
            return Ok(Injected::Done);
        }
        if self.ours.under_pointer()? {
            return Ok(Injected::OnOurOwnWindow);
        }
        send(&[mouse(self.mark, flags, NOWHERE, notches * ONE_NOTCH)])?;
        Ok(Injected::Done)
    }

    fn key(&mut self, asked: Key, down: bool) -> Result<Injected, Fault> {
        let Some(code) = scan_code(asked) else {
            return Ok(Injected::NoSuchKey);
        };
        if !down {
            self.release_key(code)?;
            return Ok(Injected::Done);
        }
        if self.ours.focused()? {
            return Ok(Injected::OnOurOwnWindow);
        }
        self.keys.insert(code);
        self.send_key(code, true)?;
        Ok(Injected::Done)
    }

    fn release_key(&mut self, code: ScanCode) -> Result<(), Fault> {
        if self.keys.contains(&code) {
            self.send_key(code, false)?;
            self.keys.remove(&code);
        }
        Ok(())
    }

    fn send_key(&self, code: ScanCode, down: bool) -> Result<(), Fault> {
        send(&[key(self.mark, code, down)])
    }

    /// Each character as it is, whatever the layout and the locks are.
    fn type_text(&self, text: &TypedText) -> Result<Injected, Fault> {
        for character in text.as_str().chars() {
            if self.ours.focused()? {
                return Ok(Injected::OnOurOwnWindow);
            }
            let mut units = [0; 2];
            let units = character.encode_utf16(&mut units).iter();
            let strokes = units.flat_map(|it| [true, false].map(|down| unit(self.mark, *it, down)));
            send(&strokes.collect::<Vec<_>>())?;
        }
        Ok(Injected::Done)
    }
}

impl InputSink for Injector {
    fn inject(&mut self, input: &Input) -> Result<Injected, Fault> {
        match input {
            Input::PointerTo(to) => self.move_to(*to),
            Input::Button { button, down } => self.button(*button, *down),
            Input::Wheel { up, right } => match self.turn(*up, MOUSEEVENTF_WHEEL)? {
                Injected::Done => self.turn(*right, MOUSEEVENTF_HWHEEL),
                refused @ (Injected::OnOurOwnWindow | Injected::NoSuchKey) => Ok(refused),
            },
            Input::Key { key, down } => self.key(*key, *down),
            Input::Text(text) => self.type_text(text),
        }
    }

    /// What is refused, as while a prompt of the system's has the desktop, stays held and is let go the next time.
    fn release_all(&mut self) -> Result<(), Fault> {
        let mut outcome = Ok(());
        for button in self.buttons.clone() {
            outcome = outcome.and(self.release_button(button));
        }
        for code in self.keys.clone() {
            outcome = outcome.and(self.release_key(code));
        }
        outcome
    }
}

impl Drop for Injector {
    fn drop(&mut self) {
        let _gone = self.release_all();
    }
}

/// Windows counts a way across the desktop in 65,536 parts, and takes the pixel that a part begins in.
fn share(pixel: i32, pixels: u32) -> i32 {
    let (pixels, last) = (i64::from(pixels), i64::from(pixels).saturating_sub(1));
    let pixel = i64::from(pixel).clamp(0, last);
    let part = (pixel * PARTS + last).checked_div(pixels);
    part.and_then(|part| i32::try_from(part).ok())
        .unwrap_or_default()
}

/// Windows swaps buttons for the left-handed; what is asked for is the meaning.
fn flags(button: Button, down: bool, is_swapped: bool) -> (MOUSE_EVENT_FLAGS, i32) {
    let (flags, data) = match (button, is_swapped) {
        (Button::Left, false) | (Button::Right, true) => (LEFT, 0),
        (Button::Right, false) | (Button::Left, true) => (RIGHT, 0),
        (Button::Middle, _) => (MIDDLE, 0),
        (Button::Back, _) => (EXTRA, 1),
        (Button::Forward, _) => (EXTRA, 2),
    };
    (if down { flags.0 } else { flags.1 }, data)
}

const LEFT: (u32, u32) = (MOUSEEVENTF_LEFTDOWN, MOUSEEVENTF_LEFTUP);
const MIDDLE: (u32, u32) = (MOUSEEVENTF_MIDDLEDOWN, MOUSEEVENTF_MIDDLEUP);
const RIGHT: (u32, u32) = (MOUSEEVENTF_RIGHTDOWN, MOUSEEVENTF_RIGHTUP);
const EXTRA: (u32, u32) = (MOUSEEVENTF_XDOWN, MOUSEEVENTF_XUP);

/// The pointer stays where it is.
const NOWHERE: Point = Point { x: 0, y: 0 };

const PARTS: i64 = 65_536;

/// What Windows calls `WHEEL_DELTA`.
const ONE_NOTCH: i32 = 120;

/// What a hand turns at once.
const MOST_NOTCHES: i32 = 20;

//! Injects input by XTEST, and lets go of it.
//!
//! # Security
//!
//! What is pressed is dropped when it would reach a window of ours. The look and the press are one act: the display
//! serves nobody else between them, so no prompt can appear under a press that is on its way.

mod held;
mod typing;

use conclave_protocol::remote::Button;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, KEY_PRESS_EVENT,
    KEY_RELEASE_EVENT, Keycode, MOTION_NOTIFY_EVENT,
};
use x11rb::protocol::xtest::{ConnectionExt as _, X11_EXTENSION_NAME};
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{CURRENT_TIME, NONE};

use self::held::Held;
use super::display::Display;
use super::key_positions::keycode;
use super::ledger::{Entry, Ledger};
use super::marked_windows::Mark;
use super::spare_keys::SpareKeys;
use super::xtest_devices::XtestDevices;
use crate::platform::{Fault, Injected, Input, InputSink, Point};

pub struct Injector {
    display: Display,
    devices: XtestDevices,
    ours: Mark,
    ledger: Ledger,
    held: Held,
    spare: SpareKeys,
}

impl Injector {
    /// Also lets go of what an injector held that was killed: the display does not do that. `None`: the display that
    /// `DISPLAY` names.
    pub fn open(display: Option<&str>, ledger: Ledger) -> Result<Self, Fault> {
        let display = Display::open(display)?;
        display.needs(X11_EXTENSION_NAME)?;
        display.xtest_get_version(2, 2)?.reply()?;
        let devices = XtestDevices::find(&display)?;
        let (keys, buttons) = devices.held(&display)?;
        let mut injector = Self {
            ours: Mark::new(&display)?,
            held: Held::of(keys, buttons),
            devices,
            ledger,
            spare: SpareKeys::default(),
            display,
        };
        injector.release_all()?;
        Ok(injector)
    }

    /// Where the pointer is.
    pub fn pointer(&self) -> Result<Point, Fault> {
        let pointer = self.display.query_pointer(self.display.root())?.reply()?;
        Ok(Point {
            x: pointer.root_x.into(),
            y: pointer.root_y.into(),
        })
    }

    fn move_to(&self, to: Point) -> Result<Injected, Fault> {
        self.ledger.enter(Entry::Motion);
        let (x, y) = (narrow(to.x), narrow(to.y));
        let root = self.display.root();
        let absolute = 0;
        self.display.xtest_fake_input(
            MOTION_NOTIFY_EVENT,
            absolute,
            CURRENT_TIME,
            root,
            x,
            y,
            0,
        )?;
        Ok(Injected::Done)
    }

    /// The display swaps buttons for the left-handed; what is asked for is the meaning.
    fn number(&self, button: Button) -> Result<u8, Fault> {
        let meaning = meaning(button);
        let meanings = self.display.get_pointer_mapping()?.reply()?.map;
        let numbers = (1..=u8::MAX).zip(meanings);
        let mut found = numbers.filter(|(_, is)| *is == meaning);
        Ok(found.next().map_or(meaning, |(number, _)| number))
    }

    fn button(&mut self, number: u8, down: bool) -> Result<Injected, Fault> {
        if !down {
            self.release_button(number)?;
            return Ok(Injected::Done);
        }
        self.unless_ours(Mark::is_under_pointer, |injector| {
            injector.held.buttons.insert(number);
            injector.fake_button(number, true)
        })
    }

    fn release_button(&mut self, number: u8) -> Result<(), Fault> {
        if self.held.buttons.remove(&number) {
            self.fake_button(number, false)?;
        }
        Ok(())
    }

    fn turn(&mut self, notches: i16, back: u8, forth: u8) -> Result<Injected, Fault> {
        let number = if notches < 0 { back } else { forth };
        for _ in 0..notches.unsigned_abs().min(MOST_NOTCHES) {
            let pressed = self.button(number, true)?;
            if pressed != Injected::Done {
                return Ok(pressed);
            }
            self.release_button(number)?;
        }
        Ok(Injected::Done)
    }

    fn key(&mut self, code: Keycode, down: bool) -> Result<Injected, Fault> {
        if down {
            return self.press(code);
        }
        self.release(code)?;
        Ok(Injected::Done)
    }

    fn press(&mut self, code: Keycode) -> Result<Injected, Fault> {
        self.unless_ours(Mark::is_focused, |injector| {
            injector.held.keys.insert(code);
            injector.fake_key(code, true)
        })
    }

    fn release(&mut self, code: Keycode) -> Result<(), Fault> {
        if self.held.keys.remove(&code) {
            self.fake_key(code, false)?;
        }
        Ok(())
    }

    /// Nobody else is served between the look and the act.
    fn unless_ours(
        &mut self,
        is_ours: impl FnOnce(Mark, &Display) -> Result<bool, Fault>,
        act: impl FnOnce(&mut Self) -> Result<(), Fault>,
    ) -> Result<Injected, Fault> {
        self.display.grab_server()?;
        let outcome = match is_ours(self.ours, &self.display) {
            Ok(true) => Ok(Injected::OnOurOwnWindow),
            Ok(false) => act(self).map(|()| Injected::Done),
            Err(fault) => Err(fault),
        };
        self.display.ungrab_server()?;
        self.display.flush()?;
        outcome
    }

    fn fake_key(&self, code: Keycode, down: bool) -> Result<(), Fault> {
        self.ledger.enter(Entry::Key {
            code: code.into(),
            down,
        });
        let kind = if down {
            KEY_PRESS_EVENT
        } else {
            KEY_RELEASE_EVENT
        };
        self.fake(kind, code)
    }

    fn fake_button(&self, number: u8, down: bool) -> Result<(), Fault> {
        self.ledger.enter(Entry::Button {
            number: number.into(),
            down,
        });
        let kind = if down {
            BUTTON_PRESS_EVENT
        } else {
            BUTTON_RELEASE_EVENT
        };
        self.fake(kind, number)
    }

    fn fake(&self, kind: u8, detail: u8) -> Result<(), Fault> {
        self.display
            .xtest_fake_input(kind, detail, CURRENT_TIME, NONE, 0, 0, 0)?;
        Ok(())
    }
}

impl InputSink for Injector {
    fn inject(&mut self, input: &Input) -> Result<Injected, Fault> {
        let injected = match input {
            Input::PointerTo(to) => self.move_to(*to)?,
            Input::Button { button, down } => self.button(self.number(*button)?, *down)?,
            Input::Wheel { up, right } => match self.turn(*up, 5, 4)? {
                Injected::Done => self.turn(*right, 6, 7)?,
                not_done => not_done,
            },
            Input::Key { key, down } => match keycode(*key) {
                Some(code) => self.key(code, *down)?,
                None => Injected::NoSuchKey,
            },
            Input::Text(text) => self.type_text(text)?,
        };
        self.display.sync()?;
        self.display.forget_events()?;
        Ok(injected)
    }

    fn release_all(&mut self) -> Result<(), Fault> {
        for number in self.held.buttons.clone() {
            self.release_button(number)?;
        }
        for code in self.held.keys.clone() {
            self.release(code)?;
        }
        self.spare.give_back(&self.display)?;
        self.display.sync()?;
        self.display.forget_events()
    }
}

impl Drop for Injector {
    fn drop(&mut self) {
        let _gone = self.release_all();
    }
}

fn meaning(button: Button) -> u8 {
    match button {
        Button::Left => 1,
        Button::Middle => 2,
        Button::Right => 3,
        Button::Back => 8,
        Button::Forward => 9,
    }
}

fn narrow(coordinate: i32) -> i16 {
    let most = i16::MAX.into();
    i16::try_from(coordinate.clamp(0, most)).unwrap_or(i16::MAX)
}

/// What a hand turns at once.
const MOST_NOTCHES: u16 = 20;

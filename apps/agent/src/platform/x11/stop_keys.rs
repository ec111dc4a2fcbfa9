//! Ctrl+Alt+Shift+F12, held for this program.
//!
//! The display hands the keys to nobody else, and no other program can ask for them meanwhile. Where a program has
//! grabbed the whole keyboard, such as an open menu or a locked screen, the raw reports still tell of them.

use std::collections::BTreeSet;
use std::time::Duration;

use x11rb::connection::Connection as _;
use x11rb::protocol::xinput::{self, ConnectionExt as _, Device, EventMask, XIEventMask};
use x11rb::protocol::xproto::{
    ConnectionExt as _, GrabMode, Keycode, Keysym, Mapping, ModMask, Timestamp,
};
use x11rb::protocol::{ErrorKind, Event};
use xkeysym::key;

use super::display::{Display, Woken, after};
use super::fault::unless;
use crate::platform::{Bell, Fault, StopHotkey};

pub struct StopKeys {
    display: Display,
    keys: Keys,
    /// As the raw reports have it, of all keyboards.
    down: BTreeSet<Keycode>,
    /// When they were pressed, by the display's clock: one press is reported twice.
    pressed_at: Option<Timestamp>,
}

/// Where the layout has them.
#[derive(PartialEq, Eq)]
struct Keys {
    key: Keycode,
    modifiers: ModMask,
    /// The keys of these modifiers.
    holders: Vec<(ModMask, Keycode)>,
    /// A modifier that is on for long and changes nothing.
    number_lock: ModMask,
}

impl StopKeys {
    /// `None`: the display that `DISPLAY` names.
    pub fn open(display: Option<&str>) -> Result<Self, Fault> {
        let display = Display::open(display)?;
        display.needs(xinput::X11_EXTENSION_NAME)?;
        display.xinput_xi_query_version(2, 2)?.reply()?;
        let keys = Keys::find(&display)?;
        grab(&display, &keys)?;
        let reports = EventMask {
            deviceid: Device::ALL_MASTER.into(),
            mask: vec![XIEventMask::RAW_KEY_PRESS | XIEventMask::RAW_KEY_RELEASE],
        };
        let root = display.root();
        display.xinput_xi_select_events(root, &[reports])?.check()?;
        let down = down(&display)?;
        Ok(Self {
            display,
            keys,
            down,
            pressed_at: None,
        })
    }

    fn is_press(&mut self, event: &Event) -> Result<bool, Fault> {
        let at = match event {
            Event::KeyPress(press) if press.detail == self.keys.key => Some(press.time),
            Event::XinputRawKeyPress(raw) => self.raw(raw.detail, true).then_some(raw.time),
            Event::XinputRawKeyRelease(raw) => self.raw(raw.detail, false).then_some(raw.time),
            Event::MappingNotify(mapping) if mapping.request != Mapping::POINTER => {
                self.follow_layout()?;
                None
            }
            _ => None,
        };
        let is_new = at.is_some() && at != self.pressed_at;
        self.pressed_at = at.or(self.pressed_at);
        Ok(is_new)
    }

    fn raw(&mut self, code: u32, is_press: bool) -> bool {
        let Ok(code) = Keycode::try_from(code) else {
            return false;
        };
        if is_press {
            self.down.insert(code);
        } else {
            self.down.remove(&code);
        }
        is_press && code == self.keys.key && self.keys.are_held(&self.down)
    }

    fn follow_layout(&mut self) -> Result<(), Fault> {
        let keys = Keys::find(&self.display)?;
        if keys != self.keys {
            self.keys.release(&self.display)?;
            grab(&self.display, &keys)?;
            self.keys = keys;
        }
        Ok(())
    }
}

impl StopHotkey for StopKeys {
    fn pressed(&mut self, within: Duration) -> Result<bool, Fault> {
        let until = after(within);
        while let Woken::By(event) = self.display.woken(until)? {
            if self.is_press(&event)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn heed(&mut self, bell: Bell) {
        self.display.heed(bell);
    }
}

impl Keys {
    fn find(display: &Display) -> Result<Self, Fault> {
        let setup = display.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let count = last.saturating_sub(first).saturating_add(1);
        let mapping = display.get_keyboard_mapping(first, count)?.reply()?;
        let width = usize::from(mapping.keysyms_per_keycode).max(1);
        let symbols: Vec<_> = (first..=last).zip(mapping.keysyms.chunks(width)).collect();
        let with = |symbol: Keysym| {
            let keys = symbols
                .iter()
                .filter(move |(_, means)| means.contains(&symbol));
            keys.map(|(key, _)| *key).collect::<Vec<Keycode>>()
        };
        let key = with(key::F12).first().copied();
        let setters = setters(display)?;
        let alt = set_by(&setters, &[with(key::Alt_L), with(key::Alt_R)].concat());
        let modifiers = ModMask::CONTROL | ModMask::SHIFT | alt.unwrap_or(ModMask::M1);
        let number_lock = set_by(&setters, &with(key::Num_Lock)).unwrap_or_default();
        let mut holders = setters;
        holders.retain(|(modifier, _)| modifiers.contains(*modifier));
        Ok(Self {
            key: key.ok_or(Fault::Lacks("the key F12"))?,
            modifiers,
            holders,
            number_lock,
        })
    }

    fn are_held(&self, down: &BTreeSet<Keycode>) -> bool {
        let held = self.holders.iter().filter(|(_, code)| down.contains(code));
        let held = held.fold(ModMask::default(), |held, (modifier, _)| held | *modifier);
        held.contains(self.modifiers)
    }

    /// With the locks that may be on.
    fn combinations(&self) -> impl Iterator<Item = ModMask> {
        let modifiers = self.modifiers;
        let locks = [ModMask::default(), ModMask::LOCK];
        let numbers = [ModMask::default(), self.number_lock];
        let numbers = numbers
            .into_iter()
            .skip(usize::from(numbers[0] == numbers[1]));
        numbers.flat_map(move |number| locks.map(|lock| modifiers | lock | number))
    }

    fn release(&self, display: &Display) -> Result<(), Fault> {
        for modifiers in self.combinations() {
            display.ungrab_key(self.key, display.root(), modifiers)?;
        }
        Ok(())
    }
}

fn grab(display: &Display, keys: &Keys) -> Result<(), Fault> {
    let (root, mode) = (display.root(), GrabMode::ASYNC);
    for modifiers in keys.combinations() {
        let grab = display.grab_key(false, root, modifiers, keys.key, mode, mode)?;
        let grabbed = unless(grab.check(), &[ErrorKind::Access])?;
        grabbed.ok_or(Fault::Held("Ctrl+Alt+Shift+F12"))?;
    }
    Ok(())
}

/// Each modifier with each key that sets it.
fn setters(display: &Display) -> Result<Vec<(ModMask, Keycode)>, Fault> {
    let mapping = display.get_modifier_mapping()?.reply()?;
    let width = usize::from(mapping.keycodes_per_modifier()).max(1);
    let rows = mapping.keycodes.chunks_exact(width).take(8);
    let modifiers = (0..).map(|row| ModMask::from(1_u16 << row));
    let setters = modifiers.zip(rows).flat_map(|(modifier, row)| {
        let keys = row.iter().filter(|code| **code != 0);
        keys.map(move |code| (modifier, *code))
    });
    Ok(setters.collect())
}

/// The modifier that one of these keys sets.
fn set_by(setters: &[(ModMask, Keycode)], keys: &[Keycode]) -> Option<ModMask> {
    let found = setters.iter().find(|(_, code)| keys.contains(code));
    found.map(|(modifier, _)| *modifier)
}

fn down(display: &Display) -> Result<BTreeSet<Keycode>, Fault> {
    let keys = display.query_keymap()?.reply()?.keys;
    let is_down = |code: &Keycode| {
        let byte = keys.get(usize::from(code / 8)).copied();
        byte.is_some_and(|byte| byte & (1 << (code % 8)) != 0)
    };
    Ok((0..=Keycode::MAX).filter(is_down).collect())
}

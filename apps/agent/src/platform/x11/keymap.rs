//! Which keys make which character, by the layout and the group that are active (XKB).

use std::collections::BTreeMap;

use x11rb::protocol::xkb::{
    self, ConnectionExt as _, GetMapReply, ID, KeySymMap, KeyType, MapPart,
};
use x11rb::protocol::xproto::{ConnectionExt as _, Keycode, Keysym, ModMask};
use xkeysym::key;

use super::display::Display;
use crate::platform::Fault;

/// As it is at one moment: it is read anew for each text.
pub(super) struct Keymap {
    strokes: BTreeMap<char, Stroke>,
    modifiers: Modifiers,
    /// What each key means without modifiers, in its first group.
    plain: BTreeMap<Keycode, Keysym>,
    free: Vec<Keycode>,
}

/// A key, and the modifiers that are held with it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stroke {
    pub(super) level_three: bool,
    pub(super) shift: bool,
    pub(super) key: Keycode,
}

/// The keys that shift to other levels, and the modifier bits they set.
#[derive(Clone, Copy, Default)]
pub(super) struct Modifiers {
    pub(super) shift: Option<Keycode>,
    pub(super) level_three: Option<Keycode>,
    level_three_bit: u16,
}

impl Keymap {
    /// Of the keyboard that injects: the layout of another one may differ, and the display follows whichever is used.
    pub(super) fn read(display: &Display, keyboard: u16) -> Result<Self, Fault> {
        start(display)?;
        let group = display
            .xkb_get_state(ID::USE_CORE_KBD.into())?
            .reply()?
            .group;
        let map = map(display, keyboard)?;
        let modifiers = Modifiers::of(display, &map)?;
        let (types, keys) = (map.map.types_rtrn, map.map.syms_rtrn);
        let (types, keys) = (types.unwrap_or_default(), keys.unwrap_or_default());
        let mut keymap = Self {
            strokes: BTreeMap::new(),
            modifiers,
            plain: BTreeMap::new(),
            free: Vec::new(),
        };
        for (code, key) in (map.first_key_sym..=Keycode::MAX).zip(&keys) {
            keymap.add(code, key, &types, group.into());
        }
        Ok(keymap)
    }

    /// `None`: the layout has no such character.
    pub(super) fn stroke(&self, character: char) -> Option<Stroke> {
        self.strokes.get(&character).copied()
    }

    pub(super) fn characters(&self) -> usize {
        self.strokes.len()
    }

    /// Keys that mean nothing in this layout.
    pub(super) fn free(&self) -> &[Keycode] {
        &self.free
    }

    pub(super) fn means(&self, key: Keycode, symbol: Keysym) -> bool {
        self.plain.get(&key) == Some(&symbol)
    }

    pub(super) fn modifiers(&self) -> Modifiers {
        self.modifiers
    }

    fn add(&mut self, code: Keycode, key: &KeySymMap, types: &[KeyType], group: u8) {
        if key.syms.iter().all(|symbol| *symbol == key::NoSymbol) {
            self.free.push(code);
        }
        if let Some(symbol) = key.syms.first() {
            self.plain.insert(code, *symbol);
        }
        let Some(group) = effective_group(key.group_info, group) else {
            return;
        };
        let kind = key.kt_index.get(usize::from(group));
        let kind = kind.and_then(|kind| types.get(usize::from(*kind)));
        let width = usize::from(key.width);
        let symbols = key.syms.iter().skip(usize::from(group) * width);
        for (level, symbol) in (0..).zip(symbols.take(width)) {
            let stroke = kind.and_then(|kind| self.modifiers.stroke(code, kind, level));
            if let (Some(stroke), Some(character)) = (stroke, character(*symbol)) {
                self.offer(character, stroke);
            }
        }
    }

    /// Fewer modifiers are better.
    fn offer(&mut self, character: char, stroke: Stroke) {
        let best = self.strokes.entry(character).or_insert(stroke);
        *best = (*best).min(stroke);
    }
}

impl Stroke {
    pub(super) fn plain(key: Keycode) -> Self {
        Self {
            level_three: false,
            shift: false,
            key,
        }
    }
}

impl Modifiers {
    fn of(display: &Display, map: &GetMapReply) -> Result<Self, Fault> {
        let mapping = display.get_modifier_mapping()?.reply()?;
        let per_modifier = usize::from(mapping.keycodes_per_modifier());
        let rows = mapping.keycodes.chunks_exact(per_modifier.max(1));
        let mut modifiers = Self::default();
        for (bit, row) in (0..).map(|row| 1_u16 << row).zip(rows.take(8)) {
            for code in row.iter().copied().filter(|code| *code != 0) {
                modifiers.note(bit, code, first_symbol(map, code));
            }
        }
        Ok(modifiers)
    }

    fn note(&mut self, bit: u16, code: Keycode, symbol: Keysym) {
        match symbol {
            key::Shift_L | key::Shift_R if bit == u16::from(ModMask::SHIFT) => {
                self.shift.get_or_insert(code);
            }
            key::ISO_Level3_Shift if self.level_three.is_none() => {
                self.level_three = Some(code);
                self.level_three_bit = bit;
            }
            _ => {}
        }
    }

    /// `None`: this level needs more than these.
    fn stroke(self, key: Keycode, kind: &KeyType, level: u8) -> Option<Stroke> {
        let plain = (level == 0).then_some(0);
        let reaching = kind
            .map
            .iter()
            .filter(|entry| entry.active && entry.level == level);
        let masks = plain
            .into_iter()
            .chain(reaching.map(|entry| entry.mods_mask.into()));
        let strokes = masks.filter_map(|mask| self.stroke_with(key, mask));
        strokes.min()
    }

    fn stroke_with(self, key: Keycode, mask: u16) -> Option<Stroke> {
        let shift_bit = u16::from(ModMask::SHIFT);
        let shift = mask & shift_bit != 0;
        let level_three = mask & self.level_three_bit != 0;
        let is_known = mask & !(shift_bit | self.level_three_bit) == 0;
        let can_shift = !shift || self.shift.is_some();
        (is_known && can_shift).then_some(Stroke {
            level_three,
            shift,
            key,
        })
    }
}

/// XKB answers only who has said so.
pub(super) fn start(display: &Display) -> Result<(), Fault> {
    display.needs(xkb::X11_EXTENSION_NAME)?;
    let answer = display.xkb_use_extension(1, 0)?.reply()?;
    answer
        .supported
        .then_some(())
        .ok_or(Fault::Lacks("XKB 1.0"))
}

fn map(display: &Display, keyboard: u16) -> Result<GetMapReply, Fault> {
    let all = MapPart::KEY_TYPES | MapPart::KEY_SYMS;
    let none = MapPart::from(0_u16);
    let virtual_modifiers = 0_u16.into();
    let map = display.xkb_get_map(
        keyboard,
        all,
        none,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        virtual_modifiers,
        0,
        0,
        0,
        0,
        0,
        0,
    )?;
    Ok(map.reply()?)
}

fn first_symbol(map: &GetMapReply, code: Keycode) -> Keysym {
    let at = code.checked_sub(map.first_key_sym).map(usize::from);
    let keys = map.map.syms_rtrn.as_ref();
    let key = at.zip(keys).and_then(|(at, keys)| keys.get(at));
    let symbol = key.and_then(|key| key.syms.first());
    symbol.copied().unwrap_or(key::NoSymbol)
}

/// The group that a key uses when this one is active: a key may have fewer. `None`: it has no symbols at all.
fn effective_group(info: u8, group: u8) -> Option<u8> {
    let groups = info & 0x0f;
    let last = groups.checked_sub(1)?;
    if group <= last {
        return Some(group);
    }
    Some(match info & 0xc0 {
        CLAMPED => last,
        REDIRECTED => ((info >> 4) & 0x03).min(last),
        _ => group % groups,
    })
}

const CLAMPED: u8 = 0x40;
const REDIRECTED: u8 = 0x80;

/// `None` for keys of functions, and for the number pad, whose meaning hangs on a lock.
fn character(symbol: Keysym) -> Option<char> {
    let is_function = (0xfd00..=0xffff).contains(&symbol);
    let character = xkeysym::Keysym::new(symbol).key_char();
    character.filter(|_| !is_function)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_with_fewer_groups_has_one_for_each() {
        assert_eq!(effective_group(0x00, 0), None);
        assert_eq!(effective_group(0x01, 3), Some(0));
        assert_eq!(effective_group(0x02, 3), Some(1));
        assert_eq!(effective_group(CLAMPED | 0x02, 2), Some(1));
        assert_eq!(effective_group(REDIRECTED | 0x02, 2), Some(0));
    }

    #[test]
    fn letters_of_every_kind_are_characters_and_the_number_pad_is_not() {
        assert_eq!(character(key::adiaeresis), Some('ä'));
        assert_eq!(character(key::EuroSign), Some('€'));
        assert_eq!(character(key::Cyrillic_zhe), Some('ж'));
        assert_eq!(character(key::KP_1), None);
        assert_eq!(character(key::Return), None);
        assert_eq!(character(key::dead_acute), None);
    }

    #[test]
    fn a_modifier_that_no_key_was_found_for_is_not_used() {
        let modifiers = Modifiers::default();

        assert!(modifiers.stroke_with(24, ModMask::SHIFT.into()).is_none());
        assert!(modifiers.stroke_with(24, ModMask::M5.into()).is_none());
        assert!(modifiers.stroke_with(24, 0).is_some());
    }
}

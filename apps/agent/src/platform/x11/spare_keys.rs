//! Keys that mean nothing, lent to characters that the layout lacks: two to a key, one of them with Shift.
//!
//! A program looks up what a key means when it gets around to it, not when the key was pressed. So a place stays lent
//! until all are given back, and is lent to another character only when none is free, and never within one text.

use std::collections::{BTreeMap, BTreeSet};

use x11rb::protocol::xproto::{ConnectionExt as _, Keycode, Keysym};
use xkeysym::key;

use super::display::Display;
use super::keymap::{Keymap, Stroke};
use crate::platform::Fault;

#[derive(Default)]
pub(super) struct SpareKeys {
    /// The longest lent one first.
    lent: Vec<Lent>,
}

#[derive(Clone, Copy)]
struct Lent {
    place: Stroke,
    character: char,
}

impl SpareKeys {
    /// `None`: all keys of this keyboard mean something.
    pub(super) fn lend(
        &mut self,
        display: &Display,
        keymap: &Keymap,
        character: char,
    ) -> Result<Option<Stroke>, Fault> {
        if let Some(lent) = self.lent.iter().find(|lent| lent.character == character) {
            return Ok(Some(lent.place));
        }
        let Some(place) = self.unused(keymap).or_else(|| self.take_back()) else {
            return Ok(None);
        };
        self.lent.push(Lent { place, character });
        if let Some(symbols) = self.symbols().get(&place.key) {
            display
                .change_keyboard_mapping(1, place.key, 2, symbols)?
                .check()?;
        }
        Ok(Some(place))
    }

    /// Whether each character of the text that the layout lacks gets a place of its own. Those that have one keep it.
    pub(super) fn reserve(&mut self, keymap: &Keymap, text: &str) -> bool {
        let lent = self.lent.iter().copied();
        let (kept, others): (Vec<_>, Vec<_>) = lent.partition(|lent| text.contains(lent.character));
        let is_kept = |character: char| kept.iter().any(|lent| lent.character == character);
        let lacks = |character: char| keymap.stroke(character).is_none() && !is_kept(character);
        let lacking: BTreeSet<char> = text.chars().filter(|it| lacks(*it)).collect();
        let needed = lacking.len() + kept.len();
        self.lent = [others, kept].concat();
        needed <= self.places(keymap)
    }

    /// How many there are, lent ones too.
    fn places(&self, keymap: &Keymap) -> usize {
        let lent = self.lent.iter().map(|lent| lent.place.key);
        let keys: BTreeSet<Keycode> = keymap.free().iter().copied().chain(lent).collect();
        let can_shift = keymap.modifiers().shift.is_some();
        keys.len() * (1 + usize::from(can_shift))
    }

    /// A layout that was loaded since has put its own meaning in the place of ours.
    pub(super) fn forget_replaced(&mut self, keymap: &Keymap) {
        let symbols = self.symbols();
        let is_ours = |lent: &Lent| {
            let symbols = symbols.get(&lent.place.key);
            symbols.is_some_and(|[plain, _]| keymap.means(lent.place.key, *plain))
        };
        self.lent.retain(is_ours);
    }

    /// Each means nothing again, unless a layout has replaced it meanwhile.
    pub(super) fn give_back(&mut self, display: &Display) -> Result<(), Fault> {
        for (code, [plain, _]) in self.symbols() {
            let meant = display.get_keyboard_mapping(code, 1)?.reply()?;
            if meant.keysyms.first() == Some(&plain) {
                let nothing = [key::NoSymbol];
                display
                    .change_keyboard_mapping(1, code, 1, &nothing)?
                    .check()?;
            }
        }
        self.lent.clear();
        Ok(())
    }

    /// First without Shift, which is one key less to press.
    fn unused(&self, keymap: &Keymap) -> Option<Stroke> {
        let shifts = [false, true];
        let can_shift = keymap.modifiers().shift.is_some();
        let places = shifts
            .into_iter()
            .filter(|shift| can_shift || !shift)
            .flat_map(|shift| {
                let lent = self.lent.iter().map(|lent| lent.place.key);
                let keys = keymap.free().iter().copied().chain(lent);
                keys.map(move |key| Stroke {
                    shift,
                    ..Stroke::plain(key)
                })
            });
        let is_lent = |place: &Stroke| self.lent.iter().any(|lent| lent.place == *place);
        places.into_iter().find(|place| !is_lent(place))
    }

    fn take_back(&mut self) -> Option<Stroke> {
        (!self.lent.is_empty()).then(|| self.lent.remove(0).place)
    }

    /// What our keys mean. A key without a character for Shift means the same with it.
    fn symbols(&self) -> BTreeMap<Keycode, [Keysym; 2]> {
        let mut symbols = BTreeMap::new();
        for shift in [false, true] {
            let lent = self.lent.iter().filter(|lent| lent.place.shift == shift);
            for Lent { place, character } in lent {
                let symbol = symbol(*character);
                let [_, shifted] = symbols.entry(place.key).or_insert([symbol; 2]);
                *shifted = symbol;
            }
        }
        symbols
    }
}

/// Unicode's, but for the characters whose symbols are older.
fn symbol(character: char) -> Keysym {
    xkeysym::Keysym::from_char(character).raw()
}

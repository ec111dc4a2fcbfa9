//! Types text, so that it arrives as it is whatever the layout, the locks and the held keys are.

use conclave_protocol::remote::TypedText;
use x11rb::protocol::xkb::{ConnectionExt as _, Group, ID};
use x11rb::protocol::xproto::{ConnectionExt as _, Keycode, ModMask};

use super::super::keymap::{Keymap, Modifiers, Stroke, start};
use super::Injector;
use crate::platform::{Fault, Injected};

impl Injector {
    pub(super) fn type_text(&mut self, text: &TypedText) -> Result<Injected, Fault> {
        start(&self.display)?;
        let keymap = Keymap::read(&self.display, self.devices.keyboard)?;
        self.spare.forget_replaced(&keymap);
        if !self.spare.reserve(&keymap, text.as_str()) {
            return Ok(Injected::NoSuchKey);
        }
        let lifted = self.lift_modifiers()?;
        let was_locked = self.unlock_capitals()?;
        let typed = self.type_with(&keymap, text);
        if was_locked {
            self.lock_capitals(ModMask::LOCK)?;
        }
        for code in lifted {
            self.press(code)?;
        }
        typed
    }

    fn type_with(&mut self, keymap: &Keymap, text: &TypedText) -> Result<Injected, Fault> {
        for character in text.as_str().chars() {
            let Some(stroke) = self.stroke_for(keymap, character)? else {
                return Ok(Injected::NoSuchKey);
            };
            let typed = self.strike(stroke, keymap.modifiers())?;
            if typed != Injected::Done {
                return Ok(typed);
            }
        }
        Ok(Injected::Done)
    }

    fn stroke_for(&mut self, keymap: &Keymap, character: char) -> Result<Option<Stroke>, Fault> {
        if let Some(stroke) = keymap.stroke(character) {
            return Ok(Some(stroke));
        }
        self.spare.lend(&self.display, keymap, character)
    }

    fn strike(&mut self, stroke: Stroke, modifiers: Modifiers) -> Result<Injected, Fault> {
        let shift = modifiers.shift.filter(|_| stroke.shift);
        let level_three = modifiers.level_three.filter(|_| stroke.level_three);
        let keys = [shift, level_three, Some(stroke.key)];
        let mut struck = Injected::Done;
        for code in keys.into_iter().flatten() {
            if struck == Injected::Done {
                struck = self.press(code)?;
            }
        }
        for code in keys.into_iter().rev().flatten() {
            self.release(code)?;
        }
        Ok(struck)
    }

    /// Lets go of the modifiers that we hold, which would make other characters; says which they were.
    fn lift_modifiers(&mut self) -> Result<Vec<Keycode>, Fault> {
        let modifiers = self.display.get_modifier_mapping()?.reply()?.keycodes;
        let held = self.held.keys.iter().copied();
        let held: Vec<Keycode> = held.filter(|code| modifiers.contains(code)).collect();
        for code in &held {
            self.release(*code)?;
        }
        Ok(held)
    }

    /// Whether they were locked.
    fn unlock_capitals(&self) -> Result<bool, Fault> {
        let state = self
            .display
            .xkb_get_state(ID::USE_CORE_KBD.into())?
            .reply()?;
        let is_locked = state.locked_mods.contains(ModMask::LOCK);
        if is_locked {
            self.lock_capitals(ModMask::default())?;
        }
        Ok(is_locked)
    }

    fn lock_capitals(&self, lock: ModMask) -> Result<(), Fault> {
        let (keyboard, none) = (ID::USE_CORE_KBD.into(), ModMask::default());
        let capitals = ModMask::LOCK;
        self.display.xkb_latch_lock_state(
            keyboard,
            capitals,
            lock,
            false,
            Group::M1,
            none,
            false,
            0,
        )?;
        Ok(())
    }
}

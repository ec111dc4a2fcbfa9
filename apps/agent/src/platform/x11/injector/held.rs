//! The keys and buttons that are down.

use std::collections::BTreeSet;

use x11rb::protocol::xproto::Keycode;

#[derive(Default)]
pub(super) struct Held {
    pub(super) keys: BTreeSet<Keycode>,
    pub(super) buttons: BTreeSet<u8>,
}

impl Held {
    pub(super) fn of(keys: Vec<Keycode>, buttons: Vec<u8>) -> Self {
        Self {
            keys: keys.into_iter().collect(),
            buttons: buttons.into_iter().collect(),
        }
    }
}

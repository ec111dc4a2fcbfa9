//! The keys and buttons that are down in the technician's name.

use std::collections::BTreeSet;

use conclave_protocol::remote::{Button, Key};

use crate::io::Injection;

#[derive(Default)]
pub(crate) struct Held {
    keys: BTreeSet<Key>,
    buttons: BTreeSet<Button>,
}

/// Two hands.
pub(crate) const MOST_KEYS: usize = 10;

impl Held {
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.buttons.is_empty()
    }

    /// Whether it is to be done: nothing is let go that is not down, and not too much is down at once.
    pub(crate) fn admits(&mut self, injection: &Injection) -> bool {
        match injection {
            Injection::KeyDown(key) => {
                let fits = self.keys.len() < MOST_KEYS || self.keys.contains(key);
                fits && {
                    self.keys.insert(*key);
                    true
                }
            }
            Injection::KeyUp(key) => self.keys.remove(key),
            Injection::Press(button) => {
                self.buttons.insert(*button);
                true
            }
            Injection::Release(button) => self.buttons.remove(button),
            Injection::Move(_) | Injection::Wheel { .. } | Injection::Text(_) => true,
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_let_go_that_is_not_down() {
        let mut held = Held::default();
        let key = Key::new(4).unwrap();
        assert!(!held.admits(&Injection::KeyUp(key)));

        assert!(held.admits(&Injection::KeyDown(key)));
        assert!(held.admits(&Injection::KeyDown(key)), "it repeats");

        assert!(held.admits(&Injection::KeyUp(key)));
        assert!(!held.admits(&Injection::KeyUp(key)) && held.is_empty());
    }

    #[test]
    fn no_more_is_down_than_two_hands_reach() {
        let mut held = Held::default();
        let keys = (4..).filter_map(Key::new).take(MOST_KEYS + 1);

        let down = keys.filter(|key| held.admits(&Injection::KeyDown(*key)));

        assert_eq!(down.count(), MOST_KEYS);
    }
}

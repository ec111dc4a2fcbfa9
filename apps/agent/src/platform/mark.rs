//! The number that is on all that this program injects, by which that is told from the person's.
//!
//! # Security
//!
//! Other programs inject too, such as keyboards on the screen, and what they do is the act of the person at the computer.
//! A program that wants its own taken for ours can read the number; it runs there as the person, who let it.

use std::hash::{BuildHasher as _, RandomState};

/// Shared by who injects and who watches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Mark(u32);

impl Mark {
    /// Of chance, so that no other program has the same by mistake.
    #[expect(clippy::new_without_default, reason = "no two are the same")]
    pub fn new() -> Self {
        let chance = RandomState::new().hash_one(()).to_ne_bytes();
        let [a, b, c, d, ..] = chance;
        Self(u32::from_ne_bytes([a, b, c, d]) | 1)
    }

    pub(super) fn number(self) -> u32 {
        self.0
    }
}

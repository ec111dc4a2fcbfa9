//! The keys that end everything, whoever has the keyboard's focus.

use std::time::Duration;

use super::{Bell, Fault};

pub trait StopHotkey {
    /// Waits at most so long; true each time that the keys are pressed.
    fn pressed(&mut self, within: Duration) -> Result<bool, Fault>;

    /// From then on a wait ends early, with false, where this is rung.
    fn heed(&mut self, bell: Bell);
}

//! Text that is copied and pasted, in both directions.

use std::time::Duration;

use conclave_protocol::remote::ClipboardText;

use super::{Bell, Fault};

pub trait Clipboard {
    /// Waits at most so long for another program's text, and meanwhile hands ours to who asks for it. What was there
    /// before this clipboard was opened is never read, nor is what is too long.
    fn next(&mut self, within: Duration) -> Result<Option<ClipboardText>, Fault>;

    /// From then on [`Self::next`] ends early, with nothing, where this is rung.
    fn heed(&mut self, bell: Bell);

    /// Other programs paste this, until one of them copies or this clipboard is dropped.
    fn put(&mut self, text: ClipboardText) -> Result<(), Fault>;

    /// Takes back what was put, if it is still there.
    fn clear(&mut self) -> Result<(), Fault>;
}

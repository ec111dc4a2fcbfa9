//! Notices that the person at the computer does something.
//!
//! It says that, and what kind of thing, and never which key.

use std::time::Duration;

use super::{Bell, Fault};

pub trait LocalInput {
    /// Waits at most so long for the next thing that was not injected by this program.
    fn next(&mut self, within: Duration) -> Result<Option<LocalAct>, Fault>;

    /// From then on a wait ends early, with nothing, where this is rung.
    fn heed(&mut self, bell: Bell);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalAct {
    Key,
    Button,
    Motion,
    Touch,
}

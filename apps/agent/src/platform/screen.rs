//! A picture that changes: of the whole desktop, or of one window alone.

use std::time::Duration;

use super::{Area, Bell, Cursor, Fault, Size};

pub trait ScreenSource {
    /// Waits at most so long for a change. `None`: nothing changed. What is seen first is whole.
    fn next(&mut self, within: Duration) -> Result<Option<Seen>, Fault>;

    /// From then on a wait ends early, with nothing, where this is rung.
    fn heed(&mut self, bell: Bell);
}

pub enum Seen {
    Picture(Picture),
    /// The window is not shown: a viewer sees nothing, and when it is shown again, all of it.
    Hidden,
    /// The window is gone for good.
    Closed,
}

/// What changed.
pub struct Picture {
    /// Of the whole; a patch for all of it comes with each change of size.
    pub size: Size,
    pub patches: Vec<Patch>,
    pub cursor: Option<Cursor>,
}

/// Pixels as they are: it has no `Debug`, for they show what people do.
pub struct Patch {
    pub area: Area,
    /// Rows of blue, green, red and a zero, without gaps.
    pub pixels: Vec<u8>,
}

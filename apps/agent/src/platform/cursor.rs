//! The pointer: where it is, and what it looks like. It is not in the picture.

use super::{Point, Size};

/// The pointer moved, or looks different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub at: Point,
    /// Given when it looks different from the last time.
    pub image: Option<CursorImage>,
}

/// Shows no data of people: a program chose it among shapes, or drew it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CursorImage {
    pub size: Size,
    /// The pixel of the image that is at the pointer's place.
    pub hot: Point,
    /// Rows of alpha, red, green and blue, from the highest byte; the colours are multiplied by alpha.
    pub pixels: Vec<u32>,
}

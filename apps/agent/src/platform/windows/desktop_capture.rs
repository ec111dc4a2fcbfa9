//! The picture of the whole desktop, changed part by changed part.
//!
//! Windows is asked for all of it again and again, and what is other is found by comparing. That is its oldest way (GDI),
//! which needs no graphics card and works through a remote desktop too.

use std::time::Duration;

use super::canvas::copied_from_screen;
use super::desktop;
use super::pointer::PointerWatch;
use crate::platform::differences::Differences;
use crate::platform::looks::Looks;
use crate::platform::{Bell, Fault, Picture, ScreenSource, Seen, Size};

pub struct DesktopCapture {
    pointer: PointerWatch,
    differences: Differences,
    looks: Looks,
}

impl DesktopCapture {
    /// Of whoever runs this.
    pub fn open() -> Result<Self, Fault> {
        desktop::whole()?;
        Ok(Self {
            pointer: PointerWatch::default(),
            differences: Differences::default(),
            looks: Looks::new(),
        })
    }

    fn look(&mut self) -> Result<Option<Seen>, Fault> {
        let whole = desktop::whole()?;
        let size = Size {
            width: whole.width,
            height: whole.height,
        };
        let pixels = copied_from_screen(whole)?;
        let patches = self.differences.take(size, pixels);
        let cursor = self.pointer.take()?;
        let is_change = !patches.is_empty() || cursor.is_some();
        Ok(is_change.then_some(Seen::Picture(Picture {
            size,
            patches,
            cursor,
        })))
    }
}

impl ScreenSource for DesktopCapture {
    fn next(&mut self, within: Duration) -> Result<Option<Seen>, Fault> {
        let looks = self.looks.clone();
        looks.until_seen(within, || self.look())
    }

    fn heed(&mut self, bell: Bell) {
        self.looks.heed(bell);
    }
}

//! The picture of the whole desktop, changed part by changed part.

use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{ChangeWindowAttributesAux, ConnectionExt, EventMask};

use super::damage::DamageWatch;
use super::display::{Display, Woken, after};
use super::pointer::PointerWatch;
use super::shared_picture::SharedPicture;
use crate::platform::{Area, Bell, Cursor, Fault, Patch, Picture, ScreenSource, Seen, Size};

pub struct DesktopCapture {
    display: Display,
    damage: DamageWatch,
    pointer: PointerWatch,
    shared: SharedPicture,
    size: Size,
    change: Change,
}

/// What is to be looked at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Nothing,
    /// Nothing was drawn, but the pointer is somewhere else, or looks different.
    Pointer,
    Parts,
    Whole,
}

impl DesktopCapture {
    /// `None`: the display that `DISPLAY` names.
    pub fn open(display: Option<&str>) -> Result<Self, Fault> {
        let display = Display::open(display)?;
        let root = display.root();
        let resized = ChangeWindowAttributesAux::new().event_mask(EventMask::STRUCTURE_NOTIFY);
        display.change_window_attributes(root, &resized)?.check()?;
        let size = display.size()?;
        Ok(Self {
            damage: DamageWatch::new(&display, root)?,
            pointer: PointerWatch::new(&display)?,
            shared: SharedPicture::new(&display, size)?,
            size,
            change: Change::Whole,
            display,
        })
    }

    fn note(&mut self, event: &Event) {
        self.pointer.note(event);
        let change = match event {
            Event::ConfigureNotify(_) => Change::Whole,
            Event::DamageNotify(_) => Change::Parts,
            Event::XfixesCursorNotify(_) | Event::XinputRawMotion(_) => Change::Pointer,
            _ => Change::Nothing,
        };
        self.change = self.change.max(change);
    }

    /// All that has been reported, so that one look serves it.
    fn note_waiting(&mut self) -> Result<(), Fault> {
        while let Some(event) = self.display.poll_for_event()? {
            self.note(&event);
        }
        Ok(())
    }

    fn look(&mut self) -> Result<Option<Picture>, Fault> {
        let change = std::mem::replace(&mut self.change, Change::Nothing);
        let areas = match change {
            Change::Nothing => return Ok(None),
            Change::Pointer => Vec::new(),
            Change::Parts => self.damage.take(&self.display)?,
            Change::Whole => self.resize()?,
        };
        let Some(patches) = self.patches(&areas)? else {
            // It became smaller while it was looked at, and is about to say so.
            self.change = Change::Whole;
            return Ok(None);
        };
        let cursor = self.pointer.take(&self.display)?;
        Ok(self.picture(patches, cursor))
    }

    fn patches(&self, areas: &[Area]) -> Result<Option<Vec<Patch>>, Fault> {
        let (whole, root) = (Area::whole(self.size), self.display.root());
        let areas = areas.iter().filter_map(|area| area.intersection(whole));
        let mut patches = Vec::new();
        for area in areas {
            match self.shared.read(&self.display, root, area)? {
                Some(patch) => patches.push(patch),
                None => return Ok(None),
            }
        }
        Ok(Some(patches))
    }

    fn picture(&self, patches: Vec<Patch>, cursor: Option<Cursor>) -> Option<Picture> {
        let is_change = !patches.is_empty() || cursor.is_some();
        is_change.then_some(Picture {
            size: self.size,
            patches,
            cursor,
        })
    }

    fn resize(&mut self) -> Result<Vec<Area>, Fault> {
        self.damage.take(&self.display)?;
        self.size = self.display.size()?;
        self.shared.fit(&self.display, self.size)?;
        Ok(vec![Area::whole(self.size)])
    }
}

impl ScreenSource for DesktopCapture {
    fn next(&mut self, within: Duration) -> Result<Option<Seen>, Fault> {
        let until = after(within);
        loop {
            self.note_waiting()?;
            if let Some(picture) = self.look()? {
                return Ok(Some(Seen::Picture(picture)));
            }
            match self.display.woken(until)? {
                Woken::By(event) => self.note(&event),
                Woken::ByBell | Woken::Late => return Ok(None),
            }
        }
    }

    fn heed(&mut self, bell: Bell) {
        self.display.heed(bell);
    }
}

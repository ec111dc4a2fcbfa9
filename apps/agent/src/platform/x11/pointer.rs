//! The pointer's place and shape.

use x11rb::protocol::Event;
use x11rb::protocol::xfixes::{self, ConnectionExt as _, CursorNotifyMask};
use x11rb::protocol::xinput::{self, ConnectionExt as _, Device, EventMask, XIEventMask};
use x11rb::protocol::xproto::ConnectionExt as _;

use super::display::Display;
use crate::platform::{Cursor, CursorImage, Fault, Point, Size};

/// The cursor starts as unknown.
pub(super) struct PointerWatch {
    at: Option<Point>,
    looks_different: bool,
}

impl PointerWatch {
    pub(super) fn new(display: &Display) -> Result<Self, Fault> {
        display.needs(xfixes::X11_EXTENSION_NAME)?;
        display.needs(xinput::X11_EXTENSION_NAME)?;
        display.xfixes_query_version(5, 0)?.reply()?;
        display.xinput_xi_query_version(2, 2)?.reply()?;
        let shapes = CursorNotifyMask::DISPLAY_CURSOR;
        let root = display.root();
        display.xfixes_select_cursor_input(root, shapes)?.check()?;
        let motion = EventMask {
            deviceid: Device::ALL_MASTER.into(),
            mask: vec![XIEventMask::RAW_MOTION],
        };
        display.xinput_xi_select_events(root, &[motion])?.check()?;
        Ok(Self {
            at: None,
            looks_different: true,
        })
    }

    pub(super) fn note(&mut self, event: &Event) {
        if matches!(event, Event::XfixesCursorNotify(_)) {
            self.looks_different = true;
        }
    }

    /// What changed since the last time.
    pub(super) fn take(&mut self, display: &Display) -> Result<Option<Cursor>, Fault> {
        let pointer = display.query_pointer(display.root())?.reply()?;
        let at = Point {
            x: pointer.root_x.into(),
            y: pointer.root_y.into(),
        };
        let image = if self.looks_different {
            Some(image(display)?)
        } else {
            None
        };
        let is_new = self.at != Some(at) || image.is_some();
        self.at = Some(at);
        self.looks_different = false;
        Ok(is_new.then_some(Cursor { at, image }))
    }
}

fn image(display: &Display) -> Result<CursorImage, Fault> {
    let image = display.xfixes_get_cursor_image()?.reply()?;
    Ok(CursorImage {
        size: Size {
            width: image.width.into(),
            height: image.height.into(),
        },
        hot: Point {
            x: image.xhot.into(),
            y: image.yhot.into(),
        },
        pixels: image.cursor_image,
    })
}

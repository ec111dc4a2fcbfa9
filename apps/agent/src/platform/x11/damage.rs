//! What was drawn to since it was last asked.

use x11rb::NONE;
use x11rb::connection::Connection;
use x11rb::protocol::damage::{ConnectionExt as _, Damage, ReportLevel, X11_EXTENSION_NAME};
use x11rb::protocol::xfixes::{self, ConnectionExt as _, Region};
use x11rb::protocol::xproto::{Drawable, Rectangle};

use super::display::Display;
use crate::platform::{Area, Fault};

pub(super) struct DamageWatch {
    damage: Damage,
    region: Region,
}

impl DamageWatch {
    /// From then on the display says once that something was drawn, and again after each [`Self::take`].
    pub(super) fn new(display: &Display, drawable: Drawable) -> Result<Self, Fault> {
        display.needs(X11_EXTENSION_NAME)?;
        display.needs(xfixes::X11_EXTENSION_NAME)?;
        display.damage_query_version(1, 1)?.reply()?;
        display.xfixes_query_version(5, 0)?.reply()?;
        let (damage, region) = (display.generate_id()?, display.generate_id()?);
        display.xfixes_create_region(region, &[])?.check()?;
        let level = ReportLevel::NON_EMPTY;
        display.damage_create(damage, drawable, level)?.check()?;
        Ok(Self { damage, region })
    }

    /// In coordinates of the drawable. It is taken before the pixels are read: what is drawn between is in both.
    pub(super) fn take(&self, display: &Display) -> Result<Vec<Area>, Fault> {
        display.damage_subtract(self.damage, NONE, self.region)?;
        let region = display.xfixes_fetch_region(self.region)?.reply()?;
        let rectangles = if region.rectangles.len() > MOST_AREAS {
            vec![region.extents]
        } else {
            region.rectangles
        };
        Ok(rectangles.into_iter().map(area).collect())
    }
}

fn area(rectangle: Rectangle) -> Area {
    Area {
        x: rectangle.x.into(),
        y: rectangle.y.into(),
        width: rectangle.width.into(),
        height: rectangle.height.into(),
    }
}

/// Each is a request of its own; of more than these the whole around them is cheaper.
const MOST_AREAS: usize = 64;

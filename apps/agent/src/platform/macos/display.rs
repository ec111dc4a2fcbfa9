//! The monitors, and how large the pixels of the primary one are.

use core_graphics::display::CGDisplay;
use core_graphics::event::CGEvent;
use core_graphics::event_source::{CGEventSource, CGEventSourceStateID};
use core_graphics::geometry::CGPoint;

use crate::platform::{Area, Fault, Monitor, Point, Size};

/// At this moment, the primary one first; in points, of which a pixel may be a part.
pub fn monitors() -> Result<Vec<Monitor>, Fault> {
    let displays = CGDisplay::active_displays();
    let displays = displays.map_err(|_| Fault::Lacks("a list of monitors"))?;
    let displays = displays.into_iter().take(MOST_MONITORS);
    let mut monitors: Vec<Monitor> = displays.map(CGDisplay::new).map(monitor).collect();
    monitors.sort_by_key(|monitor| !monitor.primary);
    Ok(monitors)
}

fn monitor(display: CGDisplay) -> Monitor {
    let bounds = display.bounds();
    Monitor {
        name: format!("display {}", display.id),
        area: Area {
            x: nearest(bounds.origin.x),
            y: nearest(bounds.origin.y),
            width: nearest(bounds.size.width).unsigned_abs(),
            height: nearest(bounds.size.height).unsigned_abs(),
        },
        primary: display.is_main(),
    }
}

/// Of the primary monitor, in pixels.
pub(super) fn size() -> Result<Size, Fault> {
    let mode = CGDisplay::main().display_mode();
    let mode = mode.ok_or(Fault::Lacks("a monitor"))?;
    let extent = |pixels: u64| u32::try_from(pixels).unwrap_or(u32::MAX);
    Ok(Size {
        width: extent(mode.pixel_width()),
        height: extent(mode.pixel_height()),
    })
}

/// In pixels of the primary monitor, in whose upper left corner macOS begins to count points.
pub(super) fn pointer() -> Result<Point, Fault> {
    let event = CGEvent::new(source()?).map_err(|()| Fault::Lacks("a pointer"))?;
    let (at, scale) = (event.location(), scale()?);
    Ok(Point {
        x: nearest(at.x * scale),
        y: nearest(at.y * scale),
    })
}

/// Where macOS counts this pixel.
pub(super) fn point(of: Point) -> Result<CGPoint, Fault> {
    let scale = scale()?;
    Ok(CGPoint::new(
        f64::from(of.x) / scale,
        f64::from(of.y) / scale,
    ))
}

pub(super) fn source() -> Result<CGEventSource, Fault> {
    let source = CGEventSource::new(CGEventSourceStateID::HIDSystemState);
    source.map_err(|()| Fault::Lacks("a source of events"))
}

/// Pixels of a point.
fn scale() -> Result<f64, Fault> {
    let points = CGDisplay::main().bounds().size.width;
    let scale = f64::from(size()?.width) / points;
    let is_usual = scale.is_finite() && scale > 0.0;
    is_usual.then_some(scale).ok_or(Fault::Lacks("a monitor"))
}

/// What is larger than any desktop is its end.
fn nearest(number: f64) -> i32 {
    number.round() as i32
}

/// A person sees no more at once.
const MOST_MONITORS: usize = 32;

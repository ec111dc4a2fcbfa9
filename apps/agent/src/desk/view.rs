//! One view of the screen, as it is at each moment: a monitor of the desktop, or a window alone.

use conclave_protocol::remote::MonitorId;
use conclave_remote::tiles::{Frame, Rect, Size};

use crate::platform::{Area, Patch, Picture};

/// Without `Debug`: it shows what people do.
pub(super) struct View {
    pub(super) monitor: MonitorId,
    /// Of the desktop; `None`: all of a window.
    crop: Option<Area>,
    /// `None`: nothing was seen yet, or it is larger than what is ever sent.
    seen: Option<Pixels>,
}

struct Pixels {
    size: Size,
    /// Rows of blue, green, red and a zero.
    bytes: Vec<u8>,
}

impl View {
    pub(super) fn new(monitor: MonitorId, crop: Option<Area>) -> Self {
        Self {
            monitor,
            crop,
            seen: None,
        }
    }

    /// What changed in it.
    pub(super) fn take(&mut self, picture: &Picture) -> Vec<Rect> {
        let crop = self.crop.unwrap_or(Area::whole(picture.size));
        let Some(size) = size_of(crop) else {
            self.seen = None;
            return Vec::new();
        };
        let is_new = self.seen.as_ref().is_none_or(|seen| seen.size != size);
        let seen = self.seen.take().filter(|_| !is_new);
        let mut seen = seen.unwrap_or_else(|| Pixels::black(size));
        let patches = picture.patches.iter();
        let changed = patches.filter_map(|patch| seen.patch(crop, patch));
        let changed: Vec<Rect> = changed.collect();
        self.seen = Some(seen);
        if is_new { vec![size.rect()] } else { changed }
    }

    /// Nothing is seen any more; what changed.
    pub(super) fn blacken(&mut self) -> Vec<Rect> {
        let Some(seen) = &mut self.seen else {
            return Vec::new();
        };
        seen.bytes.fill(0);
        vec![seen.size.rect()]
    }

    pub(super) fn frame(&self) -> Option<Frame<'_>> {
        let seen = self.seen.as_ref()?;
        let stride = usize::from(seen.size.width()) * BYTES;
        Frame::new(seen.size, stride, &seen.bytes)
    }

    /// Rows of blue, green, red and a zero, without gaps.
    pub(super) fn pixels(&self) -> Option<(Size, &[u8])> {
        let seen = self.seen.as_ref()?;
        Some((seen.size, &seen.bytes))
    }

    /// Where a place of the desktop is in it.
    pub(super) fn place(&self, x: i32, y: i32) -> Option<(u16, u16)> {
        let (crop, size) = (self.crop?, self.seen.as_ref()?.size);
        let x = u16::try_from(x.checked_sub(crop.x)?).ok()?;
        let y = u16::try_from(y.checked_sub(crop.y)?).ok()?;
        (x < size.width() && y < size.height()).then_some((x, y))
    }
}

impl Pixels {
    fn black(size: Size) -> Self {
        let bytes = vec![0; size.area() * BYTES];
        Self { size, bytes }
    }

    /// The part that is in here, put in its place.
    fn patch(&mut self, crop: Area, patch: &Patch) -> Option<Rect> {
        let part = patch.area.intersection(crop)?;
        let to = rect_in(part, crop)?;
        let from = rect_in(part, patch.area)?;
        let (row, from_row) = (
            usize::from(self.size.width()) * BYTES,
            usize::try_from(patch.area.width).ok()? * BYTES,
        );
        let from_columns = usize::from(from.x) * BYTES..from.right() * BYTES;
        let to_columns = usize::from(to.x) * BYTES..to.right() * BYTES;
        let lines = patch.pixels.chunks_exact(from_row).skip(from.y.into());
        let rows = self.bytes.chunks_exact_mut(row).skip(to.y.into());
        for (line, row) in lines.zip(rows).take(to.height.into()) {
            row.get_mut(to_columns.clone())?
                .copy_from_slice(line.get(from_columns.clone())?);
        }
        Some(to)
    }
}

fn size_of(area: Area) -> Option<Size> {
    Size::new(area.width.try_into().ok()?, area.height.try_into().ok()?)
}

fn rect_in(part: Area, whole: Area) -> Option<Rect> {
    Some(Rect::new(
        part.x.checked_sub(whole.x)?.try_into().ok()?,
        part.y.checked_sub(whole.y)?.try_into().ok()?,
        part.width.try_into().ok()?,
        part.height.try_into().ok()?,
    ))
}

const BYTES: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform;

    const RIGHT: Area = Area {
        x: 4,
        y: 0,
        width: 4,
        height: 2,
    };

    fn picture(patches: Vec<Patch>) -> Picture {
        Picture {
            size: platform::Size {
                width: 8,
                height: 2,
            },
            patches,
            cursor: None,
        }
    }

    fn patch(x: i32, width: u32, colour: u8) -> Patch {
        let area = Area {
            x,
            y: 1,
            width,
            height: 1,
        };
        let pixels = vec![colour; width as usize * BYTES];
        Patch { area, pixels }
    }

    #[test]
    fn of_a_desktop_the_monitor_s_part_alone_is_seen() {
        let mut view = View::new(MonitorId(1), Some(RIGHT));
        let first = view.take(&picture(vec![patch(0, 8, 1)]));
        assert_eq!(first, [Rect::new(0, 0, 4, 2)]);

        let changed = view.take(&picture(vec![patch(2, 4, 7), patch(0, 3, 9)]));

        assert_eq!(changed, [Rect::new(0, 1, 2, 1)]);
        let seen = &view.seen.as_ref().unwrap().bytes;
        assert_eq!(seen[..16], [0; 16]);
        assert_eq!(seen[16..], [[7; 8], [1; 8]].concat());
    }

    #[test]
    fn what_is_hidden_is_black() {
        let mut view = View::new(MonitorId(1), None);
        assert!(view.blacken().is_empty() && view.frame().is_none());
        view.take(&picture(vec![patch(0, 8, 1)]));

        assert_eq!(view.blacken(), [Rect::new(0, 0, 8, 2)]);

        assert!(view.seen.unwrap().bytes.iter().all(|byte| *byte == 0));
    }

    #[test]
    fn a_place_of_the_desktop_is_one_of_the_monitor_or_beside_it() {
        let mut view = View::new(MonitorId(1), Some(RIGHT));
        view.take(&picture(Vec::new()));

        assert_eq!(view.place(5, 1), Some((1, 1)));
        assert_eq!(view.place(3, 1), None);
        assert_eq!(view.place(8, 1), None);
    }
}

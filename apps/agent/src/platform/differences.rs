//! Which parts of a picture are other than the last time, where the system does not say.

use super::{Area, Patch, Size};

/// Of what was seen last.
#[derive(Default)]
pub(super) struct Differences {
    width: usize,
    last: Vec<u8>,
}

impl Differences {
    /// What is other than in the last picture, whose place this one takes: all of it, where it is the first or of another
    /// size. `pixels` are rows as those of a [`Patch`].
    pub(super) fn take(&mut self, size: Size, pixels: Vec<u8>) -> Vec<Patch> {
        let width = whole(size.width);
        let is_alike = self.width == width && self.last.len() == pixels.len();
        let last = std::mem::replace(&mut self.last, pixels);
        self.width = width;
        if !is_alike {
            let (area, pixels) = (Area::whole(size), self.last.clone());
            return vec![Patch { area, pixels }];
        }
        let rows = (0..size.height).step_by(STEP as usize);
        rows.flat_map(|y| self.changed_in(&last, size, y)).collect()
    }

    /// Of the tiles from this row on, those that changed, neighbours together.
    fn changed_in(&self, last: &[u8], size: Size, y: u32) -> Vec<Patch> {
        let mut areas: Vec<Area> = Vec::new();
        for x in (0..size.width).step_by(STEP as usize) {
            let tile = Area {
                x: 0,
                y: 0,
                width: STEP.min(size.width - x),
                height: STEP.min(size.height - y),
            };
            if !self.differs(last, x, y, tile) {
                continue;
            }
            let (x, y) = (x.cast_signed(), y.cast_signed());
            match areas.last_mut() {
                Some(before) if before.x.saturating_add_unsigned(before.width) == x => {
                    before.width += tile.width;
                }
                Some(_) | None => areas.push(Area { x, y, ..tile }),
            }
        }
        areas.into_iter().map(|area| self.patch(area)).collect()
    }

    fn differs(&self, last: &[u8], x: u32, y: u32, tile: Area) -> bool {
        self.rows(x, y, tile)
            .any(|row| last.get(row.clone()) != self.last.get(row))
    }

    fn patch(&self, area: Area) -> Patch {
        let (x, y) = (area.x.cast_unsigned(), area.y.cast_unsigned());
        let rows = self.rows(x, y, area);
        let rows: Vec<&[u8]> = rows.filter_map(|row| self.last.get(row)).collect();
        let pixels = rows.concat();
        Patch { area, pixels }
    }

    /// Where the bytes of each row are.
    fn rows(&self, x: u32, y: u32, area: Area) -> impl Iterator<Item = std::ops::Range<usize>> {
        let (stride, length) = (self.width, whole(area.width) * BYTES_PER_PIXEL);
        (whole(y)..whole(y) + whole(area.height)).map(move |y| {
            let from = (y * stride + whole(x)) * BYTES_PER_PIXEL;
            from..from + length
        })
    }
}

/// No system that we run on counts memory in less than 32 bits.
fn whole(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Wider tiles send more than changed; narrower ones are more to tell of.
const STEP: u32 = 64;

const BYTES_PER_PIXEL: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size {
        width: 130,
        height: 70,
    };

    fn grey() -> Vec<u8> {
        vec![7; 130 * 70 * 4]
    }

    fn areas(patches: &[Patch]) -> Vec<(i32, i32, u32, u32)> {
        let area = |it: &Patch| (it.area.x, it.area.y, it.area.width, it.area.height);
        patches.iter().map(area).collect()
    }

    #[test]
    fn what_is_seen_first_is_whole_and_then_what_changed() {
        let mut differences = Differences::default();
        let first = differences.take(SIZE, grey());
        assert_eq!(areas(&first), [(0, 0, 130, 70)]);

        assert!(differences.take(SIZE, grey()).is_empty());

        let mut spotted = grey();
        for (x, y) in [(63, 0), (64, 1), (129, 69)] {
            spotted[(y * 130 + x) * 4] = 9;
        }
        let then = differences.take(SIZE, spotted);
        assert_eq!(areas(&then), [(0, 0, 128, 64), (128, 64, 2, 6)]);
        assert_eq!(then[0].pixels.len(), 128 * 64 * 4);
        assert_eq!(then[0].pixels[63 * 4], 9);
        assert_eq!(then[1].pixels[(5 * 2 + 1) * 4], 9);
    }

    #[test]
    fn another_size_is_seen_whole() {
        let mut differences = Differences::default();
        differences.take(SIZE, grey());

        let turned = Size {
            width: 70,
            height: 130,
        };

        assert_eq!(areas(&differences.take(turned, grey())), [(0, 0, 70, 130)]);
    }
}

//! Places on a desktop, in its pixels.

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Point {
    pub x: i32,
    pub y: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

/// A rectangle; what is at its right and lower edge is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Area {
    pub x: i32,
    pub y: i32,
    pub width: u32,
    pub height: u32,
}

impl Area {
    pub fn whole(size: Size) -> Self {
        Self {
            x: 0,
            y: 0,
            width: size.width,
            height: size.height,
        }
    }

    /// What both have, unless that is nothing.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let width = extent(x, self.right().min(other.right()))?;
        let height = extent(y, self.bottom().min(other.bottom()))?;
        Some(Self {
            x,
            y,
            width,
            height,
        })
    }

    fn right(self) -> i32 {
        self.x.saturating_add_unsigned(self.width)
    }

    fn bottom(self) -> i32 {
        self.y.saturating_add_unsigned(self.height)
    }
}

fn extent(from: i32, to: i32) -> Option<u32> {
    let extent = u32::try_from(to.checked_sub(from)?).ok()?;
    (extent > 0).then_some(extent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(x: i32, y: i32, width: u32, height: u32) -> Area {
        Area {
            x,
            y,
            width,
            height,
        }
    }

    #[test]
    fn what_overlaps_is_in_both() {
        let common = area(-5, 0, 15, 10).intersection(area(0, 5, 20, 20));

        assert_eq!(common, Some(area(0, 5, 10, 5)));
    }

    #[test]
    fn neighbours_have_nothing_in_common() {
        assert_eq!(area(0, 0, 10, 10).intersection(area(10, 0, 5, 5)), None);
    }

    #[test]
    fn the_largest_numbers_are_no_overflow() {
        let vast = area(i32::MAX, i32::MIN, u32::MAX, u32::MAX);

        assert_eq!(vast.intersection(area(0, 0, 10, 10)), None);
    }
}

//! A rectangle of pixels.

/// May be empty, and may reach beyond the picture that it is about, until it is clipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rect {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

impl Rect {
    pub const fn new(x: u16, y: u16, width: u16, height: u16) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }

    /// Behind the last column.
    pub fn right(self) -> usize {
        usize::from(self.x) + usize::from(self.width)
    }

    /// Behind the last row.
    pub fn bottom(self) -> usize {
        usize::from(self.y) + usize::from(self.height)
    }

    pub fn area(self) -> usize {
        usize::from(self.width) * usize::from(self.height)
    }

    /// `None` where they share no pixel.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let x = self.x.max(other.x);
        let y = self.y.max(other.y);
        let width = self.right().min(other.right()).checked_sub(x.into())?;
        let height = self.bottom().min(other.bottom()).checked_sub(y.into())?;
        let width = u16::try_from(width).ok().filter(|width| *width > 0)?;
        let height = u16::try_from(height).ok().filter(|height| *height > 0)?;
        Some(Self::new(x, y, width, height))
    }

    /// The smallest that holds both.
    pub(super) fn hull(self, other: Self) -> Self {
        let x = self.x.min(other.x);
        let y = self.y.min(other.y);
        let width = self.right().max(other.right()) - usize::from(x);
        let height = self.bottom().max(other.bottom()) - usize::from(y);
        Self::new(x, y, clamped(width), clamped(height))
    }
}

/// Of a rectangle that reaches further than numbers do: as far as they do.
fn clamped(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_meet_where_they_share_pixels() {
        let rect = Rect::new(10, 20, 30, 40);

        let shared = rect.intersection(Rect::new(35, 0, 100, 25));
        assert_eq!(shared, Some(Rect::new(35, 20, 5, 5)));
        assert_eq!(rect.intersection(Rect::new(40, 20, 1, 1)), None);
        assert_eq!(rect.intersection(Rect::new(12, 22, 0, 5)), None);
        let far = Rect::new(u16::MAX, u16::MAX, u16::MAX, u16::MAX);
        assert_eq!(rect.intersection(far), None);
        assert_eq!(far.hull(far), far);
    }

    #[test]
    fn a_hull_holds_both() {
        let hull = Rect::new(1, 2, 3, 4).hull(Rect::new(10, 0, 1, 1));

        assert_eq!(hull, Rect::new(1, 0, 10, 6));
    }
}

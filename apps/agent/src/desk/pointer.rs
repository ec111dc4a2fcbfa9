//! The pointer as viewers are told of it.

use conclave_protocol::remote::MonitorId;
use conclave_remote::tiles::{CursorMessage, CursorPlace, CursorShape};

use crate::platform::CursorImage;

/// As it was told last, for who comes later.
#[derive(Default)]
pub(super) struct Pointer {
    shape: Option<CursorShape>,
    place: Option<CursorPlace>,
}

impl Pointer {
    /// What is new about it. `place`: where it is in what is seen, if it is there.
    pub(super) fn take(
        &mut self,
        monitor: MonitorId,
        place: Option<(u16, u16)>,
        image: Option<&CursorImage>,
    ) -> Vec<CursorMessage> {
        let mut news = Vec::new();
        if let Some(shape) = image.and_then(shape) {
            self.shape = Some(shape.clone());
            news.push(CursorMessage::Shape(shape));
        }
        let place = place.map(|(x, y)| CursorPlace { monitor, x, y });
        if self.place != place {
            self.place = place;
            news.push(at(place));
        }
        news
    }

    /// All of it.
    pub(super) fn messages(&self) -> Vec<CursorMessage> {
        let shape = self.shape.clone().map(CursorMessage::Shape);
        shape.into_iter().chain([at(self.place)]).collect()
    }

    pub(super) fn place(&self) -> Option<CursorPlace> {
        self.place
    }
}

fn at(place: Option<CursorPlace>) -> CursorMessage {
    place.map_or(CursorMessage::Hidden, CursorMessage::At)
}

/// Made smaller by a whole number where it is too large: of each square of pixels, one is taken.
fn shape(image: &CursorImage) -> Option<CursorShape> {
    let most = u32::from(CursorShape::LONGEST_SIDE);
    let longest = image.size.width.max(image.size.height);
    let step = longest.div_ceil(most).max(1);
    let (width, height) = (image.size.width / step, image.size.height / step);
    let at = |x: u32, y: u32| {
        let offset = (y * step).checked_mul(image.size.width)? + x * step;
        image.pixels.get(usize::try_from(offset).ok()?).copied()
    };
    let rows = (0..height).flat_map(|y| (0..width).map(move |x| at(x, y)));
    let pixels = rows.collect::<Option<Vec<u32>>>()?;
    let hot = |at: i32, length: u32| {
        let at = u32::try_from(at).unwrap_or_default() / step;
        u8::try_from(at.min(length.saturating_sub(1))).ok()
    };
    let hot = (hot(image.hot.x, width)?, hot(image.hot.y, height)?);
    let (width, height) = (width.try_into().ok()?, height.try_into().ok()?);
    CursorShape::new(width, height, hot, pixels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{Point, Size};

    const MONITOR: MonitorId = MonitorId(2);

    fn image(side: u32) -> CursorImage {
        CursorImage {
            size: Size {
                width: side,
                height: side,
            },
            hot: Point { x: 9, y: 200 },
            pixels: (0..side * side).collect(),
        }
    }

    #[test]
    fn what_is_new_is_told_once() {
        let mut pointer = Pointer::default();
        let arrow = image(16);

        let first = pointer.take(MONITOR, Some((3, 4)), Some(&arrow));
        assert!(matches!(
            first[..],
            [CursorMessage::Shape(_), CursorMessage::At(_)]
        ));
        assert!(pointer.take(MONITOR, Some((3, 4)), None).is_empty());
        let left = pointer.take(MONITOR, None, None);
        assert_eq!(left, [CursorMessage::Hidden]);
        assert_eq!(pointer.messages().len(), 2);
    }

    #[test]
    fn a_large_pointer_is_made_smaller_and_points_within_itself() {
        for side in [1, 64, 65, 128, 200, 256] {
            let shape = shape(&image(side)).unwrap();

            assert!(shape.width() <= CursorShape::LONGEST_SIDE);
            assert!(shape.hot().1 < shape.height());
        }
        let empty = image(0);
        assert!(shape(&empty).is_none());
    }
}

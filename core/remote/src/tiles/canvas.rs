//! The known pixels of a block while the others are being told, with a margin around them.

use super::size::TILE;

/// Those above and to the left of the one that comes next are known.
pub(super) struct Canvas([u32; STRIDE * (TILE + MARGIN_ABOVE)]);

/// Where the next pixel stands.
pub(super) struct Around {
    pub(super) left: u32,
    above: u32,
    /// The others, from near to far.
    above_left: u32,
    above_right: u32,
    second_left: u32,
    second_above: u32,
    second_above_right: u32,
    above_second_right: u32,
    third_left: u32,
    above_second_left: u32,
}

impl Canvas {
    pub(super) fn new(margin: u32) -> Self {
        Self([margin; STRIDE * (TILE + MARGIN_ABOVE)])
    }

    /// Beside a row go on the ends of the row above.
    pub(super) fn begin_row(&mut self, y: usize, columns: usize) {
        let start = place(0, y);
        let (above, row) = self.0.split_at_mut(start - MARGIN);
        let above = &mut above[start - STRIDE - MARGIN..];
        row[..MARGIN].fill(above[MARGIN]);
        let (known, beyond) = above.split_at_mut(MARGIN + columns);
        let last = known[MARGIN + columns - 1];
        beyond[..MARGIN].fill(last);
    }

    pub(super) fn set(&mut self, x: usize, y: usize, pixels: &[u32]) {
        let start = place(x, y);
        self.0[start..start + pixels.len()].copy_from_slice(pixels);
    }

    /// `x` is at most the row's length, which is at most [`TILE`].
    pub(super) fn around(&self, x: usize, y: usize) -> Around {
        let at = place(x, y);
        let row = &self.0[at - MARGIN..at];
        let above = &self.0[at - STRIDE - 2..at - STRIDE + MARGIN];
        let second = &self.0[at - 2 * STRIDE..at - 2 * STRIDE + 2];
        Around {
            left: row[2],
            above: above[2],
            above_left: above[1],
            above_right: above[3],
            second_left: row[1],
            second_above: second[0],
            second_above_right: second[1],
            above_second_right: above[4],
            third_left: row[0],
            above_second_left: above[0],
        }
    }

    /// How far the colour above goes on, seen from `x`; at most `most`.
    pub(super) fn run_above(&self, x: usize, y: usize, most: usize) -> usize {
        let at = place(x, y) - STRIDE;
        let colour = self.0[at];
        let rest = self.0[at + 1..=at + most].iter();
        rest.take_while(|pixel| **pixel == colour).count()
    }
}

impl Around {
    pub(super) fn is_flat(&self) -> bool {
        let others = [
            self.above,
            self.above_left,
            self.above_right,
            self.second_left,
        ];
        others.iter().all(|other| *other == self.left)
    }

    /// Of ten, six and two of them; the high bits of a key are its best.
    pub(super) fn keys(&self) -> [u32; 3] {
        let two = key(0, &[self.left, self.above]);
        let near = [
            self.above_left,
            self.above_right,
            self.second_left,
            self.second_above,
        ];
        let six = key(two, &near);
        let far = [
            self.second_above_right,
            self.above_second_right,
            self.third_left,
            self.above_second_left,
        ];
        [key(six, &far), six, two]
    }

    /// The greens to the left and above, three bits of each.
    pub(super) fn eighths(&self) -> usize {
        let eighth = |pixel: u32| pixel as usize >> 13 & 7;
        eighth(self.left) << 3 | eighth(self.above)
    }
}

fn key(start: u32, pixels: &[u32]) -> u32 {
    let mix = |key: u32, pixel: &u32| (key.rotate_left(5) ^ pixel).wrapping_mul(0x9e37_79b1);
    pixels.iter().fold(start, mix)
}

fn place(x: usize, y: usize) -> usize {
    (y + MARGIN_ABOVE) * STRIDE + MARGIN + x
}

/// To both sides.
const MARGIN: usize = 3;
const MARGIN_ABOVE: usize = 2;
const STRIDE: usize = TILE + 2 * MARGIN;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pixel_of_the_largest_block_has_surroundings() {
        let mut canvas = Canvas::new(7);
        for y in 0..TILE {
            canvas.begin_row(y, TILE);
            for x in 0..TILE {
                let above = canvas.run_above(x, y, TILE - x);
                assert_eq!(above, TILE - x);
                assert!(canvas.around(x, y).is_flat());
                canvas.set(x, y, &[7]);
            }
            assert!(canvas.around(TILE, y).is_flat());
        }
    }

    #[test]
    fn each_of_the_ten_makes_another_key() {
        let mut canvas = Canvas::new(0);
        canvas.begin_row(0, 8);
        let blank = canvas.around(2, 2).keys();
        for (dx, dy) in [(0, 1), (1, 1), (3, 0)] {
            canvas.set(dx, dy, &[5]);
            assert_ne!(canvas.around(2, 2).keys()[0], blank[0], "{dx} {dy}");
            canvas.set(dx, dy, &[0]);
        }
    }
}

//! A picture as encoders take it: how bright each pixel is, and of each square of four which colour (BT.709, studio range).

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct I420 {
    width: u16,
    height: u16,
    /// Luma, and the two of chroma, row by row without gaps.
    planes: [Vec<u8>; 3],
}

impl I420 {
    /// Black.
    pub fn new(width: u16, height: u16) -> Self {
        let [luma, chroma] = [1, 2].map(|side| area(width, height, side));
        Self {
            width,
            height,
            planes: [vec![16; luma], vec![128; chroma], vec![128; chroma]],
        }
    }

    pub fn width(&self) -> u16 {
        self.width
    }

    pub fn height(&self) -> u16 {
        self.height
    }

    pub fn planes(&self) -> [&[u8]; 3] {
        let [luma, blue, red] = &self.planes;
        [luma, blue, red]
    }

    /// How many bytes a row of each plane has.
    pub fn strides(&self) -> [usize; 3] {
        let half = columns(self.width, 2);
        [self.width.into(), half, half]
    }

    /// Takes over rows of blue, green, red and a byte that means nothing, without gaps.
    pub fn draw(&mut self, pixels: &[u8]) {
        let [luma, blue, red] = &mut self.planes;
        let row = usize::from(self.width) * BYTES;
        if row == 0 {
            return;
        }
        let (each, _) = pixels.as_chunks::<BYTES>();
        for (to, pixel) in luma.iter_mut().zip(each) {
            *to = brightness(*pixel);
        }
        let half = columns(self.width, 2);
        let chroma = blue.chunks_exact_mut(half).zip(red.chunks_exact_mut(half));
        for (rows, (blue, red)) in pixels.chunks(2 * row).zip(chroma) {
            let (upper, lower) = rows.split_at(row.min(rows.len()));
            // The last of an odd number has nothing below it.
            let lower = if lower.is_empty() { upper } else { lower };
            let squares = upper.chunks(2 * BYTES).zip(lower.chunks(2 * BYTES));
            for ((upper, lower), (blue, red)) in squares.zip(blue.iter_mut().zip(red)) {
                [*blue, *red] = colour(upper, lower);
            }
        }
    }

    /// Of planes with gaps between their rows. `None`: they are too short.
    #[cfg_attr(
        not(vp9),
        expect(dead_code, reason = "nothing is decoded without libvpx")
    )]
    pub(crate) fn copied(
        width: u16,
        height: u16,
        planes: [&[u8]; 3],
        strides: [usize; 3],
    ) -> Option<Self> {
        let mut copy = Self::new(width, height);
        let rows = copy.strides();
        for (((to, row), from), stride) in copy.planes.iter_mut().zip(rows).zip(planes).zip(strides)
        {
            for (to, from) in to.chunks_exact_mut(row).zip(from.chunks(stride)) {
                to.copy_from_slice(from.get(..row)?);
            }
        }
        Some(copy)
    }
}

const BYTES: usize = 4;

fn brightness([blue, green, red, _]: [u8; BYTES]) -> u8 {
    let [blue, green, red] = [blue, green, red].map(u32::from);
    (((47 * red + 157 * green + 16 * blue + 128) >> 8) + 16) as u8
}

/// Of two pixels, or one, in each of two rows.
fn colour(upper: &[u8], lower: &[u8]) -> [u8; 2] {
    let (upper, _) = upper.as_chunks::<BYTES>();
    let (lower, _) = lower.as_chunks::<BYTES>();
    let [mut blue, mut green, mut red, mut count] = [0_i32; 4];
    for [b, g, r, _] in upper.iter().chain(lower) {
        blue += i32::from(*b);
        green += i32::from(*g);
        red += i32::from(*r);
        count += 1;
    }
    let [blue, green, red] = [blue, green, red].map(|sum| sum / count.max(1));
    let to_blue = (112 * blue - 86 * green - 26 * red + 128) >> 8;
    let to_red = (112 * red - 102 * green - 10 * blue + 128) >> 8;
    [to_blue, to_red].map(|share| (share + 128).clamp(0, 255) as u8)
}

fn columns(side: u16, share: usize) -> usize {
    usize::from(side).div_ceil(share)
}

fn area(width: u16, height: u16, share: usize) -> usize {
    columns(width, share) * columns(height, share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_as_the_standard_has_them() {
        for (pixel, wanted) in [
            ([0, 0, 0, 9], [16, 128, 128]),
            ([255, 255, 255, 9], [235, 128, 128]),
            ([0, 0, 255, 9], [63, 102, 240]),
            ([255, 0, 0, 9], [32, 240, 118]),
        ] {
            let mut picture = I420::new(2, 2);
            picture.draw(&pixel.repeat(4));

            assert_eq!(picture.planes().map(|plane| plane[0]), wanted);
        }
    }

    #[test]
    fn of_an_odd_size_the_last_column_and_row_are_there() {
        let mut picture = I420::new(3, 3);
        let mut pixels = vec![0; 9 * BYTES];
        pixels[8 * BYTES..].copy_from_slice(&[255, 255, 255, 0]);

        picture.draw(&pixels);

        let [luma, blue, red] = picture.planes();
        assert_eq!((luma.len(), blue.len(), red.len()), (9, 4, 4));
        assert_eq!((luma[7], luma[8]), (16, 235));
        assert_eq!(picture.strides(), [3, 2, 2]);
    }
}

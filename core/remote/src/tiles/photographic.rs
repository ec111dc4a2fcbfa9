//! Packs what cameras and scanners see: hardly a pixel is as its neighbour, and all are near to them.
//!
//! Green, and how far red and blue are from it, each by itself. A sample is predicted from its neighbours, in the way
//! that fits the block best, and the rest is told by how much the neighbours differ.

use super::bits::{Bits, Chance, tree};
use super::block::Block;

/// What was learned from the photographs so far of one batch.
pub(super) struct Photographic {
    is_grey: Chance,
    ways: [Chance; 4],
    /// By plane, and by how busy it is around.
    rests: Vec<[[Chance; 256]; STEPS]>,
}

impl Photographic {
    pub(super) fn new() -> Self {
        Self {
            is_grey: Chance::default(),
            ways: [Chance::default(); 4],
            rests: vec![[[Chance::default(); 256]; STEPS]; PLANES],
        }
    }

    pub(super) fn code<B: Bits>(&mut self, bits: &mut B, block: &mut Block) {
        let is_grey = bits.bit(&mut self.is_grey, B::WRITES && is_grey(block));
        let columns = block.columns();
        let mut planes = planes_of(block);
        let told = if is_grey { 1 } else { PLANES };
        for (plane, samples) in planes.iter_mut().enumerate() {
            match plane < told {
                true => self.code_plane(bits, plane, samples, columns),
                false => samples.fill(0),
            }
        }
        let [greens, reds, blues] = &planes;
        let samples = greens.iter().zip(reds).zip(blues);
        for (pixel, ((green, red), blue)) in block.pixels.iter_mut().zip(samples) {
            *pixel = joined(*green, *red, *blue);
        }
    }

    fn code_plane<B: Bits>(
        &mut self,
        bits: &mut B,
        plane: usize,
        samples: &mut [u8],
        columns: usize,
    ) {
        let best = if B::WRITES {
            Way::best(samples, columns)
        } else {
            0
        };
        let way = Way::ALL[tree(bits, &mut self.ways, 2, best as u32) as usize & 3];
        for at in 0..samples.len() {
            let near = Near::of(samples, at, columns);
            let guess = way.guess(near);
            let rest = folded(samples[at].wrapping_sub(guess));
            let rest = tree(bits, &mut self.rests[plane][near.step()], 8, rest.into());
            samples[at] = unfolded(rest as u8).wrapping_add(guess);
        }
    }
}

/// Green, and red and blue in relation to it.
const PLANES: usize = 3;

/// Green first.
fn split(pixel: u32) -> [u8; PLANES] {
    let [_, red, green, blue] = pixel.to_be_bytes();
    [green, red.wrapping_sub(green), blue.wrapping_sub(green)]
}

fn joined(green: u8, red: u8, blue: u8) -> u32 {
    let [red, blue] = [red, blue].map(|differs| differs.wrapping_add(green));
    u32::from_be_bytes([0, red, green, blue])
}

fn planes_of(block: &Block) -> [Vec<u8>; PLANES] {
    let plane = |plane| {
        block
            .pixels
            .iter()
            .map(|pixel| split(*pixel)[plane])
            .collect()
    };
    [plane(0), plane(1), plane(2)]
}

fn is_grey(block: &Block) -> bool {
    let is_grey = |pixel: &u32| split(*pixel)[1..] == [0, 0];
    block.pixels.iter().all(is_grey)
}

/// The samples beside and above.
#[derive(Clone, Copy)]
struct Near {
    left: u8,
    above: u8,
    above_left: u8,
    above_right: u8,
}

impl Near {
    /// What is outside is as what is nearest to it inside.
    fn of(samples: &[u8], at: usize, columns: usize) -> Self {
        let column = at % columns;
        let beside = (column > 0).then(|| samples[at - 1]);
        let up = at.checked_sub(columns);
        let above = up.map(|up| samples[up]).or(beside).unwrap_or(128);
        let is_last = column + 1 == columns;
        Self {
            left: beside.unwrap_or(above),
            above,
            above_left: up
                .filter(|_| column > 0)
                .map_or(above, |up| samples[up - 1]),
            above_right: up.filter(|_| !is_last).map_or(above, |up| samples[up + 1]),
        }
    }

    /// How busy it is here.
    fn step(self) -> usize {
        let differs = |one: u8, other: u8| u32::from(one.abs_diff(other));
        let sum = differs(self.left, self.above_left)
            + differs(self.above_left, self.above)
            + differs(self.above, self.above_right);
        let length = u32::BITS - sum.leading_zeros();
        (length as usize).min(STEPS - 1)
    }
}

const STEPS: usize = 9;

/// How a sample is predicted.
#[derive(Clone, Copy)]
enum Way {
    /// Along edges.
    Median,
    /// Noise averages out: of four,
    Four,
    /// and of three, the nearest most.
    Three,
    Above,
}

impl Way {
    const ALL: [Self; 4] = [Self::Median, Self::Four, Self::Three, Self::Above];

    fn guess(self, near: Near) -> u8 {
        let [left, above] = [near.left, near.above].map(u16::from);
        let [above_left, above_right] = [near.above_left, near.above_right].map(u16::from);
        let guess = match self {
            Self::Median => (left + above)
                .saturating_sub(above_left)
                .clamp(left.min(above), left.max(above)),
            Self::Four => (left + above + above_left + above_right + 2) / 4,
            Self::Three => (2 * left + above + above_right + 2) / 4,
            Self::Above => above,
        };
        guess as u8
    }

    /// The place of the one that leaves least.
    fn best(samples: &[u8], columns: usize) -> usize {
        let mut sums = [0_u32; 4];
        for (at, sample) in samples.iter().enumerate() {
            let near = Near::of(samples, at, columns);
            for (sum, way) in sums.iter_mut().zip(Self::ALL) {
                *sum += u32::from(folded(sample.wrapping_sub(way.guess(near))));
            }
        }
        let ways = sums.iter().enumerate();
        ways.min_by_key(|(_, sum)| **sum).map_or(0, |(way, _)| way)
    }
}

/// Small for small differences of either sign.
fn folded(difference: u8) -> u8 {
    difference << 1 ^ ((difference as i8) >> 7) as u8
}

fn unfolded(folded: u8) -> u8 {
    folded >> 1 ^ (folded & 1).wrapping_neg()
}

#[cfg(test)]
mod tests {
    use super::super::bits::{BitReader, BitWriter};
    use super::*;

    #[test]
    fn folding_loses_nothing() {
        assert_eq!([0, 255, 1, 254].map(folded), [0, 1, 2, 3]);
        assert!((0..=u8::MAX).all(|difference| unfolded(folded(difference)) == difference));
    }

    #[test]
    fn colours_and_greys_are_read_as_they_were_written() {
        for mask in [0xff_ffff, 0xff, 0xff_ff00] {
            for (width, height) in [(64, 64), (1, 64), (64, 1), (1, 1), (7, 5)] {
                let original = noise(width, height, mask);
                let mut writer = BitWriter::new();
                Photographic::new().code(&mut writer, &mut original.clone());
                let bytes = writer.finish();

                let mut reader = BitReader::new(&bytes);
                let mut block = Block::new(width, height);
                Photographic::new().code(&mut reader, &mut block);

                assert!(reader.is_done() && block == original);
            }
        }
    }

    #[test]
    fn grey_costs_less_than_its_samples() {
        let mut block = noise(64, 64, 0);
        for (at, pixel) in block.pixels.iter_mut().enumerate() {
            let grey = 100 + at as u32 / 64 + (at as u32).wrapping_mul(2_654_435_761) % 13;
            *pixel = grey << 16 | grey << 8 | grey;
        }
        let mut writer = BitWriter::new();

        Photographic::new().code(&mut writer, &mut block);

        assert!(writer.length() < 64 * 64 * 5 / 8, "{}", writer.length());
    }

    fn noise(width: u16, height: u16, mask: u32) -> Block {
        let mut block = Block::new(width, height);
        for (at, pixel) in block.pixels.iter_mut().enumerate() {
            *pixel = (at as u32).wrapping_mul(2_654_435_761) >> 3 & mask;
        }
        block
    }
}

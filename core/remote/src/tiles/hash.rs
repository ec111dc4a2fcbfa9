//! Short names of pictures.
//!
//! Both ends compute them alike on every machine. They find mistakes, and what looks the same; nothing trusts them
//! against somebody who makes two pictures of one name, since pixels are compared before one stands for another.

/// Of a whole picture: equal at both ends when every pixel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameHash(pub(super) u64);

/// Takes numbers in, one after another.
#[derive(Clone, Copy)]
pub(super) struct Hasher(u64);

impl Hasher {
    pub(super) fn new() -> Self {
        Self(SEED)
    }

    pub(super) fn add(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(FACTOR);
    }

    /// Pixels two at a time.
    pub(super) fn add_row(&mut self, row: &[u32]) {
        let (pairs, last) = row.as_chunks();
        for [one, two] in pairs {
            self.add(u64::from(*one) << 32 | u64::from(*two));
        }
        last.iter().for_each(|pixel| self.add((*pixel).into()));
    }

    /// Spreads what came last over all bits.
    pub(super) fn finish(self) -> u64 {
        let spread = (self.0 ^ self.0 >> 33).wrapping_mul(FACTOR);
        spread ^ spread >> 29
    }
}

/// Of the pixels of one tile.
pub(super) fn hash_of_rows<'a>(rows: impl Iterator<Item = &'a [u32]>) -> u64 {
    let mut hasher = Hasher::new();
    rows.for_each(|row| hasher.add_row(row));
    hasher.finish()
}

/// Of all tiles in their order.
pub(super) fn hash_of_tiles(tiles: impl Iterator<Item = u64>) -> FrameHash {
    let mut hasher = Hasher::new();
    tiles.for_each(|tile| hasher.add(tile));
    FrameHash(hasher.finish())
}

const SEED: u64 = 0x243f_6a88_85a3_08d3;
/// Odd, with bits spread evenly: the golden ratio's.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pixel_or_the_order_makes_another_hash() {
        let hash = |rows: &[[u32; 3]]| hash_of_rows(rows.iter().map(<[u32; 3]>::as_slice));

        let first = hash(&[[1, 2, 3], [4, 5, 6]]);
        assert_eq!(first, hash(&[[1, 2, 3], [4, 5, 6]]));
        assert_ne!(first, hash(&[[1, 2, 3], [4, 5, 7]]));
        assert_ne!(first, hash(&[[4, 5, 6], [1, 2, 3]]));
        assert_ne!(
            hash_of_tiles([1, 2].into_iter()),
            hash_of_tiles([2, 1].into_iter())
        );
    }

    /// An agent and a viewer on other machines must agree.
    #[test]
    fn the_hash_is_the_same_everywhere() {
        let hash = hash_of_rows([[1_u32, 2, 3].as_slice()].into_iter());

        assert_eq!(hash, PINNED);
    }

    const PINNED: u64 = 17_415_371_563_200_266_872;
}

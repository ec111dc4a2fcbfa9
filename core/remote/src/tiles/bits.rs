//! Bits of unequal chances, as an adaptive range coder packs them.
//!
//! What describes pixels is written once, over [`Bits`], and both writes and reads: the two can't differ. When reading,
//! the bits that are handed in mean nothing, and those that come back are the ones that were written.

/// A place where bits are written, or read again.
pub(super) trait Bits {
    /// False: what is handed in means nothing.
    const WRITES: bool;

    fn bit(&mut self, chance: &mut Chance, bit: bool) -> bool;
}

/// How likely the next bit of one kind is unset, learned from those before.
#[derive(Clone, Copy)]
pub(super) struct Chance {
    /// In 65,536ths.
    unset: u16,
    seen: u8,
}

impl Default for Chance {
    fn default() -> Self {
        Self {
            unset: 1 << 15,
            seen: 0,
        }
    }
}

impl Chance {
    fn learn(&mut self, bit: bool) {
        let rate = RATES.get(usize::from(self.seen)).copied().unwrap_or(5);
        self.seen = self.seen.saturating_add(1);
        match bit {
            true => self.unset -= (self.unset - RAREST) >> rate,
            false => self.unset += (u16::MAX - RAREST - self.unset) >> rate,
        }
    }

    fn share(self, range: u32) -> u32 {
        (range >> 16) * u32::from(self.unset)
    }
}

/// The first few bits teach much, later ones a 32nd: that follows changes, and costs little where there are none.
const RATES: [u8; 16] = [1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5];
/// No bit is impossible.
const RAREST: u16 = 32;

/// Writes or reads `count` bits, the highest first. `tree` has `1 << count` chances.
pub(super) fn tree<B: Bits>(bits: &mut B, tree: &mut [Chance], count: u32, value: u32) -> u32 {
    let mut node = 1_usize;
    for place in (0..count).rev() {
        let Some(chance) = tree.get_mut(node) else {
            break;
        };
        let bit = bits.bit(chance, value >> place & 1 == 1);
        node = node << 1 | usize::from(bit);
    }
    node as u32 & ((1 << count) - 1)
}

/// Numbers of which small ones are likely.
pub(super) struct Number {
    lengths: [Chance; 64],
}

impl Number {
    pub(super) fn new() -> Self {
        Self {
            lengths: [Chance::default(); 64],
        }
    }

    pub(super) fn code<B: Bits>(&mut self, bits: &mut B, number: u32) -> u32 {
        let length = u32::BITS - number.leading_zeros();
        let length = tree(bits, &mut self.lengths, 6, length).min(u32::BITS);
        let mut read = u32::from(length > 0);
        for place in (0..length.saturating_sub(1)).rev() {
            let even = &mut Chance::default();
            read = read << 1 | u32::from(bits.bit(even, number >> place & 1 == 1));
        }
        read
    }
}

/// Writes bits, as a range coder with carries.
pub(super) struct BitWriter {
    low: u64,
    range: u32,
    /// The last byte that a carry may still change, before `waiting - 1` bytes of ones.
    last: u8,
    waiting: usize,
    bytes: Vec<u8>,
}

impl BitWriter {
    pub(super) fn new() -> Self {
        Self {
            low: 0,
            range: u32::MAX,
            last: 0,
            waiting: 1,
            bytes: Vec::new(),
        }
    }

    /// As many bytes as a reader takes for what was written so far: those behind them may be cut off.
    pub(super) fn length(&self) -> usize {
        self.bytes.len() + self.waiting + READ_AHEAD - 1
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        for _ in 0..=READ_AHEAD {
            self.push_byte();
        }
        // The first byte is ahead of all that was written, and zero.
        self.bytes.drain(..1);
        self.bytes
    }

    fn push_byte(&mut self) {
        let [.., carry, highest, _, _, _] = self.low.to_be_bytes();
        if carry != 0 || highest != u8::MAX {
            self.bytes.push(self.last.wrapping_add(carry));
            let ones = std::iter::repeat_n(u8::MAX.wrapping_add(carry), self.waiting - 1);
            self.bytes.extend(ones);
            self.last = highest;
            self.waiting = 0;
        }
        self.waiting += 1;
        self.low = self.low << 8 & u64::from(u32::MAX);
    }
}

impl Bits for BitWriter {
    const WRITES: bool = true;

    fn bit(&mut self, chance: &mut Chance, bit: bool) -> bool {
        let share = chance.share(self.range);
        match bit {
            true => {
                self.low += u64::from(share);
                self.range -= share;
            }
            false => self.range = share,
        }
        chance.learn(bit);
        while self.range < SMALLEST_RANGE {
            self.range <<= 8;
            self.push_byte();
        }
        bit
    }
}

/// Reads what a [`BitWriter`] wrote. Behind the end are zeros.
pub(super) struct BitReader<'a> {
    code: u32,
    range: u32,
    bytes: &'a [u8],
    is_beyond: bool,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let mut reader = Self {
            code: 0,
            range: u32::MAX,
            bytes,
            is_beyond: false,
        };
        (0..READ_AHEAD).for_each(|_| reader.take_byte());
        reader
    }

    /// More was read than was written.
    pub(super) fn is_beyond(&self) -> bool {
        self.is_beyond
    }

    /// All was read, and not more.
    pub(super) fn is_done(&self) -> bool {
        self.bytes.is_empty() && !self.is_beyond
    }

    fn take_byte(&mut self) {
        let byte = self.bytes.split_off_first();
        self.is_beyond |= byte.is_none();
        self.code = self.code << 8 | u32::from(byte.copied().unwrap_or_default());
    }
}

impl Bits for BitReader<'_> {
    const WRITES: bool = false;

    fn bit(&mut self, chance: &mut Chance, _: bool) -> bool {
        let share = chance.share(self.range);
        let bit = self.code >= share;
        match bit {
            true => {
                self.code -= share;
                self.range -= share;
            }
            false => self.range = share,
        }
        chance.learn(bit);
        while self.range < SMALLEST_RANGE {
            self.range <<= 8;
            self.take_byte();
        }
        bit
    }
}

/// Below it a byte is settled, and goes.
const SMALLEST_RANGE: u32 = 1 << 24;
/// In bytes: as wide as the range.
const READ_AHEAD: usize = 4;

#[cfg(test)]
mod tests;

//! Packs what programs draw: text, lines, windows.
//!
//! Drawn pixels come in shapes that come again, the same letter at the same place between two pixels above all. So each
//! pixel is guessed from those around it that are known, by what followed the same surroundings before: ten of them
//! first, then six, then two. Mostly a guess holds, which costs a fraction of a bit. Where all around are alike the
//! length of their run is told in one word. A colour that nobody guessed is told by its green, and its red and blue
//! by the colours of that green before: the shades of text between paper and ink are few.

use super::bits::{Bits, Chance, tree};
use super::block::Block;
use super::canvas::{Around, Canvas};

/// What was learned from the pixels so far of one batch.
pub(super) struct Drawn {
    /// What is around the first pixels of a block.
    margin: u32,
    /// By ten pixels, six, and two.
    guesses: [Guesses; 3],
    runs: Runs,
    /// By the greens to the left and above, in eighths.
    greens: Vec<[Chance; 256]>,
    /// The last two colours of each green.
    shades: Vec<[u32; 2]>,
    shade: [Chance; 2],
    others: [[Chance; 256]; 2],
}

impl Drawn {
    /// With room for `1 << memory_bits` surroundings.
    pub(super) fn new(memory_bits: u32) -> Self {
        Self {
            margin: 0,
            guesses: [memory_bits, memory_bits, memory_bits.min(12)].map(Guesses::new),
            runs: Runs::new(),
            greens: vec![[Chance::default(); 256]; 64],
            shades: vec![[0; 2]; 256],
            shade: [Chance::default(); 2],
            others: [[Chance::default(); 256]; 2],
        }
    }

    pub(super) fn code<B: Bits>(&mut self, bits: &mut B, block: &mut Block) {
        let columns = block.columns();
        let mut canvas = Canvas::new(self.margin);
        for (y, row) in block.pixels.chunks_exact_mut(columns).enumerate() {
            canvas.begin_row(y, columns);
            self.code_row(bits, &mut canvas, y, row);
        }
        self.margin = block.pixels.first().copied().unwrap_or_default();
    }

    fn code_row<B: Bits>(&mut self, bits: &mut B, canvas: &mut Canvas, y: usize, row: &mut [u32]) {
        let mut x = 0;
        while x < row.len() {
            let mut around = canvas.around(x, y);
            let flat = around.is_flat().then_some(around.left);
            if let Some(colour) = flat {
                let (_, rest) = row.split_at_mut(x);
                let above = canvas.run_above(x, y, rest.len());
                let run = self.runs.code(bits, colour, above, rest);
                let (run, _) = rest.split_at_mut(run);
                run.fill(colour);
                canvas.set(x, y, run);
                x += run.len();
                around = canvas.around(x, y);
            }
            if let Some(pixel) = row.get_mut(x) {
                *pixel = self.code_pixel(bits, &around, flat, *pixel);
                canvas.set(x, y, &[*pixel]);
                x += 1;
            }
        }
    }

    /// Any colour but `not`.
    fn code_pixel<B: Bits>(
        &mut self,
        bits: &mut B,
        around: &Around,
        not: Option<u32>,
        pixel: u32,
    ) -> u32 {
        let keys = around.keys();
        let read = self.code_guess(bits, keys, not, pixel);
        let pixel = read.unwrap_or_else(|| self.code_colour(bits, around, pixel));
        for (guesses, key) in self.guesses.iter_mut().zip(keys) {
            guesses.at(key).learn(pixel);
        }
        pixel
    }

    /// `None`: no guess holds.
    fn code_guess<B: Bits>(
        &mut self,
        bits: &mut B,
        keys: [u32; 3],
        not: Option<u32>,
        pixel: u32,
    ) -> Option<u32> {
        let [first, second, _] = &mut self.guesses;
        let agree = first.at(keys[0]).colour == second.at(keys[1]).colour;
        let mut missed = [not; 3];
        for (place, (guesses, key)) in self.guesses.iter_mut().zip(keys).enumerate() {
            let guess = *guesses.at(key);
            if missed.contains(&Some(guess.colour)) {
                continue;
            }
            let chance = guesses.chance(guess, agree);
            if !bits.bit(chance, guess.colour != pixel) {
                return Some(guess.colour);
            }
            missed[place] = Some(guess.colour);
        }
        None
    }

    fn code_colour<B: Bits>(&mut self, bits: &mut B, around: &Around, pixel: u32) -> u32 {
        let [_, red, green, blue] = pixel.to_be_bytes();
        let greens = around.eighths();
        let green = tree(bits, &mut self.greens[greens & 63], 8, green.into());
        let [last, before] = self.shades[green as usize & 255];
        let [is_older, is_other] = &mut self.shade;
        if !bits.bit(is_older, last != pixel) {
            return last;
        }
        let colour = if !bits.bit(is_other, before != pixel) {
            before
        } else {
            let [reds, blues] = &mut self.others;
            let differs = |channel: u8| u32::from(channel).wrapping_sub(green) & 255;
            let red = tree(bits, reds, 8, differs(red)).wrapping_add(green) & 255;
            let blue = tree(bits, blues, 8, differs(blue)).wrapping_add(green) & 255;
            red << 16 | green << 8 | blue
        };
        self.shades[green as usize & 255] = [colour, last];
        colour
    }
}

/// What followed surroundings before. Different ones may share a place; then a guess is a bad one, no more.
struct Guesses {
    places: Vec<Guess>,
    memory_bits: u32,
    chances: [[Chance; 2]; 1 + MOST_SURE as usize],
}

#[derive(Clone, Copy, Default)]
struct Guess {
    colour: u32,
    /// How often it held in a row.
    sure: u8,
}

impl Guesses {
    fn new(memory_bits: u32) -> Self {
        Self {
            places: vec![Guess::default(); 1 << memory_bits],
            memory_bits,
            chances: [[Chance::default(); 2]; 1 + MOST_SURE as usize],
        }
    }

    /// There are `1 << memory_bits` places.
    fn at(&mut self, key: u32) -> &mut Guess {
        &mut self.places[(key >> (u32::BITS - self.memory_bits)) as usize]
    }

    fn chance(&mut self, guess: Guess, agree: bool) -> &mut Chance {
        &mut self.chances[usize::from(guess.sure.min(MOST_SURE))][usize::from(agree)]
    }
}

impl Guess {
    /// What has held long is doubted before it is given up.
    fn learn(&mut self, colour: u32) {
        match (self.colour == colour, self.sure) {
            (true, sure) => self.sure = MOST_SURE.min(sure + 1),
            (false, 3..) => self.sure = 2,
            (false, _) => *self = Self { colour, sure: 0 },
        }
    }
}

const MOST_SURE: u8 = 15;

/// How far a colour goes on in its row.
struct Runs {
    /// To the row's end; when the row above goes on so far too.
    ends: [Chance; 2],
    /// As far as in the row above.
    follows: Chance,
    lengths: [[Chance; 1 << LENGTH_BITS]; 2],
}

impl Runs {
    fn new() -> Self {
        Self {
            ends: [Chance::default(); 2],
            follows: Chance::default(),
            lengths: [[Chance::default(); 1 << LENGTH_BITS]; 2],
        }
    }

    /// At most as long as `rest`; `above` is how far the row above goes on.
    fn code<B: Bits>(&mut self, bits: &mut B, colour: u32, above: usize, rest: &[u32]) -> usize {
        let run = rest
            .iter()
            .take_while(|pixel| B::WRITES && **pixel == colour)
            .count();
        let place = usize::from(above >= rest.len());
        let [to_end, whole] = &mut self.ends;
        let end = if place == 1 { whole } else { to_end };
        if bits.bit(end, run == rest.len()) {
            return rest.len();
        }
        if place == 0 && bits.bit(&mut self.follows, run == above) {
            return above;
        }
        let lengths = &mut self.lengths[place];
        let read = tree(bits, lengths, LENGTH_BITS, run as u32) as usize;
        read.min(rest.len())
    }
}

/// Runs that end before their row does are shorter than a tile.
const LENGTH_BITS: u32 = 6;

#[cfg(test)]
mod tests {
    use super::super::bits::{BitReader, BitWriter};
    use super::*;

    #[test]
    fn a_shape_that_comes_again_costs_a_fraction() {
        let mut drawn = Drawn::new(12);
        let mut writer = BitWriter::new();

        drawn.code(&mut writer, &mut letters());
        let first = writer.length();
        drawn.code(&mut writer, &mut letters());
        let second = writer.length() - first;

        assert!(second * 3 < first * 2, "{first} {second}");
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        let mut writer = BitWriter::new();
        let mut drawn = Drawn::new(8);
        drawn.code(&mut writer, &mut letters());
        let bytes = writer.finish();

        let mut reader = BitReader::new(&bytes);
        let mut block = Block::new(64, 64);
        Drawn::new(8).code(&mut reader, &mut block);

        assert!(reader.is_done() && block == letters());
    }

    /// Sixteen cells of random strokes in four shades on white.
    fn letters() -> Block {
        let mut block = Block::new(64, 64);
        for (at, pixel) in block.pixels.iter_mut().enumerate() {
            let (x, y) = (at % 64, at / 64);
            let cell = y / 16 * 4 + x / 16;
            let noise = ((x * 7 + y * 13 + cell * 29) * 2_654_435_761) >> 7 & 7;
            let stroke = (4..12).contains(&(x % 16)) && (2..12).contains(&(y % 16)) && noise < 4;
            let shade = noise as u32 * 0x40;
            *pixel = if stroke {
                shade << 16 | shade << 8 | shade
            } else {
                0xff_ffff
            };
        }
        block
    }
}

//! What a batch does to one tile.

use super::bits::{Bits, Chance, Number, tree};
use super::cache::{Place, SLOT_BITS};
use super::rect::Rect;
use super::size::TILE;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) tile: usize,
    pub(super) change: Change,
    /// Where the tile is remembered as it is then.
    pub(super) keep: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// All of its pixels follow.
    Full,
    /// The pixels of a part of it follow, for a tile of this generation. The part is counted from the tile's corner.
    Part { part: Rect, generation: u32 },
    /// It is as one that was remembered.
    Known(Place),
}

impl Command {
    /// What is handed in to be read.
    pub(super) const NONE: Self = Self {
        tile: 0,
        change: Change::Full,
        keep: None,
    };
}

/// How commands are told, in relation to those before them in the batch.
pub(super) struct Commands {
    number: u32,
    tile: usize,
    slot: u16,
    is_behind: Chance,
    steps: Number,
    kinds: [Chance; 4],
    is_kept: Chance,
    is_next_slot: Chance,
    slots: [Chance; 1 << SLOT_BITS],
    ages: Number,
    sides: [[Chance; TILE]; 4],
}

impl Commands {
    /// Of the batch with this number.
    pub(super) fn new(number: u32) -> Self {
        Self {
            number,
            tile: 0,
            slot: 0,
            is_behind: Chance::default(),
            steps: Number::new(),
            kinds: [Chance::default(); 4],
            is_kept: Chance::default(),
            is_next_slot: Chance::default(),
            slots: [Chance::default(); 1 << SLOT_BITS],
            ages: Number::new(),
            sides: [[Chance::default(); TILE]; 4],
        }
    }

    pub(super) fn code<B: Bits>(&mut self, bits: &mut B, command: Command) -> Command {
        let tile = self.code_tile(bits, command.tile);
        let change = self.code_change(bits, command.change);
        let is_known = matches!(change, Change::Known(_));
        let keeps = !is_known && bits.bit(&mut self.is_kept, command.keep.is_some());
        let keep = keeps.then(|| self.code_slot(bits, command.keep.unwrap_or_default()));
        Command { tile, change, keep }
    }

    fn code_tile<B: Bits>(&mut self, bits: &mut B, tile: usize) -> usize {
        let is_behind = bits.bit(&mut self.is_behind, tile >= self.tile);
        let step = self.steps.code(bits, tile.abs_diff(self.tile) as u32) as usize;
        // One that is read may be out of the picture, and then it is refused.
        self.tile = match is_behind {
            true => self.tile.saturating_add(step),
            false => self.tile.saturating_sub(step),
        };
        self.tile
    }

    fn code_change<B: Bits>(&mut self, bits: &mut B, change: Change) -> Change {
        let kind = match change {
            Change::Full => 0,
            Change::Part { .. } => 1,
            Change::Known(_) => 2,
        };
        match tree(bits, &mut self.kinds, 2, kind) {
            0 => Change::Full,
            1 => self.code_part(bits, change),
            _ => self.code_known(bits, change),
        }
    }

    fn code_part<B: Bits>(&mut self, bits: &mut B, change: Change) -> Change {
        let (part, generation) = match change {
            Change::Part { part, generation } => (part, generation),
            Change::Full | Change::Known(_) => (Rect::new(0, 0, 1, 1), 0),
        };
        let mut sides = [
            part.x,
            part.y,
            part.width.wrapping_sub(1),
            part.height.wrapping_sub(1),
        ];
        for (side, chances) in sides.iter_mut().zip(&mut self.sides) {
            *side = tree(bits, chances, TILE.ilog2(), (*side).into()) as u16;
        }
        let [x, y, width, height] = sides;
        Change::Part {
            part: Rect::new(x, y, width + 1, height + 1),
            generation: self.code_generation(bits, generation),
        }
    }

    fn code_known<B: Bits>(&mut self, bits: &mut B, change: Change) -> Change {
        let place = match change {
            Change::Known(place) => place,
            Change::Full | Change::Part { .. } => Place::default(),
        };
        Change::Known(Place {
            slot: self.code_slot(bits, place.slot),
            generation: self.code_generation(bits, place.generation),
        })
    }

    /// Mostly the one behind the last.
    fn code_slot<B: Bits>(&mut self, bits: &mut B, slot: u16) -> u16 {
        let next = (self.slot + 1) & SLOT_MASK;
        self.slot = match bits.bit(&mut self.is_next_slot, slot == next) {
            true => next,
            false => tree(bits, &mut self.slots, SLOT_BITS, slot.into()) as u16,
        };
        self.slot
    }

    /// Mostly a recent one.
    fn code_generation<B: Bits>(&mut self, bits: &mut B, generation: u32) -> u32 {
        let age = self.ages.code(bits, self.number.wrapping_sub(generation));
        self.number.wrapping_sub(age)
    }
}

const SLOT_MASK: u16 = (1 << SLOT_BITS) - 1;

#[cfg(test)]
mod tests {
    use super::super::bits::{BitReader, BitWriter};
    use super::*;

    #[test]
    fn commands_are_read_as_they_were_written() {
        let part = Change::Part {
            part: Rect::new(63, 0, 1, 64),
            generation: 900,
        };
        let known = Change::Known(Place {
            slot: 511,
            generation: 1,
        });
        let commands = [
            (16_000, Change::Full, Some(511)),
            (0, part, Some(0)),
            (1, Change::Full, Some(1)),
            (2, known, None),
            (3, part, None),
        ];
        let commands = commands.map(|(tile, change, keep)| Command { tile, change, keep });
        let mut writer = BitWriter::new();
        let mut model = Commands::new(901);
        for command in commands {
            assert_eq!(model.code(&mut writer, command), command);
        }
        let bytes = writer.finish();

        let mut reader = BitReader::new(&bytes);
        let mut model = Commands::new(901);
        for command in commands {
            assert_eq!(model.code(&mut reader, Command::NONE), command);
        }
        assert!(reader.is_done());
    }
}

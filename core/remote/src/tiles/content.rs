//! Packs the pixels of a block in the way that suits them.

use super::bits::{Bits, Chance, tree};
use super::block::Block;
use super::drawn::Drawn;
use super::photographic::Photographic;

/// What was learned from the blocks so far of one batch.
pub(super) struct Content {
    kinds: [Chance; 4],
    solid: [[Chance; 256]; 3],
    drawn: Drawn,
    photographic: Photographic,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Solid,
    Drawn,
    Photographic,
    /// As they are: what never takes more than its pixels.
    Raw,
}

impl Content {
    pub(super) fn new(memory_bits: u32) -> Self {
        Self {
            kinds: [Chance::default(); 4],
            solid: [[Chance::default(); 256]; 3],
            drawn: Drawn::new(memory_bits),
            photographic: Photographic::new(),
        }
    }

    /// Writes the block as this kind, or reads it as the kind that it was written as.
    pub(super) fn code<B: Bits>(&mut self, bits: &mut B, block: &mut Block, kind: Kind) {
        let kind = Kind::ALL[tree(bits, &mut self.kinds, 2, kind as u32) as usize & 3];
        match kind {
            Kind::Solid => self.code_solid(bits, block),
            Kind::Drawn => self.drawn.code(bits, block),
            Kind::Photographic => self.photographic.code(bits, block),
            Kind::Raw => block
                .pixels
                .iter_mut()
                .for_each(|pixel| *pixel = raw(bits, *pixel)),
        }
    }

    fn code_solid<B: Bits>(&mut self, bits: &mut B, block: &mut Block) {
        let colour = block.pixels.first().copied().unwrap_or_default();
        let mut read = 0;
        for (place, channels) in self.solid.iter_mut().enumerate() {
            let channel = colour >> (8 * place) & 255;
            read |= tree(bits, channels, 8, channel) << (8 * place);
        }
        block.pixels.fill(read);
    }
}

impl Kind {
    const ALL: [Self; 4] = [Self::Solid, Self::Drawn, Self::Photographic, Self::Raw];

    /// What suits it.
    pub(super) fn of(block: &Block) -> Self {
        if block.is_solid() {
            Self::Solid
        } else if block.is_photographic() {
            Self::Photographic
        } else {
            Self::Drawn
        }
    }
}

fn raw<B: Bits>(bits: &mut B, pixel: u32) -> u32 {
    (0..24).rev().fold(0, |read, place| {
        let bit = bits.bit(&mut Chance::default(), pixel >> place & 1 == 1);
        read << 1 | u32::from(bit)
    })
}

#[cfg(test)]
mod tests {
    use super::super::bits::{BitReader, BitWriter};
    use super::*;

    #[test]
    fn every_kind_holds_every_block() {
        let mut drawn = Block::new(20, 30);
        drawn
            .pixels
            .iter_mut()
            .step_by(7)
            .for_each(|pixel| *pixel = 0xff_8000);
        let solid = Block::new(64, 3);
        let kinds = [Kind::Drawn, Kind::Photographic, Kind::Raw];
        let mut writer = BitWriter::new();
        let mut content = Content::new(8);
        for kind in kinds {
            content.code(&mut writer, &mut drawn.clone(), kind);
        }
        content.code(&mut writer, &mut solid.clone(), Kind::Solid);
        let bytes = writer.finish();

        let mut reader = BitReader::new(&bytes);
        let mut content = Content::new(8);
        for _ in kinds {
            let mut block = Block::new(20, 30);
            content.code(&mut reader, &mut block, Kind::Raw);
            assert!(block == drawn);
        }
        let mut block = Block::new(64, 3);
        content.code(&mut reader, &mut block, Kind::Raw);
        assert!(block == solid && reader.is_done());
    }

    #[test]
    fn a_raw_block_takes_its_pixels() {
        let mut content = Content::new(8);
        let mut writer = BitWriter::new();

        content.code(&mut writer, &mut Block::new(64, 64), Kind::Raw);

        assert!(writer.length() <= 64 * 64 * 3 + 8);
    }

    #[test]
    fn what_suits_a_block_shows_in_it() {
        let mut block = Block::new(64, 64);
        assert_eq!(Kind::of(&block), Kind::Solid);

        block
            .pixels
            .iter_mut()
            .step_by(3)
            .for_each(|pixel| *pixel = 1);
        assert_eq!(Kind::of(&block), Kind::Drawn);

        block
            .pixels
            .iter_mut()
            .enumerate()
            .for_each(|(at, pixel)| *pixel = at as u32);
        assert_eq!(Kind::of(&block), Kind::Photographic);
    }
}

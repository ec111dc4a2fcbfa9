//! Writes the tiles of a batch, and stops before they take too much.

use super::bits::BitWriter;
use super::command::Commands;
use super::content::Content;
use super::head::{Head, LARGEST_HEAD};
use super::step::Step;
use super::wire::Writer;

/// Tiles of one batch, which learn from each other how they are packed.
pub(super) struct BatchWriter {
    bits: BitWriter,
    commands: Commands,
    content: Content,
    memory_bits: u8,
    tiles: u16,
    /// Of what is in it: what did not fit any more lies behind.
    length: usize,
    most: usize,
}

impl BatchWriter {
    /// The batch with this number, of at most `budget` bytes.
    pub(super) fn new(number: u32, memory_bits: u8, budget: usize) -> Self {
        Self {
            bits: BitWriter::new(),
            commands: Commands::new(number),
            content: Content::new(memory_bits.into()),
            memory_bits,
            tiles: 0,
            length: 0,
            most: budget - LARGEST_HEAD,
        }
    }

    /// False: it does not fit, and nothing more will.
    pub(super) fn add(&mut self, step: &Step) -> bool {
        self.commands.code(&mut self.bits, step.command);
        if let Some((block, kind)) = &step.content {
            self.content.code(&mut self.bits, &mut block.clone(), *kind);
        }
        let fits = self.bits.length() <= self.most;
        if fits {
            self.tiles += 1;
            self.length = self.bits.length();
        }
        fits
    }

    pub(super) fn memory_bits(&self) -> u8 {
        self.memory_bits
    }

    pub(super) fn tiles(&self) -> u16 {
        self.tiles
    }

    /// Behind its head, which says how many tiles there are.
    pub(super) fn close(self, head: &Head) -> Vec<u8> {
        let mut writer = Writer::open(KIND);
        head.write(&mut writer);
        let mut bytes = self.bits.finish();
        bytes.truncate(self.length);
        writer.bytes(&bytes);
        writer.close()
    }
}

/// Of the message.
pub(super) const KIND: u8 = 0;

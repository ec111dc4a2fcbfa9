//! How one tile of the agent's board gets to the viewer.

use super::block::Block;
use super::board::Board;
use super::cache::CacheIndex;
use super::command::{Change, Command};
use super::content::Kind;
use super::rect::Rect;

pub(super) struct Step {
    pub(super) command: Command,
    /// The pixels that follow the command.
    pub(super) content: Option<(Block, Kind)>,
    /// The whole tile, if it is remembered.
    pub(super) kept: Option<Block>,
}

impl Step {
    /// In the batch with this number.
    pub(super) fn new(tile: usize, board: &Board, cache: &CacheIndex, number: u32) -> Self {
        let whole = board.seen(board.rect(tile));
        let is_lost = board.is_lost(tile);
        // A viewer that refused a place would refuse it again.
        let slot = cache.next_slot(number);
        let known = cache.find(&whole).filter(|_| !is_lost);
        match known {
            Some(place) => Self::told(tile, Change::Known(place)),
            None => match part_worth_telling(tile, board) {
                Some(part) => Self::of_part(tile, part, whole, board, slot),
                None => Self::of_all(tile, whole, slot),
            },
        }
    }

    /// In the way that takes no more than its pixels, whatever they are.
    pub(super) fn raw(mut self) -> Self {
        self.content = self.content.map(|(block, _)| (block, Kind::Raw));
        self
    }

    fn of_all(tile: usize, whole: Block, slot: Option<u16>) -> Self {
        let kind = Kind::of(&whole);
        let mut step = Self::told(tile, Change::Full);
        step.content = Some((whole.clone(), kind));
        if kind != Kind::Solid {
            step.keep(whole, slot);
        }
        step
    }

    fn of_part(tile: usize, part: Rect, whole: Block, board: &Board, slot: Option<u16>) -> Self {
        let rect = board.rect(tile);
        let placed = Rect::new(rect.x + part.x, rect.y + part.y, part.width, part.height);
        let block = board.seen(placed);
        let kind = Kind::of(&block);
        let generation = board.generation(tile);
        let mut step = Self::told(tile, Change::Part { part, generation });
        step.content = Some((block, kind));
        if part.area() * 2 >= rect.area() {
            step.keep(whole, slot);
        }
        step
    }

    fn told(tile: usize, change: Change) -> Self {
        let keep = None;
        Self {
            command: Command { tile, change, keep },
            content: None,
            kept: None,
        }
    }

    fn keep(&mut self, whole: Block, slot: Option<u16>) {
        self.command.keep = slot;
        self.kept = slot.map(|_| whole);
    }
}

/// Not of what the viewer lacks altogether, nor if nearly all is another.
fn part_worth_telling(tile: usize, board: &Board) -> Option<Rect> {
    let part = board.difference(tile).filter(|_| !board.is_lost(tile))?;
    (part.area() * 4 <= board.rect(tile).area() * 3).then_some(part)
}

//! What the agent sees, beside what the viewer has when all that was sent arrives.

use super::block::Block;
use super::frame::Frame;
use super::hash::{FrameHash, hash_of_rows, hash_of_tiles};
use super::motion::Changed;
use super::picture::Picture;
use super::rect::Rect;
use super::shift::Shift;
use super::size::Size;

pub(super) struct Board {
    seen: Picture,
    sent: Picture,
    tiles: Vec<Tile>,
}

/// Of the picture.
#[derive(Clone)]
struct Tile {
    /// The batch that changed it last.
    generation: u32,
    /// The viewer may have anything there.
    is_lost: bool,
    /// The viewer lacks it, since the batch with this number.
    waits: Option<u32>,
    /// As it is seen.
    hash: u64,
    is_photographic: bool,
}

impl Board {
    pub(super) fn new(frame: &Frame<'_>) -> Self {
        let size = frame.size();
        let unseen = Tile {
            generation: 0,
            is_lost: true,
            waits: Some(0),
            hash: 0,
            is_photographic: false,
        };
        let mut board = Self {
            seen: Picture::new(size),
            sent: Picture::new(size),
            tiles: vec![unseen; size.tiles()],
        };
        board.seen.take(frame, size.rect());
        (0..size.tiles()).for_each(|tile| board.look_at(tile, 0));
        board
    }

    pub(super) fn size(&self) -> Size {
        self.seen.size()
    }

    /// Takes over what changed; what waited is replaced.
    pub(super) fn take(&mut self, frame: &Frame<'_>, damage: &[Rect], number: u32) -> Changed {
        let size = self.size();
        let mut changed: Vec<usize> = Vec::new();
        for rect in few(damage) {
            for tile in size.tiles_of(rect) {
                let part = size.tile(tile).and_then(|tile| tile.intersection(rect));
                if part.is_some_and(|part| self.seen.take(frame, part)) {
                    changed.push(tile);
                }
            }
        }
        changed.sort_unstable();
        changed.dedup();
        let mut sum = Changed::default();
        for tile in changed {
            self.look_at(tile, number);
            sum.add(self.rect(tile).area(), self.tiles[tile].is_photographic);
        }
        sum
    }

    fn look_at(&mut self, tile: usize, number: u32) {
        let rect = self.rect(tile);
        self.tiles[tile].hash = hash_of_rows(self.seen.rows(rect));
        let upper = Rect::new(rect.x, rect.y, rect.width, rect.height.min(LOOKED_AT));
        self.tiles[tile].is_photographic = self.seen.block(upper).is_photographic();
        self.compare(tile, number);
    }

    /// It waits if the viewer lacks it.
    fn compare(&mut self, tile: usize, number: u32) {
        let rect = self.rect(tile);
        let differs = self.tiles[tile].is_lost || !self.seen.rows(rect).eq(self.sent.rows(rect));
        let waits = self.tiles[tile].waits.unwrap_or(number);
        self.tiles[tile].waits = differs.then_some(waits);
    }

    pub(super) fn rect(&self, tile: usize) -> Rect {
        self.size()
            .tile(tile)
            .expect("each tile of the board lies in its picture")
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.tiles.iter().any(|tile| tile.waits.is_some())
    }

    /// The tiles that wait: those near `focus` first, but each earlier the longer it has waited.
    pub(super) fn wanted(&self, focus: (u16, u16), photographic: bool) -> Vec<usize> {
        let waiting = self.tiles.iter().enumerate().filter_map(|(at, tile)| {
            let waits = tile
                .waits
                .filter(|_| photographic || !tile.is_photographic)?;
            let distance = self.size().distance(at, focus) as u64;
            Some((distance + u64::from(waits), at))
        });
        let mut waiting: Vec<_> = waiting.collect();
        waiting.sort_unstable();
        waiting.into_iter().map(|(_, tile)| tile).collect()
    }

    pub(super) fn seen(&self, rect: Rect) -> Block {
        self.seen.block(rect)
    }

    pub(super) fn is_lost(&self, tile: usize) -> bool {
        self.tiles[tile].is_lost
    }

    pub(super) fn generation(&self, tile: usize) -> u32 {
        self.tiles[tile].generation
    }

    /// The part of a tile, counted from its corner, outside of which the viewer has what is seen.
    pub(super) fn difference(&self, tile: usize) -> Option<Rect> {
        let rect = self.rect(tile);
        let rows = self.seen.rows(rect).zip(self.sent.rows(rect)).enumerate();
        let parts = rows.filter_map(|(y, (seen, sent))| {
            let mut differing = seen.iter().zip(sent);
            let first = differing.position(|(seen, sent)| seen != sent)?;
            let last = first
                + 1
                + differing
                    .rposition(|(seen, sent)| seen != sent)
                    .map_or(0, |at| at + 1);
            Some(Rect::new(first as u16, y as u16, (last - first) as u16, 1))
        });
        parts.reduce(Rect::hull)
    }

    /// The part of the picture outside of which the viewer has what is seen. `None` if it may have anything somewhere.
    pub(super) fn differences(&self) -> Option<Rect> {
        let waiting = self
            .tiles
            .iter()
            .enumerate()
            .filter(|(_, tile)| tile.waits.is_some());
        let parts = waiting.map(|(at, tile)| {
            let part = self.difference(at).filter(|_| !tile.is_lost)?;
            let rect = self.rect(at);
            Some(Rect::new(
                rect.x + part.x,
                rect.y + part.y,
                part.width,
                part.height,
            ))
        });
        let parts: Option<Vec<Rect>> = parts.collect();
        parts?.into_iter().reduce(Rect::hull)
    }

    /// What is seen, and what the viewer has.
    pub(super) fn pictures(&self) -> (&Picture, &Picture) {
        (&self.seen, &self.sent)
    }

    /// The viewer has what was sent in all tiles that it touches.
    pub(super) fn is_firm(&self, shift: Shift) -> bool {
        let touched = [shift.from, shift.to()].into_iter();
        let mut tiles = touched.flat_map(|rect| self.size().tiles_of(rect));
        tiles.all(|tile| !self.tiles[tile].is_lost)
    }

    pub(super) fn generations(&self) -> Vec<u32> {
        self.tiles.iter().map(|tile| tile.generation).collect()
    }

    /// By the batch with this number.
    pub(super) fn shift(&mut self, shift: Shift, number: u32) {
        self.sent.shift(shift);
        for tile in self.size().tiles_of(shift.to()) {
            self.tiles[tile].generation = number;
            self.compare(tile, number);
        }
    }

    /// By the batch with this number.
    pub(super) fn send(&mut self, tile: usize, number: u32) {
        let rect = self.rect(tile);
        for (sent, seen) in self.sent.rows_mut(rect).zip(self.seen.rows(rect)) {
            sent.copy_from_slice(seen);
        }
        let tile = &mut self.tiles[tile];
        tile.generation = number;
        tile.is_lost = false;
        tile.waits = None;
    }

    /// What the batch with this number did to it did not happen, unless a later one did something to it.
    pub(super) fn lose(&mut self, tile: usize, number: u32) {
        let Some(lost) = self.tiles.get_mut(tile) else {
            return;
        };
        if lost.generation == number {
            lost.is_lost = true;
            lost.waits.get_or_insert(number);
        }
    }

    /// The viewer may have anything anywhere.
    pub(super) fn lose_all(&mut self) {
        for tile in &mut self.tiles {
            tile.generation = 0;
            tile.is_lost = true;
            tile.waits = Some(0);
        }
    }

    pub(super) fn hash(&self) -> FrameHash {
        hash_of_tiles(self.tiles.iter().map(|tile| tile.hash))
    }
}

/// Many rectangles are one.
fn few(damage: &[Rect]) -> impl Iterator<Item = Rect> {
    let hull = damage.iter().copied().reduce(Rect::hull);
    let hull = hull.filter(|_| damage.len() > MOST_DAMAGE);
    let each = if hull.is_none() { damage } else { &[] };
    hull.into_iter().chain(each.iter().copied())
}

/// Of the rows of a tile: so many show what it is.
const LOOKED_AT: u16 = 16;
/// Of one update. More of them overlap, and looking at each costs more than at what lies between.
const MOST_DAMAGE: usize = 256;

#[cfg(test)]
mod tests;

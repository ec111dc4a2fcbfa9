//! One monitor, as the viewer has it.

use std::collections::BTreeSet;

use super::bits::BitReader;
use super::block::Block;
use super::cache::{Cache, Place};
use super::command::{Change, Command, Commands};
use super::content::{Content, Kind};
use super::hash::{FrameHash, hash_of_rows, hash_of_tiles};
use super::head::{Head, Shifts};
use super::picture::Picture;
use super::rect::Rect;
use super::shift::footing;
use super::size::Size;
use super::wire::Malformed;

pub(super) struct Screen {
    epoch: u32,
    picture: Picture,
    tiles: Vec<Tile>,
    cache: Cache,
    newest: Newest,
    /// In place of the picture.
    shows_video: bool,
}

/// The batch with the highest number of those that came.
#[derive(Clone, Copy, Default)]
struct Newest {
    number: u32,
    /// What it says that the picture is complete with.
    whole: Option<FrameHash>,
}

#[derive(Clone, Copy, Default)]
struct Tile {
    /// The batch that changed it last.
    generation: u32,
    hash: u64,
}

/// What a batch says about one tile.
struct Told {
    command: Command,
    /// Of the whole tile.
    rect: Rect,
    /// The pixels that follow the command.
    block: Option<Block>,
}

/// What a batch did.
#[derive(Default)]
struct Done {
    dirty: Vec<Rect>,
    told: BTreeSet<usize>,
    changed: BTreeSet<usize>,
    refused: BTreeSet<usize>,
}

impl Screen {
    pub(super) fn new(size: Size, epoch: u32) -> Self {
        Self {
            epoch,
            picture: Picture::new(size),
            tiles: vec![Tile::default(); size.tiles()],
            cache: Cache::default(),
            newest: Newest::default(),
            shows_video: false,
        }
    }

    pub(super) fn epoch(&self) -> u32 {
        self.epoch
    }

    pub(super) fn picture(&self) -> &Picture {
        &self.picture
    }

    pub(super) fn is_pixel_exact(&self) -> bool {
        !self.shows_video && self.newest.whole == Some(self.hash())
    }

    /// What was said of the picture is from before it: only a batch after it says so again.
    pub(super) fn show_video(&mut self, shows: bool) {
        self.shows_video = shows;
        self.newest.whole = None;
    }

    pub(super) fn hash(&self) -> FrameHash {
        hash_of_tiles(self.tiles.iter().map(|tile| tile.hash))
    }

    /// Everything comes again; what is there stays until it does.
    pub(super) fn enter(&mut self, epoch: u32) {
        if epoch != self.epoch {
            self.epoch = epoch;
            self.tiles.iter_mut().for_each(|tile| tile.generation = 0);
            self.cache = Cache::default();
            self.newest = Newest::default();
        }
    }

    /// What it changed, and which tiles lack what they build on.
    pub(super) fn apply(
        &mut self,
        head: &Head,
        body: &[u8],
    ) -> Result<(Vec<Rect>, Vec<u16>), Malformed> {
        // None is sent beside one.
        self.shows_video = false;
        if self.newest.number < head.number {
            let (number, whole) = (head.number, head.whole);
            self.newest = Newest { number, whole };
        }
        let mut done = Done::default();
        self.shift(head.number, &head.shifts, &mut done);
        let applied = self.apply_tiles(head, body, &mut done);
        // Also of what was done before the message turned out to be none.
        self.hash_anew(&done.changed)?;
        applied?;
        let refused = done.refused.iter().map(|tile| *tile as u16);
        Ok((done.dirty, refused.collect()))
    }

    fn hash_anew(&mut self, changed: &BTreeSet<usize>) -> Result<(), Malformed> {
        for tile in changed {
            let rect = self.picture.size().tile(*tile).ok_or(Malformed)?;
            let hash = hash_of_rows(self.picture.rows(rect));
            self.tile(*tile)?.hash = hash;
        }
        Ok(())
    }

    fn shift(&mut self, number: u32, shifts: &Shifts, done: &mut Done) {
        let size = self.picture.size();
        let generation = |tile: usize| self.tiles.get(tile).map_or(0, |tile| tile.generation);
        let is_firm = footing(&shifts.shifts, size, generation) == shifts.footing;
        for shift in &shifts.shifts {
            let tiles: Vec<usize> = size.tiles_of(shift.to()).collect();
            if !is_firm {
                done.refused.extend(tiles);
                continue;
            }
            self.picture.shift(*shift);
            done.dirty.push(shift.to());
            for at in tiles {
                if let Some(tile) = self.tiles.get_mut(at) {
                    tile.generation = number;
                }
                done.changed.insert(at);
            }
        }
    }

    fn apply_tiles(&mut self, head: &Head, body: &[u8], done: &mut Done) -> Result<(), Malformed> {
        if head.tiles == 0 {
            return body.is_empty().then_some(()).ok_or(Malformed);
        }
        let mut bits = BitReader::new(body);
        let mut commands = Commands::new(head.number);
        let mut content = Content::new(head.memory_bits.into());
        for _ in 0..head.tiles {
            let command = commands.code(&mut bits, Command::NONE);
            let rect = self.picture.size().tile(command.tile).ok_or(Malformed)?;
            let mut block = block_for(command, rect)?;
            if let Some(block) = &mut block {
                content.code(&mut bits, block, Kind::Raw);
            }
            if bits.is_beyond() || !done.told.insert(command.tile) {
                return Err(Malformed);
            }
            let told = Told {
                command,
                rect,
                block,
            };
            self.apply_tile(head.number, &told, done)?;
        }
        bits.is_done().then_some(()).ok_or(Malformed)
    }

    fn apply_tile(&mut self, number: u32, told: &Told, done: &mut Done) -> Result<(), Malformed> {
        let at = told.command.tile;
        let generation = self.tile(at)?.generation;
        if let (Change::Full, Some(block)) = (told.command.change, &told.block) {
            self.keep(number, told.command.keep, block);
        }
        if number < generation {
            return Ok(());
        }
        let Some((placed, block)) = self.pixels(told, generation) else {
            done.refused.insert(at);
            return Ok(());
        };
        self.picture.put(placed.x, placed.y, &block);
        self.tile(at)?.generation = number;
        if let (Change::Part { .. }, Some(_)) = (told.command.change, told.command.keep) {
            self.keep(number, told.command.keep, &self.picture.block(told.rect));
        }
        done.refused.remove(&at);
        done.changed.insert(at);
        done.dirty.push(placed);
        Ok(())
    }

    /// Where they go, and which. `None`: they build on what is not there.
    fn pixels(&self, told: &Told, generation: u32) -> Option<(Rect, Block)> {
        let rect = told.rect;
        match told.command.change {
            Change::Full => Some((rect, told.block.clone()?)),
            Change::Part {
                part,
                generation: on,
            } => {
                let placed = Rect::new(rect.x + part.x, rect.y + part.y, part.width, part.height);
                let block = told.block.as_ref().filter(|_| on == generation)?;
                Some((placed, block.clone()))
            }
            Change::Known(place) => {
                let known = self.cache.get(place);
                let block = known.filter(|block| block.fills(rect))?;
                Some((rect, block.clone()))
            }
        }
    }

    fn keep(&mut self, generation: u32, slot: Option<u16>, block: &Block) {
        if let Some(slot) = slot {
            self.cache.put(Place { slot, generation }, block.clone());
        }
    }

    fn tile(&mut self, tile: usize) -> Result<&mut Tile, Malformed> {
        self.tiles.get_mut(tile).ok_or(Malformed)
    }
}

/// Where the pixels that follow the command are read into.
fn block_for(command: Command, rect: Rect) -> Result<Option<Block>, Malformed> {
    match command.change {
        Change::Full => Ok(Some(Block::new(rect.width, rect.height))),
        Change::Part { part, .. } => {
            let fits = part.right() <= rect.width.into() && part.bottom() <= rect.height.into();
            let block = fits.then(|| Block::new(part.width, part.height));
            block.map(Some).ok_or(Malformed)
        }
        Change::Known(_) => Ok(None),
    }
}

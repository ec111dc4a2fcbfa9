//! Tiles that were shown before, and may be shown again.
//!
//! Agent and viewer keep one of the same size each. The agent names the place of each tile that is remembered, so they
//! agree by construction; and a tile is named by its place and by the batch that put it there, so that one which a lost
//! batch should have put there is never taken for another.

use std::collections::BTreeMap;

use super::block::Block;
use super::hash::hash_of_rows;

/// By their slots.
#[derive(Default)]
pub(super) struct Cache(BTreeMap<u16, (u32, Block)>);

/// Where a tile is remembered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) slot: u16,
    /// Of the batch that put it there.
    pub(super) generation: u32,
}

impl Cache {
    pub(super) fn get(&self, place: Place) -> Option<&Block> {
        let (generation, block) = self.0.get(&place.slot)?;
        (*generation == place.generation).then_some(block)
    }

    /// Unless a later batch has put another one there. Within a batch the last one stays.
    pub(super) fn put(&mut self, place: Place, block: Block) {
        let kept = self.0.get(&place.slot);
        let is_latest = kept.is_none_or(|(generation, _)| *generation <= place.generation);
        if place.slot < SLOTS && is_latest {
            self.0.insert(place.slot, (place.generation, block));
        }
    }
}

/// The agent's: finds tiles, and chooses the slots, one after another.
#[derive(Default)]
pub(super) struct CacheIndex {
    cache: Cache,
    slots: BTreeMap<u64, Place>,
    next: u16,
}

impl CacheIndex {
    pub(super) fn find(&self, block: &Block) -> Option<Place> {
        let place = *self.slots.get(&name(block))?;
        (self.cache.get(place)? == block).then_some(place)
    }

    /// For the next tile that the batch with this number remembers. A batch fills each slot once, so that the two stay
    /// the same in whatever order, and however often, batches arrive.
    pub(super) fn next_slot(&self, number: u32) -> Option<u16> {
        let kept = self.cache.0.get(&self.next);
        let is_filled = kept.is_some_and(|(generation, _)| *generation == number);
        (!is_filled).then_some(self.next)
    }

    /// In the next slot, by the batch with this number.
    pub(super) fn put(&mut self, generation: u32, block: Block) {
        let place = Place {
            slot: self.next,
            generation,
        };
        self.forget(place.slot);
        self.slots.insert(name(&block), place);
        self.cache.put(place, block);
        self.next = (self.next + 1) % SLOTS;
    }

    fn forget(&mut self, slot: u16) {
        if let Some((_, block)) = self.cache.0.remove(&slot) {
            let name = name(&block);
            if self
                .slots
                .get(&name)
                .is_some_and(|place| place.slot == slot)
            {
                self.slots.remove(&name);
            }
        }
    }
}

fn name(block: &Block) -> u64 {
    hash_of_rows(block.pixels.chunks(block.columns()))
}

/// Of the number of slots: as many tiles as a screen of 1920x1080 has, or 8 MiB.
pub(super) const SLOT_BITS: u32 = 9;
const SLOTS: u16 = 1 << SLOT_BITS;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_is_found_until_its_slot_is_taken() {
        let mut index = CacheIndex::default();
        let first = block(1);
        index.put(1, first.clone());

        let place = index.find(&first).unwrap();
        assert_eq!((place.slot, place.generation), (0, 1));
        assert_eq!(index.find(&block(2)), None);

        (0..SLOTS - 1).for_each(|at| index.put(2, block(1_000 + u32::from(at))));
        assert!(index.find(&first).is_some());
        index.put(3, block(5));
        assert_eq!(index.find(&first), None);
        assert_eq!(index.slots.len(), usize::from(SLOTS));
    }

    #[test]
    fn the_same_tile_twice_leaves_one_name() {
        let mut index = CacheIndex::default();
        index.put(1, block(1));
        index.put(2, block(1));
        assert_eq!(index.find(&block(1)).unwrap().generation, 2);

        (0..SLOTS - 1).for_each(|at| index.put(3, block(1_000 + u32::from(at))));
        assert_eq!(index.find(&block(1)).unwrap().generation, 2);
    }

    #[test]
    fn a_batch_fills_each_slot_once() {
        let mut index = CacheIndex::default();
        (0..SLOTS).for_each(|at| {
            assert_eq!(index.next_slot(1), Some(at));
            index.put(1, block(at.into()));
        });

        assert_eq!(index.next_slot(1), None);
        assert_eq!(index.next_slot(2), Some(0));
    }

    #[test]
    fn of_one_batch_the_last_stays() {
        let mut cache = Cache::default();
        let place = Place {
            slot: 0,
            generation: 1,
        };

        cache.put(place, block(1));
        cache.put(place, block(2));

        assert!(cache.get(place).is_some_and(|kept| *kept == block(2)));
    }

    #[test]
    fn what_comes_late_does_not_replace_what_came_after() {
        let mut cache = Cache::default();
        let place = |generation| Place {
            slot: 4,
            generation,
        };

        cache.put(place(7), block(7));
        cache.put(place(6), block(6));

        assert!(cache.get(place(7)).is_some_and(|kept| *kept == block(7)));
        assert!(cache.get(place(6)).is_none());
    }

    fn block(colour: u32) -> Block {
        let mut block = Block::new(3, 2);
        block.pixels.fill(colour);
        block
    }
}

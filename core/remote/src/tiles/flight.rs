//! Batches that are on their way, or were received and not yet acknowledged.

use std::collections::VecDeque;

/// In the order of their numbers.
#[derive(Default)]
pub(super) struct Flight {
    batches: VecDeque<Batch>,
    bytes: usize,
}

pub(super) struct Batch {
    pub(super) number: u32,
    pub(super) bytes: usize,
    /// That it changes. None: it only says that the picture is complete.
    pub(super) tiles: Vec<usize>,
}

impl Flight {
    /// In bytes: how large a further batch may be.
    pub(super) fn room(&self) -> usize {
        let room = WINDOW.saturating_sub(self.bytes);
        if self.batches.len() < MOST_BATCHES {
            room
        } else {
            0
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// Its number is higher than all before.
    pub(super) fn begin(&mut self, batch: Batch) {
        self.bytes += batch.bytes;
        self.batches.push_back(batch);
    }

    pub(super) fn has(&self, number: u32) -> bool {
        self.batches.iter().any(|batch| batch.number == number)
    }

    /// `None`: it is not on its way.
    pub(super) fn land(&mut self, number: u32) -> Option<Batch> {
        let at = self
            .batches
            .iter()
            .position(|batch| batch.number == number)?;
        let batch = self.batches.remove(at)?;
        self.bytes -= batch.bytes;
        Some(batch)
    }

    /// The next one that is lost, since so much later ones have landed.
    pub(super) fn lose_before(&mut self, landed: u32) -> Option<Batch> {
        let lost = self
            .batches
            .pop_front_if(|batch| batch.number.saturating_add(OVERTAKEN) < landed)?;
        self.bytes -= lost.bytes;
        Some(lost)
    }

    pub(super) fn lose_all(&mut self) -> impl Iterator<Item = Batch> {
        self.bytes = 0;
        std::mem::take(&mut self.batches).into_iter()
    }
}

/// In bytes: what half a second at 4 Mbit/s carries. Less would not fill a long way, more would make what changes later
/// wait longer.
pub(super) const WINDOW: usize = 256 << 10;
/// Of any size: what the typing of some seconds makes.
const MOST_BATCHES: usize = 128;
/// By so many a batch may be overtaken on its way.
const OVERTAKEN: u32 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lands_makes_room() {
        let mut flight = Flight::default();
        flight.begin(batch(1, WINDOW - 5));
        flight.begin(batch(2, 5));
        assert_eq!(flight.room(), 0);

        assert!(flight.has(2) && flight.land(2).is_some() && !flight.has(2));
        assert_eq!(flight.room(), 5);
        assert!(flight.land(2).is_none());
    }

    #[test]
    fn many_small_ones_fill_it_too() {
        let mut flight = Flight::default();
        (1..=MOST_BATCHES as u32).for_each(|number| flight.begin(batch(number, 1)));
        assert_eq!(flight.room(), 0);

        flight.land(7);
        assert!(flight.room() > 0);
    }

    #[test]
    fn what_was_overtaken_by_many_is_lost() {
        let mut flight = Flight::default();
        (1..=40).for_each(|number| flight.begin(batch(number, 1)));

        flight.land(18);
        let lost = std::iter::from_fn(|| flight.lose_before(18));
        assert_eq!(lost.map(|batch| batch.number).collect::<Vec<_>>(), [1]);
        assert_eq!(flight.lose_all().count(), 38);
        assert!(flight.is_empty() && flight.room() == WINDOW);
    }

    fn batch(number: u32, bytes: usize) -> Batch {
        Batch {
            number,
            bytes,
            tiles: Vec::new(),
        }
    }
}

//! The picture ids of one outgoing SSRC, gapless over pictures dropped on purpose.
//!
//! A receiver takes a gap between picture ids for a lost picture and waits for it.

/// What was decided about a picture, of which further packets may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Picture {
    /// It is newer than all that were seen.
    New,
    /// It was missing so far; this id is reserved for it.
    Missing(u16),
    Kept(u16),
    Dropped,
    /// It precedes what is remembered.
    TooOld,
}

/// Maps the picture ids of the stream that is sent. Outgoing ids count modulo 2¹⁶, of which the
/// wire takes the low 15 or 7 bits.
#[derive(Clone, Debug)]
pub(super) struct Pictures {
    next: u16,
    first: u64,
    /// One beyond the newest.
    end: u64,
    slots: [Slot; WINDOW as usize],
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    outgoing: u16,
    fate: Fate,
}

#[derive(Clone, Copy, Debug)]
enum Fate {
    Open,
    Kept,
    Dropped,
}

impl Pictures {
    pub(super) fn new() -> Self {
        let slot = Slot {
            outgoing: 0,
            fate: Fate::Dropped,
        };
        Self {
            next: 1,
            first: 0,
            end: 0,
            slots: [slot; WINDOW as usize],
        }
    }

    /// From here on pictures of another stream are mapped, beginning with `first`.
    pub(super) fn start(&mut self, first: u64) {
        self.first = first;
        self.end = first;
    }

    pub(super) fn look_up(&self, picture: u64) -> Picture {
        if picture >= self.end {
            return Picture::New;
        }
        if picture < self.first || self.end - picture > WINDOW {
            return Picture::TooOld;
        }
        match self.slots.get(index(picture)) {
            None => Picture::TooOld,
            Some(slot) => match slot.fate {
                Fate::Open => Picture::Missing(slot.outgoing),
                Fate::Kept => Picture::Kept(slot.outgoing),
                Fate::Dropped => Picture::Dropped,
            },
        }
    }

    /// Decides that a new or missing picture is sent, and under which id.
    pub(super) fn keep(&mut self, picture: u64) -> u16 {
        if picture < self.end {
            return self.settle(picture, Fate::Kept);
        }
        self.reserve_until(picture);
        let outgoing = self.take();
        self.put(picture, outgoing, Fate::Kept);
        self.end = picture + 1;
        outgoing
    }

    /// Decides that a new or missing picture is not sent.
    pub(super) fn drop(&mut self, picture: u64) {
        if picture < self.end {
            self.settle(picture, Fate::Dropped);
            return;
        }
        self.reserve_until(picture);
        self.put(picture, self.next, Fate::Dropped);
        self.end = picture + 1;
    }

    /// Reserves ids for the missing pictures before this one, as far as they are remembered.
    fn reserve_until(&mut self, picture: u64) {
        let remembered = picture.saturating_sub(WINDOW - 1).max(self.end);
        for missing in remembered..picture {
            let outgoing = self.take();
            self.put(missing, outgoing, Fate::Open);
        }
    }

    fn settle(&mut self, picture: u64, fate: Fate) -> u16 {
        match self.slots.get_mut(index(picture)) {
            None => 0,
            Some(slot) => {
                slot.fate = fate;
                slot.outgoing
            }
        }
    }

    fn put(&mut self, picture: u64, outgoing: u16, fate: Fate) {
        if let Some(slot) = self.slots.get_mut(index(picture)) {
            *slot = Slot { outgoing, fate };
        }
    }

    fn take(&mut self) -> u16 {
        let outgoing = self.next;
        self.next = self.next.wrapping_add(1);
        outgoing
    }
}

fn index(picture: u64) -> usize {
    (picture % WINDOW) as usize
}

/// Pictures that can have late packets: two seconds of them at 60 frames per second.
pub(super) const WINDOW: u64 = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_picture_leaves_no_gap() {
        let mut pictures = started(1_000);

        assert_eq!(pictures.keep(1_000), 1);
        pictures.drop(1_001);
        assert_eq!(pictures.keep(1_002), 2);
        assert_eq!(pictures.look_up(1_001), Picture::Dropped);
        assert_eq!(pictures.look_up(1_000), Picture::Kept(1));
    }

    #[test]
    fn a_missing_picture_keeps_its_place() {
        let mut pictures = started(1_000);
        pictures.keep(1_000);
        pictures.keep(1_003);

        assert_eq!(pictures.look_up(1_001), Picture::Missing(2));
        assert_eq!(pictures.keep(1_001), 2);
        assert_eq!(pictures.look_up(1_001), Picture::Kept(2));
        assert_eq!(pictures.look_up(1_003), Picture::Kept(4));
    }

    #[test]
    fn old_pictures_are_forgotten() {
        let mut pictures = started(1_000);
        pictures.keep(1_000);
        pictures.keep(1_000 + WINDOW);

        assert_eq!(pictures.look_up(1_000), Picture::TooOld);
        assert_eq!(pictures.look_up(999), Picture::TooOld);
        assert_eq!(pictures.look_up(1_001), Picture::Missing(2));
    }

    #[test]
    fn a_jump_costs_no_more_than_the_window() {
        let mut pictures = started(1_000);
        pictures.keep(1_000);

        assert_eq!(pictures.keep(1 << 40), 129);
    }

    #[test]
    fn a_switch_continues_the_ids() {
        let mut pictures = started(1_000);
        pictures.keep(1_000);

        pictures.start(7);

        assert_eq!(pictures.look_up(7), Picture::New);
        assert_eq!(pictures.keep(7), 2);
        assert_eq!(pictures.look_up(6), Picture::TooOld);
    }

    fn started(first: u64) -> Pictures {
        let mut pictures = Pictures::new();
        pictures.start(first);
        pictures
    }
}

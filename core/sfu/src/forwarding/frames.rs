//! What was decided about the latest frames of one stream, by their numbers.

/// One bit each for the last [`WINDOW`] frame numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Frames {
    first: u64,
    /// One beyond the newest.
    end: u64,
    decided: [u64; WORDS],
    kept: [u64; WORDS],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Newer than all that were seen.
    New,
    /// Not seen so far; it may come late.
    Missing,
    Kept,
    /// Dropped, or too old to be known.
    Dropped,
}

impl Frames {
    /// Frames before this one count as dropped.
    pub(super) fn starting_at(first: u64) -> Self {
        Self {
            first,
            end: first,
            ..Self::default()
        }
    }

    pub(super) fn fate(&self, frame: u64) -> Fate {
        if frame >= self.end {
            return Fate::New;
        }
        if frame < self.first || self.end - frame > WINDOW {
            return Fate::Dropped;
        }
        match (get(&self.decided, frame), get(&self.kept, frame)) {
            (false, _) => Fate::Missing,
            (true, true) => Fate::Kept,
            (true, false) => Fate::Dropped,
        }
    }

    pub(super) fn decide(&mut self, frame: u64, keep: bool) {
        if frame >= self.end {
            let remembered = frame.saturating_sub(WINDOW - 1).max(self.end);
            for missing in remembered..frame {
                set(&mut self.decided, missing, false);
            }
            self.end = frame + 1;
        }
        set(&mut self.decided, frame, true);
        set(&mut self.kept, frame, keep);
    }
}

fn get(words: &[u64; WORDS], frame: u64) -> bool {
    let word = words.get(word_of(frame)).copied().unwrap_or(0);
    word >> (frame % 64) & 1 == 1
}

fn set(words: &mut [u64; WORDS], frame: u64, bit: bool) {
    if let Some(word) = words.get_mut(word_of(frame)) {
        *word &= !(1 << (frame % 64));
        *word |= u64::from(bit) << (frame % 64);
    }
}

fn word_of(frame: u64) -> usize {
    (frame % WINDOW / 64) as usize
}

/// A chain's previous frame is at most 255 frames back.
const WINDOW: u64 = 256;
const WORDS: usize = (WINDOW / 64) as usize;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fates_are_remembered_for_a_window() {
        let mut frames = Frames::starting_at(1_000);
        frames.decide(1_000, true);
        frames.decide(1_002, false);

        let fates = [999, 1_000, 1_001, 1_002, 1_003].map(|frame| frames.fate(frame));

        let expected = [
            Fate::Dropped,
            Fate::Kept,
            Fate::Missing,
            Fate::Dropped,
            Fate::New,
        ];
        assert_eq!(fates, expected);
        frames.decide(1_000 + WINDOW, true);
        assert_eq!(frames.fate(1_000), Fate::Dropped);
        assert_eq!(frames.fate(1_001), Fate::Missing);
        assert_eq!(frames.fate(1_002), Fate::Dropped);
    }
}

//! Extends numbers that roll over.

/// The newest number seen, with its roll-overs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Unwrapper {
    newest: Option<u64>,
}

impl Unwrapper {
    /// The extended number that is nearest to the newest one and ends in `number`.
    pub(super) fn unwrap(&mut self, number: u64, bits: u32) -> u64 {
        let range = 1 << bits;
        let Some(newest) = self.newest else {
            // One round up, so that numbers from before the first have room below it.
            let first = range + number;
            self.newest = Some(first);
            return first;
        };
        let ahead = number.wrapping_sub(newest) % range;
        let extended = if ahead < range / 2 {
            newest + ahead
        } else {
            (newest + ahead).saturating_sub(range)
        };
        self.newest = Some(newest.max(extended));
        extended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_rolls_over_goes_on() {
        let mut unwrapper = Unwrapper::default();

        let numbers = [126, 127, 0, 1].map(|number| unwrapper.unwrap(number, 7));

        assert_eq!(numbers, [254, 255, 256, 257]);
    }

    #[test]
    fn a_late_number_lies_before_the_roll_over() {
        let mut unwrapper = Unwrapper::default();

        let numbers = [0, 0x7fff, 1].map(|number| unwrapper.unwrap(number, 15));

        assert_eq!(numbers, [0x8000, 0x7fff, 0x8001]);
    }
}

//! Remembers which of a stream's counters were opened, so that none opens twice
//! (RFC 9605, section 9.3).

/// How far a frame may come behind the newest one. Three layers at 30 frames a second fill it in
/// eleven seconds; a larger window costs a bit for each frame, a smaller one loses late frames.
pub(super) const WINDOW: u64 = 1024;

/// The last [`WINDOW`] counters, one bit each, at their remainder.
#[derive(Default)]
pub(super) struct Window {
    /// One above the highest counter so far.
    end: u64,
    seen: [u64; WORDS],
}

impl Window {
    /// True for a counter that has not been recorded and is not too old to tell.
    pub(super) fn accepts(&self, counter: u64) -> bool {
        if counter >= self.end {
            return counter < u64::MAX;
        }
        self.end - counter <= WINDOW && self.seen.get(word(counter)).is_some_and(unset(counter))
    }

    /// Call only once the frame is known to be genuine: a forged counter would shut out the rest.
    pub(super) fn record(&mut self, counter: u64) {
        if counter >= self.end {
            let passed = self.end..counter.saturating_add(1);
            let forgotten = passed.start.max(passed.end.saturating_sub(WINDOW));
            (forgotten..passed.end).for_each(|counter| self.clear(counter));
            self.end = passed.end;
        }
        if let Some(bits) = self.seen.get_mut(word(counter)) {
            *bits |= mask(counter);
        }
    }

    fn clear(&mut self, counter: u64) {
        if let Some(bits) = self.seen.get_mut(word(counter)) {
            *bits &= !mask(counter);
        }
    }
}

fn unset(counter: u64) -> impl Fn(&u64) -> bool {
    move |bits| bits & mask(counter) == 0
}

fn word(counter: u64) -> usize {
    (counter / 64 % WORDS as u64) as usize
}

fn mask(counter: u64) -> u64 {
    1 << (counter % 64)
}

const WORDS: usize = (WINDOW / 64) as usize;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_counter_is_accepted_once() {
        let mut window = Window::default();
        for counter in [5, 3, 4, 0, 1_000] {
            assert!(window.accepts(counter));
            window.record(counter);
            assert!(!window.accepts(counter));
        }
        assert!(window.accepts(2));
    }

    #[test]
    fn a_counter_before_the_window_is_too_old() {
        let mut window = Window::default();
        window.record(WINDOW);

        assert!(!window.accepts(0));
        assert!(window.accepts(1));
    }

    #[test]
    fn a_leap_leaves_no_marks_behind() {
        let mut window = Window::default();
        (0..WINDOW).for_each(|counter| window.record(counter));
        let leap = 10 * WINDOW + 17;
        window.record(leap);

        let accepted = (leap + 1 - WINDOW..leap).filter(|counter| window.accepts(*counter));
        assert_eq!(accepted.count() as u64, WINDOW - 1);
    }

    #[test]
    fn the_highest_counter_of_all_is_refused() {
        let mut window = Window::default();
        window.record(u64::MAX - 1);

        assert!(!window.accepts(u64::MAX));
        assert!(!window.accepts(u64::MAX - 1));
        assert!(window.accepts(u64::MAX - 2));
    }

    proptest! {
        #[test]
        fn the_window_agrees_with_a_list(steps in prop::collection::vec(-1_500_i64..1_500, 1..400)) {
            let mut window = Window::default();
            let mut opened = BTreeSet::new();
            let mut at = 0_u64;
            for step in steps {
                at = at.saturating_add_signed(step);
                let oldest = opened.last().map_or(0, |last: &u64| (last + 1).saturating_sub(WINDOW));
                prop_assert_eq!(window.accepts(at), at >= oldest && !opened.contains(&at));
                if window.accepts(at) {
                    window.record(at);
                    opened.insert(at);
                }
            }
        }
    }
}

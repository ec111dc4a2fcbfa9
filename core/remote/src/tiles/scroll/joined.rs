//! Which strips beside each other go in one copy.
//!
//! Where something lies over a part of what was scrolled, as the bar of a session does, the strips below it went along
//! for fewer lines than the others. One copy of what all have in common would leave the others' lines behind, and write
//! over what they could be copied from.

use std::ops::Range;

/// Of one strip.
pub(super) struct Run {
    /// The lines that went along.
    pub(super) lines: Range<usize>,
    /// For each line, and for the end: the pixels of those before it that would have to be drawn.
    drawn: Vec<usize>,
}

impl Run {
    /// `drawn` says of each line of the strip how many of its pixels would have to be drawn if it were not copied.
    pub(super) fn new(lines: Range<usize>, drawn: impl Iterator<Item = usize>) -> Self {
        let sums = drawn.scan(0, |sum, pixels| {
            *sum += pixels;
            Some(*sum)
        });
        Self {
            lines,
            drawn: std::iter::once(0).chain(sums).collect(),
        }
    }

    /// All of these went along, and others may have.
    pub(super) fn covers(&self, lines: &Range<usize>) -> bool {
        self.lines.start <= lines.start && lines.end <= self.lines.end
    }

    fn drawn(&self, lines: &Range<usize>) -> usize {
        let [from, to] = [lines.start, lines.end].map(|line| self.drawn.get(line));
        let [from, to] = [from, to].map(|sum| sum.copied().unwrap_or_default());
        to.saturating_sub(from)
    }
}

/// The strips around this one that go with it, and the lines that they have in common. The last copy of a batch takes as
/// many as it can.
pub(super) fn joined(runs: &[Run], around: usize, is_last: bool) -> (Range<usize>, Range<usize>) {
    let (mut strips, mut lines) = (around..around + 1, runs[around].lines.clone());
    let fewest = lines.len() - lines.len() / 4;
    let in_common = |strips: Range<usize>| {
        let runs = runs.get(strips)?;
        let common = runs.iter().map(|run| run.lines.clone()).reduce(shared)?;
        let lost = runs
            .iter()
            .map(|run| run.drawn(&run.lines) - run.drawn(&common));
        let is_cheap = is_last || lost.sum::<usize>() <= MOST_LOST;
        (common.len() >= fewest && is_cheap).then_some(common)
    };
    while let Some(first) = strips.start.checked_sub(1)
        && let Some(common) = in_common(first..strips.end)
    {
        (strips.start, lines) = (first, common);
    }
    while let Some(common) = in_common(strips.start..strips.end + 1) {
        (strips.end, lines) = (strips.end + 1, common);
    }
    (strips, lines)
}

/// Without the lines at both ends that cost next to nothing to draw: what lies beside these may not have gone along.
pub(super) fn worth_copying(runs: &[Run], lines: &Range<usize>) -> Range<usize> {
    let is_drawn = |line: &usize| runs.iter().any(|run| run.drawn(&(*line..line + 1)) > 0);
    let first = lines.clone().find(is_drawn).unwrap_or(lines.start);
    let last = lines.clone().rev().find(is_drawn);
    first..last.map_or(lines.end, |last| last + 1)
}

fn shared(one: Range<usize>, other: Range<usize>) -> Range<usize> {
    one.start.max(other.start)..one.end.min(other.end)
}

/// In pixels: what a letter or two take is about as much as another copy takes.
const MOST_LOST: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_lines_are_left_behind_and_many_are_not() {
        let runs = [0..100, 2..100, 0..99, 20..100].map(run);

        assert_eq!(joined(&runs, 0, false), (0..3, 2..99));
        assert_eq!(joined(&runs, 2, false), (0..3, 2..99));
        assert_eq!(joined(&runs, 3, false), (3..4, 20..100));
    }

    #[test]
    fn the_last_copy_takes_what_it_can() {
        let runs = [0..100, 20..100, 40..100].map(run);

        assert_eq!(joined(&runs, 0, true), (0..2, 20..100));
    }

    #[test]
    fn what_need_not_be_drawn_is_not_lost() {
        let blank = Run::new(0..100, std::iter::repeat_n(0, 100));
        let runs = [blank, run(20..100)];

        assert_eq!(joined(&runs, 0, false), (0..2, 20..100));
        assert_eq!(joined(&runs, 1, false), (0..2, 20..100));
    }

    #[test]
    fn blank_lines_at_the_ends_are_not_worth_a_copy() {
        let drawn =
            |lines: Range<usize>| (0..100).map(move |at| if lines.contains(&at) { 64 } else { 0 });
        let runs = [
            Run::new(0..100, drawn(20..40)),
            Run::new(0..100, drawn(30..60)),
        ];

        assert_eq!(worth_copying(&runs, &(10..90)), 20..60);
        assert_eq!(worth_copying(&runs, &(25..55)), 25..55);
        assert_eq!(worth_copying(&runs, &(70..90)), 70..90);
    }

    #[test]
    fn a_strip_that_did_not_go_along_parts_the_others() {
        let runs = [0..100, 0..0, 60..70, 0..100].map(run);

        assert_eq!(joined(&runs, 0, true), (0..1, 0..100));
        assert_eq!(joined(&runs, 3, true), (3..4, 0..100));
        assert!(runs[0].covers(&(3..100)) && !runs[2].covers(&(60..71)));
    }

    fn run(lines: Range<usize>) -> Run {
        Run::new(lines, std::iter::repeat_n(64, 100))
    }
}

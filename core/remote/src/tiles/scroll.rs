//! Finds what was scrolled.
//!
//! The picture is cut into strips along the axis, as wide as a tile. Lines across a strip that are there once before
//! and at another place afterwards vote for how far they went. What went so far in neighbouring strips at once is one
//! rectangle (`joined`), which then grows to where it really ends. A wrong find costs bytes and nothing else: what
//! differs after the copy is sent.

mod joined;

use std::collections::BTreeMap;
use std::ops::Range;

use super::hash::Hasher;
use super::picture::Picture;
use super::rect::Rect;
use super::shift::Shift;
use super::size::TILE;
use joined::{Run, joined, worth_copying};

/// What within `area` of `after` was elsewhere `before`, within it or near it, if it is worth a copy. So many more may
/// follow.
pub(super) fn find(before: &Picture, after: &Picture, area: Rect, more: usize) -> Option<Shift> {
    // Nothing else is gained.
    if area.area() < SMALLEST_GAIN {
        return None;
    }
    let axes = [Axis::Down, Axis::Across];
    axes.into_iter()
        .find_map(|axis| Search::new(axis, before, after, area).find(more == 0))
}

/// Along which something was scrolled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Axis {
    Down,
    Across,
}

struct Search<'a> {
    axis: Axis,
    before: &'a Picture,
    after: &'a Picture,
    /// Of lines, along the axis.
    lines: Range<usize>,
    strips: Vec<Strip>,
}

struct Strip {
    /// Across the axis.
    span: Range<usize>,
    before: Vec<Line>,
    after: Vec<Line>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Line {
    hash: u64,
    /// Of one colour: it could have come from anywhere.
    is_blank: bool,
}

impl<'a> Search<'a> {
    fn new(axis: Axis, before: &'a Picture, after: &'a Picture, area: Rect) -> Self {
        let down = usize::from(area.y)..area.bottom();
        let across = usize::from(area.x)..area.right();
        let (lines, spans, all) = match axis {
            Axis::Down => (down, across, after.size().height()),
            Axis::Across => (across, down, after.size().width()),
        };
        let near = lines.start.saturating_sub(REACH)..(lines.end + REACH).min(all.into());
        let near_start = near.start;
        let strips = strips(spans).map(|span| {
            let [changed, near] =
                [&lines, &near].map(|lines| axis.rect(lines.clone(), span.clone()));
            let before = lines_of(axis, before, near);
            // Beyond what changed both are alike.
            let start = lines.start - near_start;
            let mut after_too = before.clone();
            after_too.splice(start..start + lines.len(), lines_of(axis, after, changed));
            Strip {
                span,
                before,
                after: after_too,
            }
        });
        let strips = strips.collect();
        Self {
            axis,
            before,
            after,
            lines: near,
            strips,
        }
    }

    fn find(&self, is_last: bool) -> Option<Shift> {
        let distance = self.distance()?;
        let runs = self.strips.iter().map(|strip| strip.run(distance));
        let runs = runs.zip(&self.strips);
        let runs: Vec<Run> = runs
            .map(|(lines, strip)| Run::new(lines, strip.drawn()))
            .collect();
        let gain = |strip: usize, lines: &Range<usize>| self.strips[strip].gain(lines);
        let most = (0..runs.len()).max_by_key(|strip| gain(*strip, &runs[*strip].lines))?;
        let (strips, run) = joined(&runs, most, is_last);
        let run = worth_copying(&runs[strips.clone()], &run);
        let moved = self.grown(&strips, &runs, &run, distance);
        let gained: usize = strips.map(|strip| gain(strip, &run)).sum();
        (gained >= SMALLEST_GAIN).then(|| self.shift(moved, &run, distance))
    }

    /// That most lines went, towards higher places if it is positive.
    fn distance(&self) -> Option<isize> {
        let mut votes = BTreeMap::new();
        for strip in &self.strips {
            strip
                .votes()
                .for_each(|distance| *votes.entry(distance).or_insert(0) += 1);
        }
        let (distance, votes) = votes.into_iter().max_by_key(|(_, votes)| *votes)?;
        (votes >= FEWEST_VOTES).then_some(distance)
    }

    /// To where the picture did not move along, on both sides, at most by a strip. A strip that went along and was not
    /// joined goes by itself.
    fn grown(
        &self,
        strips: &Range<usize>,
        runs: &[Run],
        run: &Range<usize>,
        distance: isize,
    ) -> Range<usize> {
        let limit = match self.axis {
            Axis::Down => self.after.size().width(),
            Axis::Across => self.after.size().height(),
        };
        let beside = [strips.start.checked_sub(1), Some(strips.end)];
        let beside = beside.map(|strip| strip.and_then(|strip| runs.get(strip)));
        let [before, after] = beside.map(|it| match it.is_some_and(|it| it.covers(run)) {
            true => 0,
            false => TILE,
        });
        let span = self.strips[strips.start].span.start..self.strips[strips.end - 1].span.end;
        let moved = |across: &usize| self.has_moved(*across, run, distance);
        let start = (span.start.saturating_sub(before)..span.start)
            .rev()
            .take_while(moved)
            .count();
        let end = (span.end..usize::from(limit).min(span.end + after))
            .take_while(moved)
            .count();
        span.start - start..span.end + end
    }

    fn has_moved(&self, across: usize, run: &Range<usize>, distance: isize) -> bool {
        let from = before(run, distance);
        let [to, from] = [run.clone(), from].map(|run| {
            let lines = self.lines.start + run.start..self.lines.start + run.end;
            self.axis.rect(lines, across..across + 1)
        });
        self.after.rows(to).eq(self.before.rows(from))
    }

    fn shift(&self, span: Range<usize>, run: &Range<usize>, distance: isize) -> Shift {
        let [to, from] = [run.clone(), before(run, distance)].map(|run| {
            let lines = self.lines.start + run.start..self.lines.start + run.end;
            self.axis.rect(lines, span.clone())
        });
        Shift {
            from,
            x: to.x,
            y: to.y,
        }
    }
}

impl Strip {
    /// How far each line went that is there once.
    fn votes(&self) -> impl Iterator<Item = isize> {
        let told_apart = self.before.iter().enumerate();
        let told_apart = told_apart.filter(|(_, line)| !line.is_blank);
        let mut lines: Vec<_> = told_apart.map(|(at, line)| (line.hash, at)).collect();
        lines.sort_unstable();
        let same = lines.chunk_by(|(one, _), (other, _)| one == other);
        let once = same.filter_map(|same| same.first().filter(|_| same.len() == 1));
        let once: Vec<(u64, usize)> = once.copied().collect();
        let changed = self.after.iter().zip(&self.before).enumerate();
        let changed = changed.filter(|(_, (after, before))| after != before);
        changed.filter_map(move |(at, (line, _))| {
            let place = once.binary_search_by_key(&line.hash, |(hash, _)| *hash);
            let (_, place) = once.get(place.ok()?)?;
            Some(at as isize - *place as isize)
        })
    }

    /// Of those that went so far, the one with most lines that were others before: a plain ground beside it, however long,
    /// could have gone as far as well.
    fn run(&self, distance: isize) -> Range<usize> {
        let (mut best, mut most) = (0..0, (0, 0));
        let (mut start, mut changed) = (0, 0);
        for at in 0..=self.after.len() {
            let from = at
                .checked_add_signed(-distance)
                .and_then(|from| self.before.get(from));
            if from.is_some() && from == self.after.get(at) {
                changed += usize::from(self.before.get(at) != from);
                continue;
            }
            if (changed, at - start) > most {
                (best, most) = (start..at, (changed, at - start));
            }
            (start, changed) = (at + 1, 0);
        }
        best
    }

    /// Of each line, how many pixels would have to be drawn: a blank one costs next to nothing.
    fn drawn(&self) -> impl Iterator<Item = usize> {
        let (lines, width) = (self.before.iter().zip(&self.after), self.span.len());
        lines.map(
            move |(before, after)| match before != after && !after.is_blank {
                true => width,
                false => 0,
            },
        )
    }

    /// The pixels of it that were others before.
    fn gain(&self, run: &Range<usize>) -> usize {
        let pairs = self
            .before
            .iter()
            .zip(&self.after)
            .skip(run.start)
            .take(run.len());
        pairs.filter(|(before, after)| before != after).count() * self.span.len()
    }
}

impl Axis {
    fn rect(self, lines: Range<usize>, span: Range<usize>) -> Rect {
        let (down, across) = match self {
            Self::Down => (lines, span),
            Self::Across => (span, lines),
        };
        let [x, y] = [across.start, down.start].map(|at| at as u16);
        Rect::new(x, y, across.len() as u16, down.len() as u16)
    }
}

/// Where the run was.
fn before(run: &Range<usize>, distance: isize) -> Range<usize> {
    let moved = |at: usize| at.saturating_add_signed(-distance);
    moved(run.start)..moved(run.end)
}

/// From tile to tile, since that is what is sent where nothing was scrolled.
fn strips(span: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let tiles = span.start / TILE..span.end.div_ceil(TILE);
    tiles.map(move |tile| (tile * TILE).max(span.start)..((tile + 1) * TILE).min(span.end))
}

fn lines_of(axis: Axis, picture: &Picture, rect: Rect) -> Vec<Line> {
    match axis {
        Axis::Down => picture.rows(rect).map(row_line).collect(),
        Axis::Across => column_lines(picture, rect),
    }
}

fn row_line(row: &[u32]) -> Line {
    let mut hasher = Hasher::new();
    hasher.add_row(row);
    let is_blank = row.iter().all(|pixel| Some(pixel) == row.first());
    Line {
        hash: hasher.finish(),
        is_blank,
    }
}

fn column_lines(picture: &Picture, rect: Rect) -> Vec<Line> {
    let top: Vec<u32> = picture.rows(rect).next().unwrap_or_default().to_vec();
    let mut columns = vec![(Hasher::new(), true); rect.width.into()];
    for row in picture.rows(rect) {
        for ((pixel, top), (hasher, is_blank)) in row.iter().zip(&top).zip(&mut columns) {
            hasher.add((*pixel).into());
            *is_blank &= pixel == top;
        }
    }
    let lines = columns.into_iter().map(|(hasher, is_blank)| Line {
        hash: hasher.finish(),
        is_blank,
    });
    lines.collect()
}

/// In lines: as far outside of what changed there may be what came into it. A program that has moved what stays, and not
/// yet drawn what comes into sight, leaves there what it moved.
const REACH: usize = 4 * TILE;
/// Of lines: fewer agree by chance.
const FEWEST_VOTES: usize = 8;
/// In pixels: a copy costs some twenty bytes, which fewer would cost too.
const SMALLEST_GAIN: usize = 2 * TILE * TILE;

#[cfg(test)]
mod tests;

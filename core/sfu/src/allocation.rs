//! Divides a subscriber's bandwidth among the videos it wants.
//!
//! Audio is reserved. Then each video gets its lowest layer, the important ones first; then the
//! important ones rise as far as they want to and the budget goes, those of equal importance in
//! turn. A rise asks for headroom that keeping a layer does not, so that an estimate that wavers
//! does not make layers flap.

use crate::layers::{Layer, LayerBitrates};

/// One video that the subscriber wants.
#[derive(Clone, Debug)]
pub struct Demand {
    /// The more important come first; a screen share stands above cameras.
    pub priority: u8,
    /// The most that the subscriber wants.
    pub wanted: Layer,
    /// What its layers cost.
    pub bitrates: LayerBitrates,
    /// What the last allocation gave.
    pub given: Option<Layer>,
}

/// What there is to divide, in bits per second.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// What the path carries; unknown means enough.
    pub estimate: Option<u64>,
    /// Set aside for audio.
    pub audio: u64,
    /// Videos may be paused. Otherwise the lowest layer is sent, even beyond the estimate.
    pub allow_pause: bool,
}

/// Writes to `targets` one layer per demand, or `None` where the video pauses.
///
/// A video of which nothing arrives yet gets what it wants: it costs nothing, and wanting it is
/// what makes it come.
pub fn allocate(budget: &Budget, demands: &[Demand], targets: &mut Vec<Option<Layer>>) {
    targets.clear();
    targets.resize(demands.len(), None);
    let mut order: Vec<usize> = (0..demands.len()).collect();
    order.sort_by_key(|index| {
        let priority = demands.get(*index).map(|demand| demand.priority);
        std::cmp::Reverse(priority)
    });

    let mut videos: Vec<Video<'_>> = order
        .iter()
        .filter_map(|index| Some(Video::new(*index, demands.get(*index)?)))
        .collect();
    let mut purse = Purse::new(budget);
    for video in &mut videos {
        video.begin(&mut purse, budget.allow_pause);
    }
    for class in videos.chunk_by_mut(|left, right| left.priority() == right.priority()) {
        while climb_in_turn(class, &mut purse) {}
    }
    for video in videos {
        if let Some(target) = targets.get_mut(video.index) {
            *target = video.target();
        }
    }
}

/// One step for each that can take one; whether any could.
fn climb_in_turn(class: &mut [Video<'_>], purse: &mut Purse) -> bool {
    let climbed = class.iter_mut().filter_map(|video| {
        let climbed = video.climb(purse);
        climbed.then_some(())
    });
    climbed.count() > 0
}

/// What all videos would cost as they are wanted, with the audio: what to probe for.
pub fn desired_bitrate(audio: u64, demands: &[Demand]) -> u64 {
    let videos = (0..).zip(demands).map(|(index, demand)| {
        let best = Video::new(index, demand).steps.last().copied();
        best.map_or(0, |(_, cost)| cost)
    });
    audio + videos.sum::<u64>()
}

/// A demand on its way up.
struct Video<'a> {
    index: usize,
    demand: &'a Demand,
    /// The layers it can have with what they cost, lowest and cheapest first; never empty.
    steps: Vec<(Layer, u64)>,
    /// The step that it has.
    step: Option<usize>,
}

impl<'a> Video<'a> {
    fn new(index: usize, demand: &'a Demand) -> Self {
        let wanted = demand.wanted;
        let mut steps: Vec<(Layer, u64)> = demand
            .bitrates
            .arriving()
            .filter(|(layer, _)| layer.spatial <= wanted.spatial)
            .filter(|(layer, _)| layer.temporal <= wanted.temporal)
            .collect();
        drop_dominated(&mut steps);
        if steps.is_empty() {
            let lowest = demand.bitrates.arriving().next();
            steps.push(lowest.unwrap_or((wanted, 0)));
        }
        Self {
            index,
            demand,
            steps,
            step: None,
        }
    }

    fn priority(&self) -> u8 {
        self.demand.priority
    }

    fn target(&self) -> Option<Layer> {
        let (layer, _) = self.steps.get(self.step?)?;
        Some(*layer)
    }

    /// Takes the lowest step, or pauses.
    fn begin(&mut self, purse: &mut Purse, allow_pause: bool) {
        let cost = self.cost_of(0);
        if purse.take(cost, self.is_rise(0)) {
            self.step = Some(0);
        } else if !allow_pause {
            purse.overdraw(cost);
            self.step = Some(0);
        }
    }

    /// Takes the next step, if there is one and it fits.
    fn climb(&mut self, purse: &mut Purse) -> bool {
        let Some(step) = self.step else {
            return false;
        };
        let next = step + 1;
        if next >= self.steps.len() {
            return false;
        }
        let more = self.cost_of(next).saturating_sub(self.cost_of(step));
        let taken = purse.take(more, self.is_rise(next));
        if taken {
            self.step = Some(next);
        }
        taken
    }

    fn cost_of(&self, step: usize) -> u64 {
        self.steps.get(step).map_or(0, |(_, cost)| *cost)
    }

    fn is_rise(&self, step: usize) -> bool {
        let layer = self.steps.get(step).map(|(layer, _)| *layer);
        layer > self.demand.given
    }
}

/// Drops each step that costs as much as a higher one: a large picture at a low rate can be
/// cheaper than a small one at a high rate. What is left costs more with each step.
fn drop_dominated(steps: &mut Vec<(Layer, u64)>) {
    let mut cheapest = u64::MAX;
    let mut kept = Vec::with_capacity(steps.len());
    while let Some((layer, cost)) = steps.pop() {
        if cost < cheapest {
            cheapest = cost;
            kept.push((layer, cost));
        }
    }
    steps.extend(kept.into_iter().rev());
}

/// What is left.
struct Purse {
    left: Option<u64>,
    headroom: u64,
}

impl Purse {
    fn new(budget: &Budget) -> Self {
        let left = budget
            .estimate
            .map(|estimate| estimate.saturating_sub(budget.audio));
        Self {
            left,
            headroom: left.unwrap_or(0) / 100 * RISE_HEADROOM_PERCENT,
        }
    }

    fn take(&mut self, cost: u64, rise: bool) -> bool {
        let Some(left) = &mut self.left else {
            return true;
        };
        let reserve = if rise && cost > 0 { self.headroom } else { 0 };
        let fits = cost.saturating_add(reserve) <= *left;
        if fits {
            *left -= cost;
        }
        fits
    }

    fn overdraw(&mut self, cost: u64) {
        self.left = self.left.map(|left| left.saturating_sub(cost));
    }
}

/// Larger: layers rise later. Smaller: a wavering estimate makes them flap.
pub const RISE_HEADROOM_PERCENT: u64 = 10;

#[cfg(test)]
mod tests;

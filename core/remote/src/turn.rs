//! One time that control is given: what came of it, what waits to be done, and what is down.
//!
//! # Security
//!
//! What waits is owned here, and a turn is owned by the state *Controlled*: with the end of either nothing of it is
//! left to be done. The numbers of a turn show when somebody on the way keeps a message back, which would change what a
//! technician does to a computer; nobody can forge or repeat one.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use conclave_protocol::remote::{InputEvent, Turn};

use crate::held::Held;
use crate::io::Injection;
use crate::pace::Pace;
use crate::screen::Screen;

pub(crate) struct ControlTurn {
    id: Turn,
    expected: u32,
    waiting: VecDeque<Injection>,
    ready: VecDeque<Injection>,
    pace: Pace,
    held: Held,
    /// Something was heard, or done of what waits.
    active_at: Instant,
    injected: u64,
    dropped: u64,
}

/// What becomes of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Taken,
    Dropped,
    /// Numbers are missing before it.
    Gap,
    /// More waits than may.
    Flood,
}

/// More than a hand does in a second, and less than harms a computer.
const EVERY: Duration = Duration::from_millis(4);
const AT_ONCE: u32 = 100;
/// A second's worth: what is older than that is not what the technician wants any more.
pub(crate) const MOST_WAITING: usize = 256;
/// A technician's page repeats what is held every second or so. One that is silent for this long is not there.
pub(crate) const LONGEST_HOLD: Duration = Duration::from_secs(10);

impl ControlTurn {
    pub(crate) fn new(now: Instant, id: Turn) -> Self {
        Self {
            id,
            expected: 0,
            waiting: VecDeque::new(),
            ready: VecDeque::new(),
            pace: Pace::new(EVERY, AT_ONCE),
            held: Held::default(),
            active_at: now,
            injected: 0,
            dropped: 0,
        }
    }

    pub(crate) fn id(&self) -> Turn {
        self.id
    }

    pub(crate) fn injected(&self) -> u64 {
        self.injected
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// An event of this turn. While it `rests`, it is counted and dropped.
    pub(crate) fn accept(
        &mut self,
        now: Instant,
        number: u32,
        event: InputEvent,
        screen: &Screen,
        rests: bool,
    ) -> Verdict {
        let verdict = self.judge(number);
        if verdict == Verdict::Taken {
            self.active_at = now;
            self.expected = self.expected.saturating_add(1);
        }
        let verdict = match verdict {
            Verdict::Taken if rests => Verdict::Dropped,
            Verdict::Taken => self.queue(event, screen),
            other => other,
        };
        self.dropped += u64::from(verdict != Verdict::Taken);
        verdict
    }

    fn judge(&self, number: u32) -> Verdict {
        match number.cmp(&self.expected) {
            std::cmp::Ordering::Less => Verdict::Dropped,
            std::cmp::Ordering::Equal => Verdict::Taken,
            std::cmp::Ordering::Greater => Verdict::Gap,
        }
    }

    fn queue(&mut self, event: InputEvent, screen: &Screen) -> Verdict {
        let injections = injections(event, screen);
        if injections.is_empty() {
            return Verdict::Dropped;
        }
        for injection in injections {
            if !self.push(injection) {
                return Verdict::Flood;
            }
        }
        Verdict::Taken
    }

    /// Of moves that wait, the last one counts.
    fn push(&mut self, injection: Injection) -> bool {
        if let Injection::Move(_) = injection
            && let Some(Injection::Move(_)) = self.waiting.back()
        {
            self.waiting.pop_back();
        }
        let fits = self.waiting.len() < MOST_WAITING;
        if fits {
            self.waiting.push_back(injection);
        }
        fits
    }

    /// Makes ready what the pace admits, and lets go of what was held for too long: whether it did.
    pub(crate) fn run(&mut self, now: Instant) -> bool {
        while let Some(next) = self.waiting.front()
            && self.pace.admits(now, cost(next))
        {
            self.active_at = now;
            self.ready.extend(self.waiting.pop_front());
        }
        let is_forgotten = now >= self.active_at + LONGEST_HOLD && !self.held.is_empty();
        is_forgotten && self.flush()
    }

    /// The next to be done to the computer.
    pub(crate) fn next(&mut self) -> Option<Injection> {
        while let Some(injection) = self.ready.pop_front() {
            if self.held.admits(&injection) {
                self.injected += 1;
                return Some(injection);
            }
        }
        None
    }

    /// Forgets what waits and what is down: whether anything was down.
    pub(crate) fn flush(&mut self) -> bool {
        self.dropped += (self.waiting.len() + self.ready.len()) as u64;
        self.waiting.clear();
        self.ready.clear();
        let was_down = !self.held.is_empty();
        self.held.clear();
        was_down
    }

    pub(crate) fn wake_at(&self) -> Option<Instant> {
        let release = (!self.held.is_empty()).then(|| self.active_at + LONGEST_HOLD);
        let waits = !self.waiting.is_empty();
        let next = self.pace.next().filter(|_| waits);
        release.into_iter().chain(next).min()
    }
}

/// What an event does, where it may do anything. Letting go is always done, for it only ends what was done before.
fn injections(event: InputEvent, screen: &Screen) -> Vec<Injection> {
    match event {
        InputEvent::Move(at) if screen.admits_pointer(at) => vec![Injection::Move(at)],
        InputEvent::Button { at, button, down } => match (screen.admits_pointer(at), down) {
            (true, true) => vec![Injection::Move(at), Injection::Press(button)],
            (true, false) => vec![Injection::Move(at), Injection::Release(button)],
            (false, true) => Vec::new(),
            (false, false) => vec![Injection::Release(button)],
        },
        InputEvent::Wheel { at, up, right } if screen.admits_pointer(at) => {
            vec![Injection::Move(at), Injection::Wheel { up, right }]
        }
        InputEvent::Key { key, down: false } => vec![Injection::KeyUp(key)],
        InputEvent::Key { key, down: true } if screen.admits_keys() => {
            vec![Injection::KeyDown(key)]
        }
        InputEvent::Text(text) if screen.admits_keys() => vec![Injection::Text(text)],
        InputEvent::Move(_)
        | InputEvent::Wheel { .. }
        | InputEvent::Key { .. }
        | InputEvent::Text(_) => Vec::new(),
    }
}

/// Each character is a key or more.
fn cost(injection: &Injection) -> u32 {
    match injection {
        Injection::Text(text) => u32::try_from(text.as_str().chars().count()).unwrap_or(u32::MAX),
        Injection::Move(_)
        | Injection::Press(_)
        | Injection::Release(_)
        | Injection::Wheel { .. }
        | Injection::KeyDown(_)
        | Injection::KeyUp(_) => 1,
    }
}

#[cfg(test)]
mod tests;

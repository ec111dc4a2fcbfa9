//! The question that stands, and what the person says to it.
//!
//! # Security
//!
//! A yes counts after a moment only, by the time of this process as by that of `desk`. Until then Enter and Space answer
//! nothing either way, for they may have been meant for another window; Escape and the No button do at once.

use std::time::{Duration, Instant};

use conclave_protocol::remote::Capability;
use conclave_remote::Surface;

use super::press::Press;
use super::words;
use crate::ipc::{Place, Question, Subject, UiToDesk};

pub(super) struct Asked {
    pub(super) question: Question,
    pub(super) choices: Vec<Choice>,
    pub(super) chosen: usize,
    pub(super) minutes: u16,
    live_at: Instant,
    ends_at: Instant,
}

/// A part of the screen that can be shown.
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) surface: Surface,
}

/// How long a permission may be for. `desk` makes it no longer than policy lets it be.
pub(super) const LENGTHS: [u16; 3] = [5, 15, 30];
const LONGEST_LENGTH: u16 = 30;
/// More windows than anybody looks through.
const MOST_WINDOWS: usize = 64;

impl Asked {
    pub(super) fn new(now: Instant, question: Question) -> Self {
        let after = |milliseconds: u32| now + Duration::from_millis(milliseconds.into());
        let (live_at, ends_at) = (after(question.live_in), after(question.ends_in));
        Self {
            choices: choices(&question),
            chosen: 0,
            minutes: LONGEST_LENGTH,
            live_at,
            ends_at,
            question,
        }
    }

    /// What a no is a no to, so that it can be asked again.
    pub(super) fn capability(&self) -> Option<Capability> {
        match &self.question.subject {
            Subject::Capability(capability) => Some(*capability),
            Subject::FileIn { .. } => Some(Capability::FileIn),
            Subject::FileOut(_) => Some(Capability::FileOut),
            Subject::Diagnostics(_) => Some(Capability::Diagnostics),
            Subject::Watcher(_) | Subject::HandOver(_) | Subject::Restart => None,
        }
    }

    /// Whether it is good for a time, and not for once.
    pub(super) fn lasts(&self) -> bool {
        matches!(self.question.subject, Subject::Capability(_))
    }

    pub(super) fn stops(&self) -> Vec<Press> {
        let choices = (0..self.choices.len()).map(Press::Choose);
        let lengths = LENGTHS.into_iter().filter(|_| self.lasts());
        let lengths = lengths.map(Press::Minutes);
        choices
            .chain(lengths)
            .chain([Press::No, Press::Yes])
            .collect()
    }

    pub(super) fn choose(&mut self, choice: usize) {
        if choice < self.choices.len() {
            self.chosen = choice;
        }
    }

    /// Until a yes counts; zero: it does.
    pub(super) fn until_live(&self, now: Instant) -> Duration {
        self.live_at.saturating_duration_since(now)
    }

    pub(super) fn is_live(&self, now: Instant) -> bool {
        self.until_live(now).is_zero()
    }

    pub(super) fn left(&self, now: Instant) -> Duration {
        self.ends_at.saturating_duration_since(now)
    }

    /// When one of both reads differently.
    pub(super) fn reads_anew_at(&self, now: Instant) -> Instant {
        let ends = words::reads_anew_at(now, self.ends_at);
        match self.is_live(now) {
            true => ends,
            false => ends.min(words::reads_anew_at(now, self.live_at)),
        }
    }

    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.left(now).is_zero()
    }

    /// `None`: it is too early for a yes, or too late for anything.
    pub(super) fn answer(&self, now: Instant, yes: bool) -> Option<UiToDesk> {
        let counts = !self.is_over(now) && (!yes || self.is_live(now));
        counts.then(|| UiToDesk::Answer {
            question: self.question.id,
            yes,
            minutes: self.minutes,
            surface: self.surface(),
        })
    }

    pub(super) fn surface(&self) -> Surface {
        let choice = self.choices.get(self.chosen);
        choice.map_or(Surface::Desktop, |choice| choice.surface)
    }
}

fn choices(question: &Question) -> Vec<Choice> {
    if question.subject != Subject::Capability(Capability::View) {
        return Vec::new();
    }
    let windows = question.offered.windows.iter().take(MOST_WINDOWS);
    let windows = windows.map(|window| Choice {
        name: words::window(&window.title),
        surface: Surface::Window(window.id),
    });
    parts(&question.offered.monitors)
        .into_iter()
        .chain(windows)
        .collect()
}

/// The whole screen, and each monitor where there are several.
pub(super) fn parts(monitors: &[Place]) -> Vec<Choice> {
    let whole = Choice {
        name: words::question::WHOLE_SCREEN.to_owned(),
        surface: Surface::Desktop,
    };
    let several = monitors.iter().filter(|_| monitors.len() > 1);
    let several = several.enumerate().map(|(place, monitor)| Choice {
        name: words::monitor(place + 1, monitor.width, monitor.height),
        surface: Surface::Monitor(monitor.monitor),
    });
    std::iter::once(whole).chain(several).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::scene::{ask, monitor, question};
    use conclave_protocol::remote::MonitorId;

    #[test]
    fn a_yes_counts_after_two_seconds_and_a_no_at_once() {
        let now = Instant::now();
        let asked = ask(now, Capability::Control);

        let early = now + Duration::from_millis(1_999);
        assert!(asked.answer(early, true).is_none());
        assert!(matches!(
            asked.answer(now, false),
            Some(UiToDesk::Answer { yes: false, .. })
        ));
        let live = now + Duration::from_secs(2);
        let answer = asked.answer(live, true);
        assert!(matches!(
            answer,
            Some(UiToDesk::Answer {
                question: 7,
                yes: true,
                ..
            })
        ));
    }

    #[test]
    fn nothing_is_said_once_it_is_too_late() {
        let now = Instant::now();
        let asked = ask(now, Capability::Control);

        assert!(asked.answer(now + Duration::from_secs(30), true).is_none());
    }

    #[test]
    fn what_is_seen_is_chosen_from_what_is_there() {
        let now = Instant::now();
        let mut question = question(Subject::Capability(Capability::View));
        question.offered.monitors = vec![monitor(0, 0), monitor(1, 800)];
        let mut asked = Asked::new(now, question);

        assert_eq!(asked.surface(), Surface::Desktop);
        asked.choose(2);
        asked.choose(9);

        assert_eq!(asked.surface(), Surface::Monitor(MonitorId(1)));
    }

    #[test]
    fn one_monitor_is_the_whole_screen() {
        assert_eq!(parts(&[monitor(0, 0)]).len(), 1);
    }

    #[test]
    fn a_file_is_for_once() {
        let now = Instant::now();
        let file = Subject::FileOut(conclave_protocol::remote::TransferId(1));
        let asked = Asked::new(now, question(file));

        assert!(!asked.lasts());
        assert_eq!(asked.stops(), [Press::No, Press::Yes]);
    }
}

//! Makes a recording's moments of what a session says and does.

use std::time::{Duration, Instant};

use conclave_protocol::remote::{FromAgent, Point};

use super::moment::Moment;
use super::track::Timed;
use crate::fact::{Fact, Topic};
use crate::io::{Injection, Output};

/// When a recording began: what its moments are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch(Instant);

/// Of one recording. What it returns is to be kept in the order in which it comes.
pub struct Recorder {
    watch: Watch,
    pointer: Option<Point>,
    /// Since when, and what, that is not told yet.
    typed: Option<(Instant, Typed)>,
    /// A field for a password has the keyboard.
    is_secret: bool,
}

#[derive(Default)]
struct Typed {
    keys: u16,
    characters: u16,
}

/// What was typed in this time is told as one.
const COUNTED_OVER: Duration = Duration::from_secs(1);

impl Watch {
    pub fn begin(now: Instant) -> Self {
        Self(now)
    }

    pub fn stamp(self, now: Instant, moment: Moment) -> Timed {
        let since = now.saturating_duration_since(self.0);
        Timed {
            at: u32::try_from(since.as_millis()).unwrap_or(u32::MAX),
            moment,
        }
    }
}

impl Recorder {
    /// `is_secret`: a field for a password has the keyboard at this moment.
    pub fn begin(now: Instant, is_secret: bool) -> Self {
        Self {
            watch: Watch::begin(now),
            pointer: None,
            typed: None,
            is_secret,
        }
    }

    pub fn watch(&self) -> Watch {
        self.watch
    }

    /// What is told of one thing that the session says or does.
    pub fn observe(&mut self, now: Instant, output: &Output) -> Vec<Timed> {
        let moment = match output {
            Output::Inject(injection) => return self.injected(now, injection),
            output => moment_of(output),
        };
        let Some(moment) = moment else {
            return Vec::new();
        };
        self.told(now, moment)
    }

    /// Whether a field for a password has the keyboard from here on.
    pub fn password_focus(&mut self, now: Instant, is_secret: bool) -> Vec<Timed> {
        let begins = is_secret && !self.is_secret;
        self.is_secret = is_secret;
        match begins {
            true => self.told(now, Moment::Redacted),
            false => Vec::new(),
        }
    }

    /// What was counted and not told: as of when it was, and not of what comes after it.
    pub fn flush(&mut self, now: Instant) -> Vec<Timed> {
        let typed = self.typed.take();
        let typed = typed.map(|(since, Typed { keys, characters })| {
            let at = now.min(since + COUNTED_OVER);
            self.watch.stamp(at, Moment::Typed { keys, characters })
        });
        typed.into_iter().collect()
    }

    fn told(&mut self, now: Instant, moment: Moment) -> Vec<Timed> {
        let mut told = self.flush(now);
        told.push(self.watch.stamp(now, moment));
        told
    }

    fn injected(&mut self, now: Instant, injection: &Injection) -> Vec<Timed> {
        match injection {
            Injection::Move(at) => self.pointer = Some(*at),
            Injection::Press(button) => {
                let (button, at) = (*button, self.pointer);
                return self.told(now, Moment::Clicked { button, at });
            }
            Injection::KeyDown(_) => return self.count(now, 1, 0),
            Injection::Text(text) => {
                let characters = text.as_str().chars().count();
                return self.count(now, 0, u16::try_from(characters).unwrap_or(u16::MAX));
            }
            Injection::Release(_) | Injection::Wheel { .. } | Injection::KeyUp(_) => {}
        }
        Vec::new()
    }

    fn count(&mut self, now: Instant, keys: u16, characters: u16) -> Vec<Timed> {
        if self.is_secret {
            return Vec::new();
        }
        let is_over = |(since, _): &(Instant, Typed)| now >= *since + COUNTED_OVER;
        let told = match self.typed.as_ref().is_some_and(is_over) {
            true => self.flush(now),
            false => Vec::new(),
        };
        let (_, typed) = self.typed.get_or_insert((now, Typed::default()));
        typed.keys = typed.keys.saturating_add(keys);
        typed.characters = typed.characters.saturating_add(characters);
        told
    }
}

fn moment_of(output: &Output) -> Option<Moment> {
    match output {
        Output::StopCapture => Some(Moment::Dark),
        Output::ShowChat(words) => Some(Moment::WrittenByTechnician(words.clone())),
        Output::Say {
            message: FromAgent::Chat(words),
            ..
        } => Some(Moment::WrittenByPerson(words.clone())),
        Output::Say {
            message: FromAgent::Diagnostics(report),
            ..
        } => Some(Moment::Facts(report.clone())),
        Output::Fact(fact) => moment_of_fact(*fact),
        _ => None,
    }
}

fn moment_of_fact(fact: Fact) -> Option<Moment> {
    match fact {
        Fact::Permitted(Topic::Capability(capability)) => Some(Moment::Permitted(capability)),
        Fact::Withdrawn(capability) => Some(Moment::Withdrawn(capability)),
        Fact::ControlBegan(_) => Some(Moment::ControlBegan),
        Fact::ControlEnded {
            injected, dropped, ..
        } => Some(Moment::ControlEnded { injected, dropped }),
        Fact::LocalOverride => Some(Moment::LocalOverride),
        Fact::FileKept { size, sha256, .. } => Some(Moment::FileIn { size, sha256 }),
        Fact::FileSent { size, sha256, .. } => Some(Moment::FileOut { size, sha256 }),
        Fact::DiagnosticsSent => Some(Moment::Diagnosed),
        Fact::Ended(reason) => Some(Moment::Ended(reason)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use conclave_protocol::ParticipantId;
    use conclave_protocol::personal::Words;
    use conclave_protocol::remote::{
        Button, DiagnosticItem, DiagnosticReport, EndReason, Key, MonitorId, TypedText,
    };
    use uuid::Uuid;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn key() -> Output {
        Output::Inject(Injection::KeyDown(Key::new(0x04).unwrap()))
    }

    fn text(text: &str) -> Output {
        Output::Inject(Injection::Text(TypedText::parse(text).unwrap()))
    }

    fn is(told: &[Timed], expected: &[(u32, Moment)]) -> bool {
        let expected = expected.iter().cloned();
        told.iter()
            .cloned()
            .eq(expected.map(|(at, moment)| Timed { at, moment }))
    }

    // Shows: REQ-AU-06.
    #[test]
    fn what_is_typed_is_counted_and_never_written_down() {
        let start = crate::scene::start();
        let mut recorder = Recorder::begin(start, false);

        assert!(recorder.observe(start, &text("hunter2")).is_empty());
        assert!(recorder.observe(start, &key()).is_empty());
        let told = recorder.observe(start + SECOND, &key());

        let first = Moment::Typed {
            keys: 1,
            characters: 7,
        };
        assert!(is(&told, &[(1_000, first)]));
        let rest = Moment::Typed {
            keys: 1,
            characters: 0,
        };
        assert!(is(&recorder.flush(start + SECOND * 2), &[(2_000, rest)]));
        assert!(recorder.flush(start + SECOND * 3).is_empty());
    }

    #[test]
    fn what_was_typed_is_told_as_of_when_it_was() {
        let start = crate::scene::start();
        let mut recorder = Recorder::begin(start, false);
        recorder.observe(start, &key());

        let click = Output::Inject(Injection::Press(Button::Left));
        let told = recorder.observe(start + SECOND * 60, &click);

        let at: Vec<u32> = told.iter().map(|timed| timed.at).collect();
        assert_eq!(at, [1_000, 60_000]);
    }

    // Shows: REQ-AU-06.
    #[test]
    fn of_a_password_there_is_not_even_a_count() {
        let start = crate::scene::start();
        let mut recorder = Recorder::begin(start, false);

        let told = recorder.password_focus(start, true);
        assert!(is(&told, &[(0, Moment::Redacted)]));
        assert!(recorder.password_focus(start, true).is_empty());
        recorder.observe(start, &text("hunter2"));
        recorder.observe(start, &key());
        assert!(recorder.flush(start + SECOND).is_empty());
        assert!(recorder.password_focus(start, false).is_empty());
        recorder.observe(start, &key());
        assert_eq!(recorder.flush(start + SECOND).len(), 1);
    }

    // Shows: REQ-AU-06, REQ-RS-04.
    #[test]
    fn who_clicked_where_and_who_wrote_what_is_told_in_its_order() {
        let start = crate::scene::start();
        let mut recorder = Recorder::begin(start, false);
        let at = Point {
            monitor: MonitorId(0),
            x: 3,
            y: 4,
        };
        let words = Words::parse("Good morning").unwrap();

        recorder.observe(start, &Output::Inject(Injection::Move(at)));
        recorder.observe(start, &key());
        let click = Output::Inject(Injection::Press(Button::Left));
        let told = recorder.observe(start, &click);

        let typed = Moment::Typed {
            keys: 1,
            characters: 0,
        };
        let clicked = Moment::Clicked {
            button: Button::Left,
            at: Some(at),
        };
        assert!(is(&told, &[(0, typed), (0, clicked)]));
        let told = recorder.observe(start, &Output::ShowChat(words.clone()));
        assert!(is(&told, &[(0, Moment::WrittenByTechnician(words))]));
        let end = Output::Fact(Fact::Ended(EndReason::Stopped));
        let told = recorder.observe(start, &end);
        assert!(is(&told, &[(0, Moment::Ended(EndReason::Stopped))]));
    }

    // Shows: REQ-AU-04.
    #[test]
    fn facts_about_the_computer_are_kept_as_the_technician_gets_them() {
        let start = crate::scene::start();
        let mut recorder = Recorder::begin(start, false);
        let lines = vec![(DiagnosticItem::Kernel, "6.1".to_owned())];
        let report = DiagnosticReport::new(lines).unwrap();
        let said = Output::Say {
            to: ParticipantId(Uuid::from_u128(1)),
            message: FromAgent::Diagnostics(report.clone()),
        };

        let told = recorder.observe(start, &said);

        assert!(is(&told, &[(0, Moment::Facts(report))]));
        let told = recorder.observe(start, &Output::Fact(Fact::DiagnosticsSent));
        assert!(is(&told, &[(0, Moment::Diagnosed)]));
    }
}

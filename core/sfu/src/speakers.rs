//! Who speaks, and how loudly, from the audio levels that clients put on their packets.
//!
//! A participant is heard in a window of 400 ms if two fifths of its packets are loud. Loudness
//! is smoothed over two windows, so that the end of a word is not the end of a speech.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The speakers of one room, by participant sid.
#[derive(Clone, Debug, Default)]
pub struct Speakers {
    voices: BTreeMap<String, Voice>,
    window_ends: Option<Instant>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SpeakerChange {
    pub participant: String,
    /// From 0 (silent) to 1, in eighths.
    pub level: f32,
    pub active: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Voice {
    packets: u32,
    loud_packets: u32,
    /// In −dBov: the smallest number is the loudest.
    loudest: Option<u8>,
    smoothed: f32,
    told: f32,
}

impl Speakers {
    pub fn new() -> Self {
        Self::default()
    }

    /// One packet's level in −dBov (RFC 6464): 0 is the loudest, 127 silence.
    pub fn heard(&mut self, now: Instant, participant: &str, level: u8) {
        self.window_ends.get_or_insert(now + WINDOW);
        match self.voices.get_mut(participant) {
            Some(voice) => voice.hear(level),
            None => {
                let mut voice = Voice::default();
                voice.hear(level);
                self.voices.insert(participant.to_owned(), voice);
            }
        }
    }

    /// Forgets a participant who left or muted; tells if it was speaking.
    pub fn remove(&mut self, participant: &str) -> Option<SpeakerChange> {
        let voice = self.voices.remove(participant)?;
        (voice.told > 0.0).then(|| change(participant, 0.0))
    }

    /// What changed in the window that ended; nothing before its end.
    pub fn poll(&mut self, now: Instant) -> Vec<SpeakerChange> {
        if self.window_ends.is_none_or(|ends| now < ends) {
            return Vec::new();
        }
        let mut changes = Vec::new();
        self.voices.retain(|participant, voice| {
            let before = voice.told;
            voice.close_window();
            if before != voice.told {
                changes.push(change(participant, voice.told));
            }
            !voice.is_silent()
        });
        self.window_ends = (!self.voices.is_empty()).then_some(now + WINDOW);
        changes
    }

    /// Who speaks at this moment, for somebody who just came.
    pub fn active(&self) -> impl Iterator<Item = SpeakerChange> {
        let speaking = self.voices.iter().filter(|(_, voice)| voice.told > 0.0);
        speaking.map(|(participant, voice)| change(participant, voice.told))
    }

    /// When to poll again.
    pub fn deadline(&self) -> Option<Instant> {
        self.window_ends
    }
}

impl Voice {
    fn hear(&mut self, level: u8) {
        self.packets += 1;
        if level <= QUIETEST_SPEECH {
            self.loud_packets += 1;
        }
        self.loudest = Some(self.loudest.map_or(level, |loudest| loudest.min(level)));
    }

    fn close_window(&mut self) {
        // A pause in transmission (DTX) must not make a single click look like speech.
        let expected = self.packets.max(FEWEST_PACKETS);
        let is_heard = self.loud_packets * 100 >= expected * LOUD_PERCENT;
        let level = self.loudest.filter(|_| is_heard).map_or(0.0, linear);
        self.smoothed += (level - self.smoothed) * SMOOTHING;
        let speaks = self.smoothed >= linear(QUIETEST_SPEECH);
        *self = Self {
            smoothed: self.smoothed,
            told: if speaks { eighths(self.smoothed) } else { 0.0 },
            ..Self::default()
        };
    }

    fn is_silent(&self) -> bool {
        self.told == 0.0 && self.smoothed < linear(INAUDIBLE)
    }
}

fn change(participant: &str, level: f32) -> SpeakerChange {
    SpeakerChange {
        participant: participant.to_owned(),
        level,
        active: level > 0.0,
    }
}

fn linear(level: u8) -> f32 {
    10_f32.powf(-f32::from(level) / 20.0)
}

fn eighths(level: f32) -> f32 {
    ((level * 8.0).ceil() / 8.0).min(1.0)
}

pub const WINDOW: Duration = Duration::from_millis(400);
/// −dBov. Larger: breathing is speech. Smaller: soft voices are not.
const QUIETEST_SPEECH: u8 = 35;
const INAUDIBLE: u8 = 60;
const LOUD_PERCENT: u32 = 40;
/// In a window, at the longest packets that Opus senders use (60 ms).
const FEWEST_PACKETS: u32 = 6;
/// The weight of the newest window: 2 / (n + 1) for two windows.
const SMOOTHING: f32 = 2.0 / 3.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_time::start;

    #[test]
    fn who_talks_is_told_after_one_window() {
        let mut speakers = Speakers::new();
        let now = start();

        let ends = talk(&mut speakers, now, "PA_a", 10, 20);

        assert!(speakers.poll(ends - Duration::from_millis(1)).is_empty());
        let changes = speakers.poll(ends);
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].participant, "PA_a");
        assert!(changes[0].active);
        assert_eq!(changes[0].level, 0.25);
        assert_eq!(speakers.active().collect::<Vec<_>>(), changes);
    }

    #[test]
    fn nothing_is_told_while_nothing_changes() {
        let mut speakers = Speakers::new();
        let mut now = start();
        let mut told = 0;

        for _ in 0..20 {
            now = talk(&mut speakers, now, "PA_a", 10, 20);
            told += speakers.poll(now).len();
        }

        assert!(told <= 3, "{told}");
    }

    #[test]
    fn silence_ends_a_speech_within_two_seconds() {
        let mut speakers = Speakers::new();
        let mut now = talk(&mut speakers, start(), "PA_a", 0, 20);
        speakers.poll(now);

        let mut last = None;
        for _ in 0..5 {
            now = talk(&mut speakers, now, "PA_a", 127, 20);
            last = speakers.poll(now).pop().or(last);
        }

        let last = last.unwrap();
        assert_eq!((last.active, last.level), (false, 0.0));
        assert_eq!(speakers.active().count(), 0);
    }

    #[test]
    fn a_track_that_stops_sending_stops_speaking() {
        let mut speakers = Speakers::new();
        let mut now = talk(&mut speakers, start(), "PA_a", 0, 20);
        speakers.poll(now);

        let mut rounds = 0;
        while let Some(deadline) = speakers.deadline() {
            now = deadline;
            speakers.poll(now);
            rounds += 1;
        }

        assert!(rounds < 10, "{rounds}");
        assert_eq!(speakers.active().count(), 0);
    }

    #[test]
    fn a_click_is_not_speech() {
        let mut speakers = Speakers::new();
        let now = start();
        speakers.heard(now, "PA_a", 0);

        assert!(speakers.poll(now + WINDOW).is_empty());
    }

    #[test]
    fn less_than_two_fifths_is_not_speech() {
        let mut speakers = Speakers::new();
        let now = start();
        talk(&mut speakers, now, "PA_a", 20, 7);
        talk(&mut speakers, now, "PA_a", 100, 13);

        assert!(speakers.poll(now + WINDOW).is_empty());
    }

    #[test]
    fn who_leaves_while_speaking_is_told() {
        let mut speakers = Speakers::new();
        let now = talk(&mut speakers, start(), "PA_a", 0, 20);
        speakers.poll(now);

        let change = speakers.remove("PA_a").unwrap();

        assert!(!change.active);
        assert_eq!(speakers.remove("PA_a"), None);
    }

    #[test]
    fn levels_are_eighths_between_none_and_one() {
        for level in 0..=127 {
            let quantised = eighths(linear(level));
            assert!((0.125..=1.0).contains(&quantised));
            assert_eq!(quantised * 8.0, (quantised * 8.0).round());
        }
    }

    /// Packets of 20 ms at one level; returns the end of the window.
    fn talk(
        speakers: &mut Speakers,
        from: Instant,
        participant: &str,
        level: u8,
        packets: u32,
    ) -> Instant {
        for packet in 0..packets {
            let now = from + Duration::from_millis(20) * packet;
            speakers.heard(now, participant, level);
        }
        from + WINDOW
    }
}

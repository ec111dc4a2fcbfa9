//! How good a participant's connection is, as a score and a word.
//!
//! Loss, delay and a bitrate below what is wanted each cost points of 100. The score falls fast
//! and rises slowly, so that the word is worth looking at.

use std::collections::BTreeMap;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConnectionLevel {
    /// Nothing arrives from tracks that are not muted.
    Lost,
    Poor,
    Good,
    Excellent,
}

/// What happened since the last sample, in both directions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sample {
    /// Packets that were to arrive, here or at the participant.
    pub expected: u64,
    pub lost: u64,
    pub round_trip: Option<Duration>,
    pub jitter: Option<Duration>,
    /// Packets that came from the participant.
    pub received: u64,
    /// It publishes a track that is not muted and that somebody lets it send.
    pub sending_expected: bool,
    /// Bits per second that its subscriptions are meant to have; 0: none.
    pub wanted_bitrate: u64,
    pub bitrate: u64,
}

/// One participant's connection.
#[derive(Clone, Debug)]
pub struct ConnectionQuality {
    score: f32,
    level: ConnectionLevel,
    /// Packets were to come as the interval began.
    was_expected: bool,
    /// How many samples more had less than was wanted than had enough, up to [`SHORT_SAMPLES`].
    short_for: u8,
    is_judged: bool,
}

impl Default for ConnectionQuality {
    fn default() -> Self {
        Self::new()
    }
}

impl ConnectionQuality {
    pub fn new() -> Self {
        Self {
            score: BEST,
            level: ConnectionLevel::Excellent,
            was_expected: false,
            short_for: 0,
            is_judged: false,
        }
    }

    /// Takes a sample, every [`INTERVAL`].
    pub fn update(&mut self, sample: &Sample) {
        let is_silent = sample.sending_expected && sample.received == 0;
        let was_expected = std::mem::replace(&mut self.was_expected, sample.sending_expected);
        if is_silent && !was_expected {
            // What began within the interval, or was muted as it began, may not have been counted yet.
            return;
        }
        self.short_for = if sample.is_short() {
            (self.short_for + 1).min(SHORT_SAMPLES)
        } else {
            self.short_for.saturating_sub(1)
        };
        if is_silent {
            self.score = 0.0;
            self.level = ConnectionLevel::Lost;
        } else {
            let score = score_of(sample, self.short_for >= SHORT_SAMPLES);
            let weight = match self.level {
                // What it was like before the gap says nothing.
                ConnectionLevel::Lost => 1.0,
                _ if score < self.score => FALLING_WEIGHT,
                _ => RISING_WEIGHT,
            };
            self.score += (score - self.score) * weight;
            self.level = level_of(self.score);
        }
        self.is_judged = true;
    }

    /// `None`: nothing is known of it yet.
    pub fn level(&self) -> Option<ConnectionLevel> {
        self.is_judged.then_some(self.level)
    }

    /// From 0 to 100.
    pub fn score(&self) -> f32 {
        self.score
    }
}

impl Sample {
    fn is_short(&self) -> bool {
        self.wanted_bitrate > self.bitrate
    }
}

/// What one client was told of the connections that it sees, by participant sid.
#[derive(Clone, Debug, Default)]
pub struct ToldQualities(BTreeMap<String, ConnectionLevel>);

impl ToldQualities {
    /// Its signal was lost, and some of what it was told with it.
    pub fn forget(&mut self) {
        self.0.clear();
    }

    /// Takes the levels of all that it sees. Whose is news to it.
    pub fn news(&mut self, seen: BTreeMap<String, ConnectionLevel>) -> Vec<String> {
        let is_news = |(sid, level): (&String, &ConnectionLevel)| {
            (self.0.get(sid) != Some(level)).then(|| sid.clone())
        };
        let news = seen.iter().filter_map(is_news).collect();
        self.0 = seen;
        news
    }
}

fn score_of(sample: &Sample, is_short_for_long: bool) -> f32 {
    let mut penalties = loss_penalty(sample) + delay_penalty(sample);
    if is_short_for_long {
        penalties += bitrate_penalty(sample);
    }
    (BEST - penalties).clamp(0.0, BEST)
}

fn loss_penalty(sample: &Sample) -> f32 {
    if sample.expected == 0 {
        return 0.0;
    }
    let percent = sample.lost.min(sample.expected) as f32 * 100.0 / sample.expected as f32;
    percent * POINTS_PER_PERCENT_LOST
}

/// The delay part of the E-model (ITU-T G.107) in its usual simplification: a de-jitter buffer
/// doubles the jitter, and 160 ms are hardly noticed.
fn delay_penalty(sample: &Sample) -> f32 {
    let one_way = sample.round_trip.unwrap_or_default() / 2;
    let delay = (one_way + sample.jitter.unwrap_or_default() * 2).as_secs_f32() * 1000.0;
    if delay < 160.0 {
        return delay / 40.0;
    }
    (delay - 120.0) / 10.0
}

fn bitrate_penalty(sample: &Sample) -> f32 {
    if !sample.is_short() {
        return 0.0;
    }
    let ratio = sample.wanted_bitrate as f32 / sample.bitrate.max(1) as f32;
    ratio.log2() * POINTS_PER_HALVING
}

fn level_of(score: f32) -> ConnectionLevel {
    if score > 80.0 {
        ConnectionLevel::Excellent
    } else if score > 40.0 {
        ConnectionLevel::Good
    } else {
        // Something arrives: that is not lost, however bad.
        ConnectionLevel::Poor
    }
}

pub const INTERVAL: Duration = Duration::from_secs(5);
const BEST: f32 = 100.0;
/// Three percent are visible and audible in spite of retransmission and redundancy.
const POINTS_PER_PERCENT_LOST: f32 = 6.0;
const POINTS_PER_HALVING: f32 = 20.0;
/// What a path carries is found in the first seconds of a call, and again where a video is added. Longer: who has a narrow
/// one is told later. Shorter: everybody is called weak who has just come.
const SHORT_SAMPLES: u8 = 3;
const FALLING_WEIGHT: f32 = 0.8;
const RISING_WEIGHT: f32 = 0.4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_have_their_level() {
        // (what, lost of 1000, round trip ms, jitter ms, bitrate of 1000, level)
        let table = [
            ("clean", 0, 20, 2, 1_000, ConnectionLevel::Excellent),
            (
                "a little loss",
                20,
                40,
                5,
                1_000,
                ConnectionLevel::Excellent,
            ),
            ("some loss", 50, 40, 5, 1_000, ConnectionLevel::Good),
            ("much loss", 150, 40, 5, 1_000, ConnectionLevel::Poor),
            ("a far place", 0, 300, 5, 1_000, ConnectionLevel::Excellent),
            ("a satellite", 0, 700, 10, 1_000, ConnectionLevel::Good),
            ("half the bitrate", 0, 20, 2, 450, ConnectionLevel::Good),
            ("a tenth of it", 0, 20, 2, 100, ConnectionLevel::Poor),
            ("all at once", 100, 700, 50, 300, ConnectionLevel::Poor),
        ];

        for (what, lost, round_trip, jitter, bitrate, level) in table {
            let mut quality = ConnectionQuality::new();
            for _ in 0..20 {
                quality.update(&Sample {
                    expected: 1_000,
                    lost,
                    round_trip: Some(Duration::from_millis(round_trip)),
                    jitter: Some(Duration::from_millis(jitter)),
                    received: 1_000,
                    sending_expected: true,
                    wanted_bitrate: 1_000,
                    bitrate,
                });
            }
            assert_eq!(quality.level(), Some(level), "{what}: {}", quality.score());
        }
    }

    #[test]
    fn an_idle_participant_is_excellent_once_it_is_judged() {
        let mut quality = ConnectionQuality::new();
        assert_eq!(quality.level(), None);

        quality.update(&Sample::default());

        assert_eq!(quality.level(), Some(ConnectionLevel::Excellent));
    }

    #[test]
    fn silence_through_an_interval_is_lost() {
        let mut quality = ConnectionQuality::new();
        quality.update(&arriving(0));

        quality.update(&silent(true));

        assert_eq!(quality.level(), Some(ConnectionLevel::Lost));
    }

    #[test]
    fn what_has_just_begun_or_was_just_unmuted_is_not_judged_yet() {
        let mut quality = ConnectionQuality::new();

        quality.update(&silent(true));
        assert_eq!(quality.level(), None, "begun");
        quality.update(&arriving(0));
        quality.update(&silent(false));
        quality.update(&silent(true));
        assert_eq!(quality.level(), Some(ConnectionLevel::Excellent), "unmuted");
        quality.update(&silent(true));
        assert_eq!(quality.level(), Some(ConnectionLevel::Lost));
    }

    #[test]
    fn a_lost_connection_is_no_better_for_being_watched_again() {
        let mut quality = ConnectionQuality::new();
        for _ in 0..2 {
            quality.update(&silent(true));
        }
        quality.was_expected = false;

        quality.update(&silent(true));

        assert_eq!(quality.level(), Some(ConnectionLevel::Lost));
    }

    #[test]
    fn a_connection_that_is_back_is_judged_afresh() {
        let mut quality = ConnectionQuality::new();
        quality.update(&silent(true));
        quality.update(&silent(true));

        quality.update(&arriving(0));

        assert_eq!(quality.level(), Some(ConnectionLevel::Excellent));
    }

    #[test]
    fn a_path_whose_bandwidth_is_being_found_is_not_weak() {
        let mut quality = ConnectionQuality::new();
        let short = Sample {
            wanted_bitrate: 1_700_000,
            bitrate: 100_000,
            ..arriving(0)
        };

        for _ in 1..SHORT_SAMPLES {
            quality.update(&short);
        }
        assert_eq!(quality.level(), Some(ConnectionLevel::Excellent));

        quality.update(&short);
        assert_eq!(quality.level(), Some(ConnectionLevel::Poor));
    }

    #[test]
    fn a_client_is_told_what_changed_and_of_whom_it_comes_to_see() {
        let mut told = ToldQualities::default();
        let levels = |levels: &[(&str, ConnectionLevel)]| {
            let levels = levels
                .iter()
                .map(|(sid, level)| ((*sid).to_owned(), *level));
            levels.collect::<BTreeMap<_, _>>()
        };
        let (good, poor) = (ConnectionLevel::Good, ConnectionLevel::Poor);

        assert_eq!(told.news(levels(&[("PA_a", good)])), ["PA_a"]);
        assert!(told.news(levels(&[("PA_a", good)])).is_empty());
        assert_eq!(
            told.news(levels(&[("PA_a", poor), ("PA_b", good)])),
            ["PA_a", "PA_b"]
        );
        assert!(told.news(levels(&[("PA_b", good)])).is_empty());
        assert_eq!(
            told.news(levels(&[("PA_a", poor), ("PA_b", good)])),
            ["PA_a"]
        );
    }

    #[test]
    fn it_falls_faster_than_it_rises() {
        let mut quality = ConnectionQuality::new();

        quality.update(&arriving(300));
        let after_loss = quality.score();
        quality.update(&arriving(0));

        assert!(after_loss < 30.0);
        assert!(quality.score() < 60.0);
    }

    #[test]
    fn any_sample_keeps_the_score_in_bounds() {
        let mut quality = ConnectionQuality::new();
        let worst = Sample {
            expected: 1,
            lost: u64::MAX,
            round_trip: Some(Duration::MAX / 4),
            jitter: Some(Duration::MAX / 8),
            received: 1,
            sending_expected: true,
            wanted_bitrate: u64::MAX,
            bitrate: 0,
        };

        quality.update(&worst);

        assert!((0.0..=100.0).contains(&quality.score()));
    }

    fn silent(sending_expected: bool) -> Sample {
        Sample {
            sending_expected,
            ..Sample::default()
        }
    }

    fn arriving(lost: u64) -> Sample {
        Sample {
            expected: 1_000,
            lost,
            received: 700,
            sending_expected: true,
            ..Sample::default()
        }
    }
}

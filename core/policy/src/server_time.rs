//! The one time of a server: it follows the machine's clock forward, and never goes back.
//!
//! While the machine's clock is behind what was told already, time goes on by the steady clock, a tenth slower, until the
//! machine's has caught up: what ran out stays run out, and a clock that is a few seconds wrong heals by itself.
//!
//! A clock that leaps far ahead is believed when it has stayed there for a minute. Until then time goes on by the steady
//! clock: a moment's wrong answer of a time server ends nobody's session and makes no entry of next year.

use std::time::Duration;

use conclave_protocol::Timestamp;

/// Fed with what both clocks say; `steady` is any clock that nobody sets, from any beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerTime {
    told: Timestamp,
    /// At the latest look.
    steady: Duration,
    /// Since when the machine's clock has been far ahead.
    leaps_since: Option<Duration>,
}

/// How the machine's clock stands to what a server has recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Together, as far as it matters.
    Together,
    /// The machine's clock is behind by so much; time goes on from what is recorded.
    Behind(Duration),
    /// By so much that a person has to say which of the two is wrong.
    FarBehind(Duration),
}

impl ServerTime {
    /// Of a server that remembers nothing.
    pub fn begin(wall: Timestamp, steady: Duration) -> Self {
        Self {
            told: wall,
            steady,
            leaps_since: None,
        }
    }

    /// Goes on from `recorded`, where that is later.
    pub fn not_before(&mut self, recorded: Timestamp) {
        self.told = self.told.max(recorded);
    }

    /// Read `wall` first: what a busy machine delays the second reading by is then made good by the next look.
    pub fn look(&mut self, wall: Timestamp, steady: Duration) -> Timestamp {
        let gone = in_micros(steady.saturating_sub(self.steady));
        let by_steady = self.told.plus(gone);
        let slowly = in_micros(gone - gone / SLOWER);
        // Of the steady clock only what was told is gone: what is less than a moment counts at the next look.
        let (told, gone) = match self.leaps(wall, by_steady, steady) {
            true => (by_steady, gone),
            false if wall >= self.told.plus(slowly) => (wall, gone),
            false => (self.told.plus(slowly), slowly + slowly / (SLOWER - 1)),
        };
        self.told = told;
        self.steady += gone;
        told
    }

    /// How far the machine's clock is behind the latest that was told.
    pub fn standing(&self, wall: Timestamp) -> Standing {
        standing(self.told, wall)
    }

    /// Whether the machine's clock is far ahead, and has not been so for long.
    fn leaps(&mut self, wall: Timestamp, by_steady: Timestamp, steady: Duration) -> bool {
        if wall.since(by_steady) <= LEAP {
            self.leaps_since = None;
            return false;
        }
        let since = *self.leaps_since.get_or_insert(steady);
        steady.saturating_sub(since) < BELIEVED_AFTER
    }
}

/// Moments are whole microseconds.
fn in_micros(duration: Duration) -> Duration {
    let less = duration.subsec_nanos() % 1_000;
    duration.saturating_sub(Duration::from_nanos(less.into()))
}

/// Of the machine's clock to the latest that is `recorded`.
pub fn standing(recorded: Timestamp, wall: Timestamp) -> Standing {
    match recorded.since(wall) {
        behind if behind > MOST_BEHIND => Standing::FarBehind(behind),
        behind if behind > TOLERANCE => Standing::Behind(behind),
        _ => Standing::Together,
    }
}

/// What a time server may slew, and what a busy machine delays a look by.
pub const TOLERANCE: Duration = Duration::from_secs(2);

/// Beyond it a server does not start before a person has said which is wrong: longer than any time zone that was taken for
/// UTC, shorter than what would spoil a log.
pub const MOST_BEHIND: Duration = Duration::from_secs(24 * 60 * 60);

/// Further ahead is a leap: more than a machine sleeps while it serves, less than an idle session lasts.
const LEAP: Duration = Duration::from_secs(10 * 60);
/// Longer is a longer time for what should have run out, after a machine has slept; shorter believes more mistakes.
const BELIEVED_AFTER: Duration = Duration::from_secs(60);
/// Time goes slower by one in so many while the machine's clock is behind. More is longer until both go together, less is
/// longer until something runs out.
const SLOWER: u32 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_795_336_200_000_000);
    const HOUR: Duration = Duration::from_secs(60 * 60);

    fn after(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn at(seconds: u64) -> Timestamp {
        START.plus(after(seconds))
    }

    fn server() -> ServerTime {
        ServerTime::begin(START, after(500))
    }

    #[test]
    fn it_is_the_machine_s_while_both_clocks_go_alike() {
        let mut time = server();
        for seconds in [0, 1, 60, 86_400] {
            assert_eq!(time.look(at(seconds), after(500 + seconds)), at(seconds));
        }
        assert_eq!(time.standing(at(86_400)), Standing::Together);
    }

    // Shows: ABUSE-66.
    #[test]
    fn a_clock_that_is_set_back_turns_nothing_round() {
        let mut time = server();
        time.look(at(100), after(600));
        let mut told = at(100);
        for seconds in 101..400 {
            let next = time.look(at(seconds).minus(HOUR), after(500 + seconds));
            assert!(next > told, "{seconds}");
            told = next;
        }
        // A tenth slower.
        assert_eq!(told.since(at(100)), after(299) - after(299) / 10);
        assert_eq!(
            time.standing(at(400).minus(HOUR)),
            Standing::Behind(told.since(at(400).minus(HOUR)))
        );
    }

    #[test]
    fn a_clock_that_is_a_little_behind_catches_up() {
        let mut time = server();
        let mut seconds = 0;
        while time.standing(at(seconds).minus(after(30))) != Standing::Together {
            seconds += 1;
            time.look(at(seconds).minus(after(30)), after(500 + seconds));
            assert!(seconds < 301);
        }
        assert!(seconds > 200);
    }

    // Shows: ABUSE-66.
    #[test]
    fn a_leap_ahead_is_believed_after_a_minute_and_not_before() {
        let mut time = server();
        let year = HOUR * 24 * 365;
        for seconds in 1..60 {
            let told = time.look(at(seconds).plus(year), after(500 + seconds));
            assert_eq!(told, at(seconds));
        }
        // It was a mistake, and leaves nothing.
        assert_eq!(time.look(at(60), after(560)), at(60));
        for seconds in 61..121 {
            let told = time.look(at(seconds).plus(HOUR), after(500 + seconds));
            assert_eq!(told, at(seconds));
        }
        let told = time.look(at(121).plus(HOUR), after(621));
        assert_eq!(told, at(121).plus(HOUR));
    }

    // Shows: ABUSE-66.
    #[test]
    fn what_is_recorded_is_never_before_the_beginning() {
        let mut time = server();
        time.not_before(at(3_600));
        assert!(time.look(at(1), after(501)) >= at(3_600));
        time.not_before(at(10));
        assert!(time.look(at(2), after(502)) >= at(3_600));
    }

    #[test]
    fn a_day_behind_is_for_a_person_to_look_at() {
        let behind = |by: Duration| standing(START, START.minus(by));

        assert_eq!(standing(START, at(60)), Standing::Together);
        assert_eq!(behind(TOLERANCE), Standing::Together);
        assert_eq!(behind(HOUR), Standing::Behind(HOUR));
        assert_eq!(behind(MOST_BEHIND), Standing::Behind(MOST_BEHIND));
        let more = MOST_BEHIND + after(1);
        assert_eq!(behind(more), Standing::FarBehind(more));
    }

    #[test]
    fn looks_that_are_less_than_a_microsecond_apart_add_up() {
        let told = |wall: Timestamp| {
            let mut time = server();
            let looks = (1..=10_000).map(|look| after(500) + Duration::from_nanos(999) * look);
            looks.fold(START, |_, steady| time.look(wall, steady))
        };

        let leapt = told(START.plus(HOUR)).since(START);
        assert_eq!(leapt, Duration::from_micros(9_990));
        let behind = told(START.minus(HOUR)).since(START);
        assert!(behind <= Duration::from_micros(8_991), "{behind:?}");
        assert!(behind >= Duration::from_micros(8_989), "{behind:?}");
    }

    #[test]
    fn a_steady_clock_that_reads_less_than_before_adds_nothing() {
        let mut time = server();
        time.look(at(10), after(510));
        assert_eq!(time.look(at(10), after(505)), at(10));
        assert_eq!(time.look(at(11), after(511)), at(11));
    }
}

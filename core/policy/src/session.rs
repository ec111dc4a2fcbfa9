//! When a web session ends by itself: idle for too long, or open for too long.

use std::time::Duration;

use conclave_protocol::Timestamp;

/// How long sessions last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    idle: Duration,
}

/// The times of one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTimes {
    pub created_at: Timestamp,
    pub last_active_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    Open,
    /// Its holder did nothing for too long.
    Idle,
    /// Open for too long, whatever its holder did.
    Over,
}

/// What a request tells about the person behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// Somebody clicked or typed.
    Act,
    /// A page asked by itself.
    Poll,
}

impl SessionLimits {
    /// Between [`SHORTEST_IDLE`] and [`LONGEST_IDLE`].
    pub fn with_idle(idle: Duration) -> Option<Self> {
        (SHORTEST_IDLE..=LONGEST_IDLE)
            .contains(&idle)
            .then_some(Self { idle })
    }

    pub fn state(self, times: SessionTimes, now: Timestamp) -> SessionState {
        if now >= self.expires_at(times.created_at) {
            SessionState::Over
        } else if now.since(times.last_active_at) >= self.idle {
            SessionState::Idle
        } else {
            SessionState::Open
        }
    }

    /// When a session ends whatever its holder does.
    pub fn expires_at(self, created_at: Timestamp) -> Timestamp {
        created_at.plus(LONGEST_SESSION)
    }

    /// How long a session goes on if its holder does nothing.
    pub fn left(self, times: SessionTimes, now: Timestamp) -> Duration {
        let idle = times.last_active_at.plus(self.idle);
        idle.min(self.expires_at(times.created_at)).since(now)
    }

    /// Whether to remember `now` as the last activity. Once a minute is exact enough.
    pub fn extends(self, times: SessionTimes, now: Timestamp, activity: Activity) -> bool {
        let open = self.state(times, now) == SessionState::Open;
        open && activity == Activity::Act && now.since(times.last_active_at) >= TOUCH_EVERY
    }
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self { idle: DEFAULT_IDLE }
    }
}

/// A shared workstation in a ward is left alone often.
pub const DEFAULT_IDLE: Duration = Duration::from_secs(15 * 60);
pub const SHORTEST_IDLE: Duration = Duration::from_secs(2 * 60);
pub const LONGEST_IDLE: Duration = Duration::from_secs(60 * 60);

/// A long shift. NIST SP 800-63B-4, AAL2: reauthenticate after 24 hours at the latest; AAL3: 12.
pub const LONGEST_SESSION: Duration = Duration::from_secs(12 * 60 * 60);

/// A smaller value writes more often; it must stay well below [`SHORTEST_IDLE`].
const TOUCH_EVERY: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_000_000_000);

    fn at(seconds: u64) -> Timestamp {
        START.plus(Duration::from_secs(seconds))
    }

    fn active_at(seconds: u64) -> SessionTimes {
        SessionTimes {
            created_at: START,
            last_active_at: at(seconds),
        }
    }

    #[test]
    fn a_session_is_open_until_it_was_idle_for_its_limit() {
        let limits = SessionLimits::default();

        assert_eq!(limits.state(active_at(0), at(899)), SessionState::Open);
        assert_eq!(limits.state(active_at(0), at(900)), SessionState::Idle);
        assert_eq!(limits.state(active_at(600), at(1_499)), SessionState::Open);
    }

    // Shows: ABUSE-06.
    #[test]
    fn nobody_stays_signed_in_for_longer_than_a_shift() {
        let limits = SessionLimits::default();
        let end = LONGEST_SESSION.as_secs();

        assert_eq!(
            limits.state(active_at(end - 1), at(end - 1)),
            SessionState::Open
        );
        assert_eq!(
            limits.state(active_at(end - 1), at(end)),
            SessionState::Over
        );
    }

    // Shows: REQ-LO-02.
    #[test]
    fn a_page_that_polls_keeps_nobody_signed_in() {
        let limits = SessionLimits::default();

        assert!(!limits.extends(active_at(0), at(600), Activity::Poll));
        assert!(limits.extends(active_at(0), at(600), Activity::Act));
    }

    #[test]
    fn an_act_does_not_wake_a_session_that_is_idle_or_over() {
        let limits = SessionLimits::default();

        assert!(!limits.extends(active_at(0), at(900), Activity::Act));
        assert!(!limits.extends(active_at(43_000), at(43_200), Activity::Act));
    }

    #[test]
    fn what_is_left_is_until_the_earlier_of_the_two_ends() {
        let limits = SessionLimits::default();

        assert_eq!(limits.left(active_at(60), at(100)).as_secs(), 860);
        assert_eq!(limits.left(active_at(43_100), at(43_190)).as_secs(), 10);
        assert_eq!(limits.left(active_at(0), at(1_000)).as_secs(), 0);
    }

    #[test]
    fn activity_is_remembered_often_enough_for_the_shortest_limit() {
        assert!(TOUCH_EVERY * 4 <= SHORTEST_IDLE);
        assert!(!SessionLimits::default().extends(active_at(0), at(29), Activity::Act));
        assert!(SessionLimits::default().extends(active_at(0), at(30), Activity::Act));
    }

    // Shows: REQ-LO-02.
    #[test]
    fn the_idle_limit_is_between_two_minutes_and_an_hour() {
        let minutes = |m: u64| SessionLimits::with_idle(Duration::from_secs(m * 60));

        assert!(minutes(1).is_none());
        assert!(minutes(2).is_some());
        assert!(minutes(60).is_some());
        assert!(minutes(61).is_none());
    }
}

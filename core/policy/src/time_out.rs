//! When a meeting ends by itself, and how its people are warned.
//!
//! It ends when nobody has been there for too long, when nobody who leads it has, and in any case after its longest
//! time. Whoever is there is told five minutes before, and again within the last minute; nobody is put out by the time
//! who was not told a minute before.

use std::time::Duration;

use conclave_protocol::Timestamp;
use conclave_protocol::meeting::{self as wire, EndCause, Ending};

/// After how long. Of an installation, or of one meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOuts {
    pub empty: Duration,
    pub host_absent: Duration,
    pub longest: Duration,
    /// A screen is taken off ([`crate::idle_share`]).
    pub idle_share: Duration,
}

/// What one meeting has of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnTimeOuts {
    pub empty: Option<Duration>,
    pub host_absent: Option<Duration>,
    pub longest: Option<Duration>,
    pub idle_share: Option<Duration>,
}

/// A time-out that is longer than the installation's, or so short that it ends what has hardly begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time-out is out of bounds")]
pub struct OutOfBounds;

/// Who is there, as far as a meeting's end depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attendance {
    pub started_at: Timestamp,
    /// Nobody is there since then.
    pub empty_since: Option<Timestamp>,
    /// No host and no co-host is there since then.
    pub unled_since: Option<Timestamp>,
}

/// What the time says of a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// It goes on; look again at `until`.
    GoesOn {
        until: Timestamp,
    },
    /// Its people are told; look again at `until`.
    EndsSoon {
        ending: Ending,
        until: Timestamp,
    },
    Over(EndCause),
}

/// Watches one meeting.
#[derive(Clone, Debug, Default)]
pub struct TimeOut {
    warned_since: Option<Timestamp>,
}

/// Long enough to come to an end, or to fetch a host.
pub const FIRST_WARNING: Duration = Duration::from_secs(5 * 60);
pub const LAST_WARNING: Duration = Duration::from_secs(60);
/// Shorter ends a meeting whose people reload their pages, or were just warned.
const LEAST: Duration = Duration::from_secs(2 * 60);
/// Longer than any meeting; keeps sums of times in range.
const MOST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

impl Default for TimeOuts {
    fn default() -> Self {
        Self {
            empty: Duration::from_secs(60 * 60),
            host_absent: Duration::from_secs(60 * 60),
            longest: Duration::from_secs(24 * 60 * 60),
            idle_share: Duration::from_secs(30 * 60),
        }
    }
}

impl From<OwnTimeOuts> for wire::TimeOuts {
    fn from(own: OwnTimeOuts) -> Self {
        let seconds = |time: Option<Duration>| {
            time.map(|time| u32::try_from(time.as_secs()).unwrap_or(u32::MAX))
        };
        Self {
            empty: seconds(own.empty),
            host_absent: seconds(own.host_absent),
            longest: seconds(own.longest),
            idle_share: seconds(own.idle_share),
        }
    }
}

impl TimeOuts {
    /// Whether an installation may have these: each from two minutes to a week.
    pub fn are_sound(self) -> bool {
        let each = [self.empty, self.host_absent, self.longest, self.idle_share];
        each.iter().all(|time| (LEAST..=MOST).contains(time))
    }

    /// A meeting's own: none shorter than two minutes, none longer than the installation's.
    pub fn own(self, wanted: wire::TimeOuts) -> Result<OwnTimeOuts, OutOfBounds> {
        let within = |seconds: Option<u32>, most: Duration| match seconds {
            None => Ok(None),
            Some(seconds) => {
                let time = Duration::from_secs(seconds.into());
                let fits = (LEAST..=most).contains(&time);
                fits.then_some(Some(time)).ok_or(OutOfBounds)
            }
        };
        Ok(OwnTimeOuts {
            empty: within(wanted.empty, self.empty)?,
            host_absent: within(wanted.host_absent, self.host_absent)?,
            longest: within(wanted.longest, self.longest)?,
            idle_share: within(wanted.idle_share, self.idle_share)?,
        })
    }

    /// What holds for a meeting: an installation that became stricter is so for all.
    pub fn with(self, own: OwnTimeOuts) -> Self {
        let shorter = |own: Option<Duration>, most: Duration| own.map_or(most, |own| own.min(most));
        Self {
            empty: shorter(own.empty, self.empty),
            host_absent: shorter(own.host_absent, self.host_absent),
            longest: shorter(own.longest, self.longest),
            idle_share: shorter(own.idle_share, self.idle_share),
        }
    }

    fn end(self, attendance: Attendance) -> (Timestamp, EndCause) {
        let Attendance {
            started_at,
            empty_since,
            unled_since,
        } = attendance;
        let longest = (started_at.plus(self.longest), EndCause::TooLong);
        let others = match (empty_since, unled_since) {
            // That nobody leads nobody is nothing to wait for.
            (Some(since), _) => Some((since.plus(self.empty), EndCause::Empty)),
            (None, Some(since)) => Some((since.plus(self.host_absent), EndCause::HostAbsent)),
            (None, None) => None,
        };
        others
            .into_iter()
            .fold(longest, |first, other| match other.0 < first.0 {
                true => other,
                false => first,
            })
    }
}

impl TimeOut {
    /// Looks at the meeting as it is at `now`.
    pub fn look(&mut self, now: Timestamp, limits: TimeOuts, attendance: Attendance) -> Outlook {
        let (at, cause) = limits.end(attendance);
        let warns_at = at.minus(FIRST_WARNING);
        if attendance.empty_since.is_some() {
            self.warned_since = None;
            return match now < at {
                true => Outlook::GoesOn { until: at },
                false => Outlook::Over(cause),
            };
        }
        if now < warns_at {
            self.warned_since = None;
            return Outlook::GoesOn { until: warns_at };
        }
        let warned_since = *self.warned_since.get_or_insert(now);
        let at = at.max(warned_since.plus(LAST_WARNING));
        if now >= at {
            return Outlook::Over(cause);
        }
        let is_near = now >= at.minus(LAST_WARNING);
        Outlook::EndsSoon {
            ending: Ending { at, cause, is_near },
            until: match is_near {
                true => at,
                false => at.minus(LAST_WARNING),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMITS: TimeOuts = TimeOuts {
        empty: Duration::from_secs(30 * 60),
        host_absent: Duration::from_secs(20 * 60),
        longest: Duration::from_secs(4 * 60 * 60),
        idle_share: Duration::from_secs(10 * 60),
    };

    // Shows: REQ-LO-03.
    #[test]
    fn an_empty_meeting_ends_after_its_time() {
        let mut time_out = TimeOut::default();
        let empty = Attendance {
            empty_since: Some(at(60)),
            unled_since: Some(at(60)),
            ..attended()
        };

        assert_eq!(look(&mut time_out, 89, empty), goes_on(90));
        assert_eq!(
            look(&mut time_out, 90, empty),
            Outlook::Over(EndCause::Empty)
        );
    }

    // Shows: REQ-LO-03.
    #[test]
    fn a_meeting_that_nobody_leads_warns_twice_and_ends_unless_somebody_does() {
        let mut time_out = TimeOut::default();
        let unled = Attendance {
            unled_since: Some(at(10)),
            ..attended()
        };

        assert_eq!(look(&mut time_out, 24, unled), goes_on(25));
        assert_eq!(
            look(&mut time_out, 25, unled),
            ends(30, EndCause::HostAbsent, 29)
        );
        assert_eq!(look(&mut time_out, 26, attended()), goes_on(235));
        assert_eq!(
            look(&mut time_out, 27, unled),
            ends(30, EndCause::HostAbsent, 29)
        );
        assert_eq!(
            look(&mut time_out, 29, unled),
            ends(30, EndCause::HostAbsent, 30)
        );
        assert_eq!(
            look(&mut time_out, 30, unled),
            Outlook::Over(EndCause::HostAbsent)
        );
    }

    // Shows: REQ-LO-03.
    #[test]
    fn no_meeting_is_longer_than_the_longest() {
        let mut time_out = TimeOut::default();

        assert_eq!(
            look(&mut time_out, 235, attended()),
            ends(240, EndCause::TooLong, 239)
        );
        assert_eq!(
            look(&mut time_out, 240, attended()),
            Outlook::Over(EndCause::TooLong)
        );
    }

    #[test]
    fn a_meeting_has_shorter_times_of_its_own_and_no_longer_ones() {
        let wanted = |seconds| wire::TimeOuts {
            host_absent: Some(seconds),
            ..wire::TimeOuts::default()
        };
        let own = LIMITS.own(wanted(300)).unwrap();

        assert_eq!(LIMITS.with(own).host_absent, Duration::from_secs(300));
        assert_eq!(LIMITS.with(own).longest, LIMITS.longest);
        for seconds in [0, 119, 20 * 60 + 1, u32::MAX] {
            assert_eq!(LIMITS.own(wanted(seconds)), Err(OutOfBounds), "{seconds}");
        }
        let stricter = TimeOuts {
            host_absent: Duration::from_secs(120),
            ..LIMITS
        };
        assert_eq!(stricter.with(own).host_absent, Duration::from_secs(120));
        assert!(TimeOuts::default().are_sound());
    }

    proptest! {
        /// However people come and go: nobody is put out unwarned, and no meeting outlives its time by more than a warning.
        #[test]
        fn nobody_is_put_out_unwarned(
            steps in prop::collection::vec((0_i64..40, any::<bool>(), any::<bool>()), 1..60),
        ) {
            let mut time_out = TimeOut::default();
            let (mut minute, mut empty_since, mut unled_since) = (0, None, None);
            let mut warned: Option<i64> = None;
            for (wait, is_empty, is_led) in steps {
                let attendance = Attendance { started_at: at(0), empty_since, unled_since };
                for _ in 0..wait {
                    match look(&mut time_out, minute, attendance) {
                        Outlook::Over(cause) => {
                            let told = warned.is_some_and(|since| minute > since);
                            prop_assert!(told || cause == EndCause::Empty || empty_since.is_some());
                            prop_assert!(minute <= 241);
                            return Ok(());
                        }
                        Outlook::EndsSoon { .. } => { warned.get_or_insert(minute); }
                        Outlook::GoesOn { until } => {
                            prop_assert!(until > at(minute));
                            warned = None;
                        }
                    }
                    minute += 1;
                }
                empty_since = is_empty.then(|| empty_since.unwrap_or(at(minute)));
                let leads = is_led && !is_empty;
                unled_since = (!leads).then(|| unled_since.unwrap_or(at(minute)));
            }
            prop_assert!(minute <= 242);
        }
    }

    fn attended() -> Attendance {
        Attendance {
            started_at: at(0),
            empty_since: None,
            unled_since: None,
        }
    }

    fn look(time_out: &mut TimeOut, minute: i64, attendance: Attendance) -> Outlook {
        time_out.look(at(minute), LIMITS, attendance)
    }

    fn goes_on(minute: i64) -> Outlook {
        Outlook::GoesOn { until: at(minute) }
    }

    fn ends(minute: i64, cause: EndCause, until: i64) -> Outlook {
        Outlook::EndsSoon {
            ending: Ending {
                at: at(minute),
                cause,
                is_near: until == minute,
            },
            until: at(until),
        }
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_micros(minute * 60_000_000)
    }
}

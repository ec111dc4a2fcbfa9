//! How much of everything one server takes on.

use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::duration;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Connections to the main listener.
    pub connections: usize,
    /// Bytes of a request's body.
    pub body: usize,
    /// From the first byte of a request to the last byte of its answer, unless it is a WebSocket.
    #[serde(deserialize_with = "duration::deserialize")]
    pub request_time: Duration,
    /// Requests that change something, or try to, and media connections made or resumed, from one machine;
    /// ten times as many at once.
    pub changes_per_second: NonZeroU32,
    /// Rooms that one media thread holds at one time.
    pub meetings: usize,
    /// People in one meeting, with those who wait for its host. The lobby has places of its own.
    pub participants: usize,
}

impl Limits {
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let within = |key, range: RangeInclusive<usize>, value, must| match range.contains(&value) {
            true => Ok(()),
            false => Err((key, must)),
        };
        within(
            "limits.connections",
            1..=1_000_000,
            self.connections,
            "1 to 1000000",
        )?;
        within(
            "limits.body",
            1_024..=MOST_BODY,
            self.body,
            "1024 to 16777216",
        )?;
        within("limits.meetings", 1..=100_000, self.meetings, "1 to 100000")?;
        within(
            "limits.participants",
            1..=1_000,
            self.participants,
            "1 to 1000",
        )?;
        if self.changes_per_second > MOST_CHANGES {
            return Err(("limits.changes_per_second", "1 to 100000"));
        }
        if self.request_time > LONGEST_REQUEST {
            return Err(("limits.request_time", "1s to 10m"));
        }
        Ok(())
    }
}

/// Held in memory for each request under way.
const MOST_BODY: usize = 16 * 1_024 * 1_024;
/// Each may write an entry; no disk takes more.
const MOST_CHANGES: NonZeroU32 = NonZeroU32::new(100_000).expect("it is not zero");
const LONGEST_REQUEST: Duration = Duration::from_secs(10 * 60);

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            body: 64 * 1_024,
            request_time: Duration::from_secs(30),
            changes_per_second: NonZeroU32::new(50).expect("fifty is not zero"),
            meetings: 1_000,
            participants: 300,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_has_an_upper_bound_of_its_own() {
        let with = |change: fn(&mut Limits)| {
            let mut limits = Limits::default();
            change(&mut limits);
            limits.check().err().map(|(key, _)| key)
        };

        assert_eq!(with(|_| {}), None);
        for (change, key) in [
            (
                (|limits| limits.connections = usize::MAX) as fn(&mut Limits),
                "limits.connections",
            ),
            (|limits| limits.connections = 0, "limits.connections"),
            (|limits| limits.body = usize::MAX, "limits.body"),
            (
                |limits| limits.changes_per_second = NonZeroU32::MAX,
                "limits.changes_per_second",
            ),
            (|limits| limits.meetings = usize::MAX, "limits.meetings"),
            (|limits| limits.participants = 0, "limits.participants"),
            (|limits| limits.participants = 1_001, "limits.participants"),
            (
                |limits| limits.request_time = Duration::MAX,
                "limits.request_time",
            ),
        ] {
            assert_eq!(with(change), Some(key));
        }
    }
}

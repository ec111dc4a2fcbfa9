//! How much of everything one server takes on.

use std::num::NonZeroU32;
use std::time::Duration;

use serde::Deserialize;

use super::duration;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Connections to the main listener.
    pub connections: usize,
    /// Bytes of a request's body.
    pub body: usize,
    /// From the first byte of a request to the last byte of its answer, unless it is a WebSocket.
    #[serde(deserialize_with = "duration::deserialize")]
    pub request_time: Duration,
    /// Requests that change something, or try to, from one machine; ten times as many at once.
    pub changes_per_second: NonZeroU32,
    /// Rooms that one media thread holds at one time.
    pub meetings: usize,
    /// People in one meeting, with those who wait.
    pub participants: usize,
}

impl Limits {
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        for (key, value) in [
            ("limits.connections", self.connections),
            ("limits.meetings", self.meetings),
            ("limits.participants", self.participants),
        ] {
            if value == 0 {
                return Err((key, "at least 1"));
            }
        }
        if self.body < 1_024 {
            return Err(("limits.body", "at least 1024"));
        }
        Ok(())
    }
}

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

//! How often the rules for anomalies look at what the log gained.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::duration;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Anomalies {
    /// Between two looks.
    #[serde(deserialize_with = "duration::deserialize")]
    pub every: Duration,
}

impl Anomalies {
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let bounds = Duration::from_secs(1)..=Duration::from_secs(60 * 60);
        match bounds.contains(&self.every) {
            true => Ok(()),
            false => Err(("anomalies.every", "1s to 1h")),
        }
    }
}

impl Default for Anomalies {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(60),
        }
    }
}

//! How a server shows which of its safeguards hold.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::duration;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Evidence {
    /// Between two rounds in which everything is tried and judged.
    #[serde(deserialize_with = "duration::deserialize")]
    pub every: Duration,
    /// A signed report of the tests of this very program.
    pub tests: Option<PathBuf>,
    /// The key that it is signed with, as C2SP's signed notes write keys: `name+id+key`.
    pub tests_key: Option<String>,
}

impl Evidence {
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let bounds = Duration::from_secs(1)..=Duration::from_secs(60 * 60);
        if !bounds.contains(&self.every) {
            return Err(("evidence.every", "1s to 1h"));
        }
        if self.tests.is_some() != self.tests_key.is_some() {
            return Err(("evidence.tests", "set together with evidence.tests_key"));
        }
        Ok(())
    }
}

impl Default for Evidence {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(30),
            tests: None,
            tests_key: None,
        }
    }
}

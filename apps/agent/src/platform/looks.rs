//! Looks at a picture again and again, where the system does not say that it changed.

use std::time::{Duration, Instant};

use super::handbell::{Bell, Woken, after};
use super::{Fault, Seen};

#[derive(Clone)]
pub(super) struct Looks {
    bell: Bell,
}

impl Looks {
    pub(super) fn new() -> Self {
        Self {
            bell: Bell::silent(),
        }
    }

    /// From then on it ends a wait.
    pub(super) fn heed(&mut self, bell: Bell) {
        self.bell = bell;
    }

    /// What the first look shows that shows something.
    pub(super) fn until_seen(
        &self,
        within: Duration,
        mut look: impl FnMut() -> Result<Option<Seen>, Fault>,
    ) -> Result<Option<Seen>, Fault> {
        let until = after(within);
        loop {
            if let Some(seen) = look()? {
                return Ok(Some(seen));
            }
            let again = (Instant::now() + BETWEEN_LOOKS).min(until);
            match self.bell.or(again, || None::<()>) {
                Woken::Late if Instant::now() < until => {}
                Woken::By(()) | Woken::ByBell | Woken::Late => return Ok(None),
            }
        }
    }
}

/// Fifteen a second: each look costs a picture.
const BETWEEN_LOOKS: Duration = Duration::from_millis(66);

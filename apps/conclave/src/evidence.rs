//! What this server knows of its own safeguards while it runs: what it tried, and which tests of this program were signed.
//!
//! # Security
//!
//! Nobody makes a sentence true by a file: a report of tests counts when the key that the operator named has signed it, and
//! when it is about the very program that runs, by the hash of its file. Who controls the server can show anything all the
//! same; what they showed is on record.

mod certificate;
mod decisions;
mod handshake;
mod inquiry;
mod paper;
mod program;
mod registers;
mod reports;
mod rounds;
mod statement;
mod test_vectors;
mod traces;
mod trials;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use conclave_policy::evidence::{Observation, Probe, Tests};
use conclave_protocol::Timestamp;

use crate::config;

pub(crate) use decisions::decided;
pub(crate) use inquiry::Inquiry;
pub(crate) use paper::in_print;
pub(crate) use program::of_this_program;
pub(crate) use registers::{assessed, kept};
pub(crate) use reports::sign as sign_report;
pub(crate) use rounds::Rounds;
pub(crate) use statement::{Past, Registers, Statement, coded, digest, hash};

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Evidence(Arc<Parts>);

struct Parts {
    config: config::Evidence,
    /// Where this server answers.
    main: SocketAddr,
    started_at: Timestamp,
    seen: Mutex<SeenHere>,
}

/// What the last round came to.
#[derive(Clone, Default)]
pub(crate) struct SeenHere {
    pub(crate) observations: BTreeMap<Probe, Observation>,
    pub(crate) tests: Tests,
    /// Until when what the last round saw is good.
    pub(crate) watched_until: Option<Timestamp>,
    /// The moment that the last finished round was about.
    pub(crate) judged_at: Option<Timestamp>,
}

impl Evidence {
    pub(crate) fn new(config: &config::Evidence, main: SocketAddr, started_at: Timestamp) -> Self {
        Self(Arc::new(Parts {
            config: config.clone(),
            main,
            started_at,
            seen: Mutex::default(),
        }))
    }

    /// Whether what the record says of a moment is all that it will say of it. A state that changed since the last
    /// finished round is not on record yet; until the first one, what earlier runs of the server left is.
    pub(crate) fn is_on_record(&self, at: Timestamp, now: Timestamp) -> bool {
        let judged_at = self.seen().judged_at.unwrap_or(self.0.started_at);
        at <= judged_at && now.since(at) >= SETTLED
    }

    fn seen(&self) -> MutexGuard<'_, SeenHere> {
        self.0.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// No moment is past before: a round takes seconds from its moment to its end.
const SETTLED: Duration = Duration::from_secs(5);

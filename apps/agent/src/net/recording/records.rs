//! Records that no chunk holds yet, whole.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

#[derive(Default)]
pub(super) struct Records {
    waiting: VecDeque<Vec<u8>>,
    /// When the first of them came.
    since: Option<Instant>,
}

/// In bytes: so much makes a chunk, before it is sealed.
const CHUNK: usize = 256 << 10;
/// What is recorded waits no longer to be a chunk.
pub(super) const CHUNK_TIME: Duration = Duration::from_secs(10);

impl Records {
    pub(super) fn push(&mut self, now: Instant, records: Vec<u8>) {
        self.since.get_or_insert(now);
        self.waiting.push_back(records);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// When a chunk is made of them, however little there is.
    pub(super) fn due(&self) -> Option<Instant> {
        self.since.map(|since| since + CHUNK_TIME)
    }

    /// `None`: not yet. `is_over`: no more come, and the last chunk may be empty.
    pub(super) fn chunk(&mut self, now: Instant, is_over: bool) -> Option<Vec<u8>> {
        let is_due = self.due().is_some_and(|due| now >= due);
        let length: usize = self.waiting.iter().map(Vec::len).sum();
        if !is_over && !is_due && length < CHUNK {
            return None;
        }
        let mut chunk = Vec::new();
        while let Some(records) = self.waiting.pop_front_if(|_| chunk.len() < CHUNK) {
            chunk.extend(records);
        }
        self.since = (!self.waiting.is_empty()).then_some(now);
        (is_over || !chunk.is_empty()).then_some(chunk)
    }
}

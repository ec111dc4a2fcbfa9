//! A recording on its way to the server: sealed here, brought in its order, and again after a while if the server can't be
//! reached.

mod errand;
mod pieces;
mod records;
mod sealing;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use conclave_client::e2ee::Seed;
use conclave_client::protocol::recording::{PieceKept, RecordingBegun};
use uuid::Uuid;

use super::feedback::FeedbackSeal;
use pieces::{Piece, Pieces};
use records::Records;
use sealing::Sealing;

pub(super) use errand::{Came, Errand};

pub(super) struct Recording {
    /// Of this one alone: asked again under it, the server begins one recording.
    key: Uuid,
    records: Records,
    sealing: Option<Sealing>,
    pieces: Pieces,
    /// In bytes, of all that waits.
    waiting: usize,
    standing: Standing,
    is_under_way: bool,
    failures: u32,
    /// Not before.
    again_at: Option<Instant>,
    /// The server has to have named the key by then.
    begun_by: Instant,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    GoesOn,
    /// Nothing more is recorded.
    Over,
    Done,
    Lost,
}

/// As long as a session survives without a connection: until then the person is told that they are recorded.
pub(super) const BEGUN_WITHIN: Duration = Duration::from_secs(60);
/// In bytes: some minutes of a busy screen without a connection.
const MOST_WAITING: usize = 32 << 20;
const FIRST_DELAY: Duration = Duration::from_secs(1);
/// Of the exponent: the longest delay is 16 seconds.
const MOST_DOUBLINGS: u32 = 4;

impl Recording {
    pub(super) fn begin(now: Instant) -> Self {
        Self {
            key: drawn(),
            records: Records::default(),
            sealing: None,
            pieces: Pieces::default(),
            waiting: 0,
            standing: Standing::GoesOn,
            is_under_way: false,
            failures: 0,
            again_at: None,
            begun_by: now + BEGUN_WITHIN,
        }
    }

    /// What is asked for it is answered to it, and to no other.
    pub(super) fn key(&self) -> Uuid {
        self.key
    }

    /// Records, whole.
    pub(super) fn push(&mut self, now: Instant, records: Vec<u8>) {
        self.waiting += records.len();
        if self.waiting > MOST_WAITING {
            tracing::warn!("too much of the recording waits for the server");
            self.standing = Standing::Lost;
            return;
        }
        self.records.push(now, records);
    }

    /// Nothing more is recorded.
    pub(super) fn finish(&mut self) {
        if self.standing == Standing::GoesOn {
            self.standing = Standing::Over;
        }
    }

    pub(super) fn goes_on(&self) -> bool {
        self.standing == Standing::GoesOn
    }

    /// The server has named no key for it yet.
    pub(super) fn is_to_begin(&self) -> bool {
        self.sealing.is_none()
    }

    /// Without it nothing that is sealed to this one opens.
    pub(super) fn brings_header(&self) -> bool {
        self.pieces.first().is_some_and(|piece| piece.number == 0)
    }

    pub(super) fn is_done(&self) -> bool {
        self.standing == Standing::Done
    }

    /// For what is said of it afterwards: once, when all of it is sealed.
    pub(super) fn feedback_seal(&mut self) -> Option<FeedbackSeal> {
        let sealing = self.sealing.as_mut()?;
        let afterword = sealing.afterword.take()?;
        Some(FeedbackSeal {
            recording: sealing.recording,
            key: drawn(),
            afterword,
        })
    }

    /// What the server has named no key for in time is recorded in vain.
    pub(super) fn look(&mut self, now: Instant) {
        if self.given_up_at().is_some_and(|at| now >= at) {
            tracing::warn!("the server does not begin the recording");
            self.standing = Standing::Lost;
        }
    }

    /// Unless the server begins it.
    pub(super) fn given_up_at(&self) -> Option<Instant> {
        let waits = self.is_to_begin() && self.goes_on();
        waits.then_some(self.begun_by)
    }

    pub(super) fn is_lost(&self) -> bool {
        self.standing == Standing::Lost
    }

    /// What to ask at this time, if anything; told about by [`Self::came`].
    pub(super) fn next(&mut self, now: Instant) -> Option<Errand> {
        let waits = self.again_at.is_some_and(|at| now < at);
        let is_at_rest = matches!(self.standing, Standing::Done | Standing::Lost);
        if self.is_under_way || waits || is_at_rest {
            return None;
        }
        self.seal(now);
        let errand = self.errand()?;
        self.is_under_way = true;
        Some(errand)
    }

    fn errand(&self) -> Option<Errand> {
        let Some(sealing) = &self.sealing else {
            return Some(Errand::Begin { key: self.key });
        };
        let recording = sealing.recording;
        if let Some(piece) = self.pieces.first() {
            return Some(Errand::Bring {
                recording,
                number: piece.number,
                bytes: piece.bytes.clone(),
            });
        }
        let manifest = sealing.manifest.clone()?;
        Some(Errand::End {
            recording,
            manifest,
        })
    }

    /// `seed`: for what begins now.
    pub(super) fn came(&mut self, now: Instant, came: Came, seed: Option<Seed>) {
        // Of one that was given up meanwhile.
        if !std::mem::take(&mut self.is_under_way) {
            return;
        }
        match came {
            Came::Later => return self.rest(now),
            Came::Refused => {
                tracing::warn!("the server does not keep the recording");
                self.standing = Standing::Lost;
            }
            Came::Begun(begun) => self.begun(&begun, seed),
            Came::Kept(kept) => self.kept(kept),
            Came::Ended => self.standing = Standing::Done,
        }
        self.failures = 0;
        self.again_at = None;
    }

    fn rest(&mut self, now: Instant) {
        let doublings = self.failures.min(MOST_DOUBLINGS);
        self.failures += 1;
        self.again_at = Some(now + FIRST_DELAY * 2_u32.pow(doublings));
    }

    pub(super) fn wake(&self) -> Option<Instant> {
        if self.is_under_way {
            return None;
        }
        let is_brought = self.sealing.is_some() && self.pieces.is_empty();
        let due = self.records.due().filter(|_| is_brought);
        self.again_at.or(due)
    }

    fn begun(&mut self, begun: &RecordingBegun, seed: Option<Seed>) {
        match seed.and_then(|seed| Sealing::begin(begun, seed)) {
            Some((sealing, header)) => {
                self.sealing = Some(sealing);
                self.put(header);
            }
            None => self.standing = Standing::Lost,
        }
    }

    /// It never wants one again that it had.
    fn kept(&mut self, PieceKept { next }: PieceKept) {
        match self.pieces.kept(next) {
            Ok(bytes) => self.waiting = self.waiting.saturating_sub(bytes),
            Err(pieces::WantedAgain) => self.standing = Standing::Lost,
        }
    }

    /// As many chunks as there are; the last once nothing more is recorded.
    pub(super) fn seal(&mut self, now: Instant) {
        while let Some(chunk) = self.chunk(now) {
            self.waiting = self.waiting.saturating_sub(chunk.len());
            match self.sealed(&chunk) {
                Some(piece) => self.put(piece),
                None => {
                    self.standing = Standing::Lost;
                    return;
                }
            }
        }
    }

    /// `None`: not yet, or never again.
    fn chunk(&mut self, now: Instant) -> Option<Vec<u8>> {
        let is_open = self.sealing.as_ref().is_some_and(|it| !it.is_finished());
        let is_over = self.standing == Standing::Over;
        match is_open {
            true => self.records.chunk(now, is_over),
            false => None,
        }
    }

    /// The last, where nothing is left to be recorded.
    fn sealed(&mut self, chunk: &[u8]) -> Option<Piece> {
        let is_last = self.standing == Standing::Over && self.records.is_empty();
        self.sealing.as_mut()?.seal(chunk, is_last)
    }

    fn put(&mut self, piece: Piece) {
        self.waiting += piece.bytes.len();
        self.pieces.put(piece);
    }
}

/// Without randomness nothing is sealed either.
fn drawn() -> Uuid {
    let mut bytes = [0; 16];
    let _drawn = getrandom::fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

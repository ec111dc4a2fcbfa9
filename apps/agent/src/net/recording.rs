//! A recording on its way to the server: sealed here, brought in its order, and again after a while if the server can't be
//! reached.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use conclave_client::e2ee::Seed;
use conclave_client::e2ee::recording::{Afterword, Binding, Sealer};
use conclave_client::protocol::recording::{PieceKept, RecordingBegun};
use uuid::Uuid;

use super::feedback::FeedbackSeal;

pub(super) struct Recording {
    /// Of this one alone: asked again under it, the server begins one recording.
    key: Uuid,
    /// Records that no chunk holds yet, whole.
    plain: VecDeque<Vec<u8>>,
    /// When the first of them came.
    since: Option<Instant>,
    sealing: Option<Sealing>,
    /// Sealed, and not kept by the server yet.
    pieces: VecDeque<Piece>,
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

struct Sealing {
    recording: Uuid,
    /// Of the last piece that was sealed.
    number: u32,
    /// Until the last chunk.
    sealer: Option<Sealer>,
    manifest: Option<Vec<u8>>,
    /// From then on, until it is taken.
    afterword: Option<Afterword>,
}

struct Piece {
    number: u32,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    GoesOn,
    /// Nothing more is recorded.
    Over,
    Done,
    Lost,
}

/// What to ask of the server.
pub(super) enum Errand {
    Begin {
        key: Uuid,
    },
    Bring {
        recording: Uuid,
        number: u32,
        bytes: Vec<u8>,
    },
    End {
        recording: Uuid,
        manifest: Vec<u8>,
    },
}

/// What came of it.
pub(super) enum Came {
    Begun(RecordingBegun),
    Kept(PieceKept),
    Ended,
    /// It may be done later.
    Later,
    /// It never will.
    Refused,
}

/// In bytes: so much makes a chunk, before it is sealed.
const CHUNK: usize = 256 << 10;
/// What is recorded waits no longer to be a chunk.
const CHUNK_TIME: Duration = Duration::from_secs(10);
/// As long as a session survives without a connection: until then the person is told that they are recorded.
const BEGUN_WITHIN: Duration = Duration::from_secs(60);
/// In bytes: some minutes of a busy screen without a connection.
const MOST_WAITING: usize = 32 << 20;
const FIRST_DELAY: Duration = Duration::from_secs(1);
/// Of the exponent: the longest delay is 16 seconds.
const MOST_DOUBLINGS: u32 = 4;

impl Recording {
    pub(super) fn begin(now: Instant) -> Self {
        Self {
            key: drawn(),
            plain: VecDeque::new(),
            since: None,
            sealing: None,
            pieces: VecDeque::new(),
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
        self.since.get_or_insert(now);
        self.plain.push_back(records);
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
        let waits = self.sealing.is_none() && self.goes_on();
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
        if let Some(piece) = self.pieces.front() {
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
            Came::Later => {
                let doublings = self.failures.min(MOST_DOUBLINGS);
                self.failures += 1;
                self.again_at = Some(now + FIRST_DELAY * 2_u32.pow(doublings));
                return;
            }
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

    pub(super) fn wake(&self) -> Option<Instant> {
        if self.is_under_way {
            return None;
        }
        let due = self.since.map(|since| since + CHUNK_TIME);
        match self.again_at {
            Some(at) => Some(at),
            None => due.filter(|_| self.sealing.is_some() && self.pieces.is_empty()),
        }
    }

    fn begun(&mut self, begun: &RecordingBegun, seed: Option<Seed>) {
        let binding = Binding {
            organisation: begun.organisation.0.into_bytes(),
            session: begun.session.0.into_bytes(),
            recording: begun.recording.into_bytes(),
        };
        let public = begun.public.as_bytes();
        let sealer = seed.and_then(|seed| Sealer::begin(public, binding, seed));
        let Some(sealer) = sealer else {
            self.standing = Standing::Lost;
            return;
        };
        self.put(0, sealer.header().to_vec());
        self.sealing = Some(Sealing {
            recording: begun.recording,
            number: 0,
            sealer: Some(sealer),
            manifest: None,
            afterword: None,
        });
    }

    /// The server has all before the number that it wants next. It never wants one again that it had.
    fn kept(&mut self, PieceKept { next }: PieceKept) {
        let wanted = self.pieces.front().map(|piece| piece.number);
        if wanted.is_some_and(|wanted| next < wanted) {
            self.standing = Standing::Lost;
            return;
        }
        while let Some(piece) = self.pieces.pop_front_if(|piece| piece.number < next) {
            self.waiting = self.waiting.saturating_sub(piece.bytes.len());
        }
    }

    /// As many chunks as there are; the last once nothing more is recorded.
    fn seal(&mut self, now: Instant) {
        while let Some(chunk) = self.chunk(now) {
            self.waiting = self.waiting.saturating_sub(chunk.len());
            if !self.seal_chunk(&chunk) {
                self.standing = Standing::Lost;
                return;
            }
        }
    }

    /// `None`: not yet, or never again.
    fn chunk(&mut self, now: Instant) -> Option<Vec<u8>> {
        self.sealing.as_ref()?.sealer.as_ref()?;
        let is_over = self.standing == Standing::Over;
        let is_due = self.since.is_some_and(|since| now >= since + CHUNK_TIME);
        let length: usize = self.plain.iter().map(Vec::len).sum();
        if !is_over && !is_due && length < CHUNK {
            return None;
        }
        let mut chunk = Vec::new();
        while let Some(records) = self.plain.pop_front_if(|_| chunk.len() < CHUNK) {
            chunk.extend(records);
        }
        self.since = (!self.plain.is_empty()).then_some(now);
        (is_over || !chunk.is_empty()).then_some(chunk)
    }

    /// The last, where nothing is left to be recorded. False: there is no place for it.
    fn seal_chunk(&mut self, chunk: &[u8]) -> bool {
        let is_last = self.standing == Standing::Over && self.plain.is_empty();
        let Some(sealing) = &mut self.sealing else {
            return false;
        };
        sealing.number += 1;
        let number = sealing.number;
        let sealed = match is_last {
            true => sealing.finish(chunk),
            false => sealing.seal(chunk),
        };
        match sealed {
            Some(sealed) => {
                self.put(number, sealed);
                true
            }
            None => false,
        }
    }

    fn put(&mut self, number: u32, bytes: Vec<u8>) {
        self.waiting += bytes.len();
        self.pieces.push_back(Piece { number, bytes });
    }
}

impl Sealing {
    fn seal(&mut self, chunk: &[u8]) -> Option<Vec<u8>> {
        self.sealer.as_mut()?.seal(chunk).ok()
    }

    fn finish(&mut self, chunk: &[u8]) -> Option<Vec<u8>> {
        let finished = self.sealer.take()?.finish(chunk).ok()?;
        self.manifest = Some(finished.manifest);
        self.afterword = Some(finished.afterword);
        Some(finished.last_chunk)
    }
}

/// Without randomness nothing is sealed either.
fn drawn() -> Uuid {
    let mut bytes = [0; 16];
    let _drawn = getrandom::fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use conclave_client::e2ee::recording::{Opener, RecordingKeys, Wholeness};
    use conclave_client::protocol::recording::PublicKey;
    use conclave_client::protocol::{OrganisationId, SupportSessionId};

    use super::*;

    fn seed(number: u8) -> Seed {
        Seed([number; 32].into())
    }

    fn keys() -> RecordingKeys {
        RecordingKeys::generate(seed(1))
    }

    fn begun() -> RecordingBegun {
        RecordingBegun {
            recording: Uuid::from_u128(3),
            organisation: OrganisationId(Uuid::from_u128(1)),
            session: SupportSessionId(Uuid::from_u128(2)),
            public: PublicKey::new(keys().public().to_vec()).unwrap(),
        }
    }

    fn binding() -> Binding {
        Binding {
            organisation: Uuid::from_u128(1).into_bytes(),
            session: Uuid::from_u128(2).into_bytes(),
            recording: Uuid::from_u128(3).into_bytes(),
        }
    }

    /// A server that keeps everything, until nothing is to be asked any more.
    fn serve(recording: &mut Recording, now: Instant, kept: &mut Vec<Vec<u8>>) -> Option<Vec<u8>> {
        let mut ended = None;
        while let Some(errand) = recording.next(now) {
            let came = match errand {
                Errand::Begin { .. } => Came::Begun(begun()),
                Errand::Bring { number, bytes, .. } => {
                    assert_eq!(number as usize, kept.len());
                    kept.push(bytes);
                    let next = number + 1;
                    Came::Kept(PieceKept { next })
                }
                Errand::End { manifest, .. } => {
                    ended = Some(manifest);
                    Came::Ended
                }
            };
            recording.came(now, came, Some(seed(2)));
        }
        ended
    }

    // Shows: REQ-AU-04.
    #[test]
    fn all_that_was_recorded_is_kept_in_its_order_and_opens_whole() {
        let now = Instant::now();
        let (mut recording, mut kept) = (Recording::begin(now), Vec::new());
        for number in 0..9 {
            recording.push(now, vec![number; 60 << 10]);
        }
        assert!(serve(&mut recording, now, &mut kept).is_none());
        recording.push(now, vec![9]);
        assert!(recording.feedback_seal().is_none());
        assert!(serve(&mut recording, now, &mut kept).is_none());
        recording.finish();
        let manifest = serve(&mut recording, now, &mut kept).unwrap();

        assert!(recording.is_done());
        let seal = recording.feedback_seal();
        assert!(seal.is_some_and(|seal| seal.recording == begun().recording));
        assert!(recording.feedback_seal().is_none());
        let (header, chunks) = kept.split_first().unwrap();
        let opener = Opener::begin(&keys(), binding(), header, Some(&manifest));
        let mut opener = opener.unwrap();
        let chunks = chunks.iter().map(|chunk| opener.open(chunk).unwrap());
        let plain = chunks.collect::<Vec<_>>().concat();
        assert_eq!(opener.end(), Ok(Wholeness::Whole));
        assert_eq!(plain.len(), 9 * (60 << 10) + 1);
        assert!(plain.is_sorted());
    }

    #[test]
    fn a_server_that_can_not_be_reached_is_asked_again_after_a_while() {
        let now = Instant::now();
        let mut recording = Recording::begin(now);
        let key = recording.key();
        let begins = |errand| matches!(errand, Some(Errand::Begin { key: its }) if its == key);
        assert!(begins(recording.next(now)));
        assert!(recording.next(now).is_none());

        recording.came(now, Came::Later, None);

        assert!(recording.next(now).is_none());
        assert_eq!(recording.wake(), Some(now + FIRST_DELAY));
        // Under the same key: what was begun, and not answered, is not begun twice.
        assert!(begins(recording.next(now + FIRST_DELAY)));
        assert_ne!(Recording::begin(now).key(), key);
    }

    // Shows: REQ-AU-04.
    #[test]
    fn a_server_that_never_names_its_key_is_not_recorded_for() {
        let now = Instant::now();
        let mut recording = Recording::begin(now);
        recording.push(now, vec![1]);
        assert!(recording.next(now).is_some());
        let given_up = recording.given_up_at().unwrap();
        assert_eq!(given_up, now + BEGUN_WITHIN);

        recording.look(given_up - Duration::from_millis(1));
        assert!(!recording.is_lost());
        recording.look(given_up);

        assert!(recording.is_lost() && recording.given_up_at().is_none());
        let (mut begins, mut kept) = (Recording::begin(now), Vec::new());
        serve(&mut begins, now, &mut kept);
        begins.look(given_up);
        assert!(begins.goes_on() && kept.len() == 1);
    }

    #[test]
    fn what_is_refused_or_too_much_is_lost() {
        let now = Instant::now();
        let mut refused = Recording::begin(now);
        refused.next(now);
        refused.came(now, Came::Refused, None);
        assert!(refused.is_lost() && refused.next(now).is_none());

        let mut full = Recording::begin(now);
        for _ in 0..=MOST_WAITING / (1 << 20) {
            full.push(now, vec![0; 1 << 20]);
        }
        assert!(full.is_lost());
    }

    #[test]
    fn what_is_recorded_slowly_is_brought_after_some_seconds() {
        let now = Instant::now();
        let (mut recording, mut kept) = (Recording::begin(now), Vec::new());
        recording.push(now, vec![1]);
        serve(&mut recording, now, &mut kept);
        assert_eq!(kept.len(), 1);
        assert_eq!(recording.wake(), Some(now + CHUNK_TIME));

        serve(&mut recording, now + CHUNK_TIME, &mut kept);

        assert_eq!(kept.len(), 2);
    }
}

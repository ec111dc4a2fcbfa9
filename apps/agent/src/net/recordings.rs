//! The recordings of a session: brought one after the other, each begun as soon as the person says yes.
//!
//! What one still has to bring keeps the next one from being brought, but not from being begun: so a server that takes its
//! time over the first has no more of it for the second, and a slow line loses none. Nor does it keep back what the person says
//! afterwards, which is sealed with the last: what is over is sealed at once, and headers wait for nothing.

use std::collections::VecDeque;
use std::time::Instant;

use conclave_client::e2ee::Seed;
use uuid::Uuid;

use super::feedback::FeedbackSeal;
use super::recording::{Came, Errand, Recording};

/// The last may go on.
#[derive(Default)]
pub(super) struct Recordings(VecDeque<Recording>);

impl Recordings {
    /// Unless the last goes on.
    pub(super) fn begin(&mut self, now: Instant) {
        if !self.0.back().is_some_and(Recording::goes_on) {
            self.0.push_back(Recording::begin(now));
        }
    }

    /// Of the last.
    pub(super) fn push(&mut self, now: Instant, records: Vec<u8>) {
        if let Some(recording) = self.0.back_mut() {
            recording.push(now, records);
        }
    }

    pub(super) fn finish(&mut self) {
        self.0.iter_mut().for_each(Recording::finish);
    }

    /// Whether the last is lost, and given up.
    pub(super) fn loses_last(&mut self, now: Instant) -> bool {
        if let Some(last) = self.0.back_mut() {
            last.look(now);
        }
        self.0.pop_back_if(|last| last.is_lost()).is_some()
    }

    /// In their order, each once.
    pub(super) fn feedback_seals(&mut self) -> impl Iterator<Item = FeedbackSeal> {
        self.0.iter_mut().filter_map(Recording::feedback_seal)
    }

    /// Nothing is asked any more for what was brought, or is lost.
    pub(super) fn forget_done(&mut self) {
        self.0.retain(|it| !it.is_done() && !it.is_lost());
    }

    pub(super) fn forget_unfinished(&mut self) {
        self.0.retain(|it| !it.goes_on());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What to ask of the server at this time, each under the key of its recording; told about by [`Self::came`].
    pub(super) fn next(&mut self, now: Instant) -> Vec<(Uuid, Errand)> {
        let over = self.0.iter_mut().filter(|it| !it.goes_on());
        over.for_each(|it| it.seal(now));
        let places = self.0.iter_mut().enumerate();
        let due = places.filter(|(place, it)| has_its_turn(*place, it));
        due.filter_map(|(_, it)| Some((it.key(), it.next(now)?)))
            .collect()
    }

    /// Of one that was given up meanwhile nothing is heard.
    pub(super) fn came(&mut self, now: Instant, key: Uuid, came: Came, seed: Option<Seed>) {
        if let Some(recording) = self.0.iter_mut().find(|it| it.key() == key) {
            recording.came(now, came, seed);
        }
    }

    /// When to look again.
    pub(super) fn wake(&self) -> Option<Instant> {
        let given_up = self.0.back().and_then(Recording::given_up_at);
        let places = self.0.iter().enumerate();
        let due = places.filter(|(place, it)| has_its_turn(*place, it));
        let asked = due.filter_map(|(_, it)| it.wake());
        asked.chain(given_up).min()
    }
}

/// There is something to bring of it before those that began earlier are brought.
fn has_its_turn(place: usize, recording: &Recording) -> bool {
    place == 0 || recording.is_to_begin() || recording.brings_header()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use conclave_client::e2ee::recording::RecordingKeys;
    use conclave_client::protocol::recording::{PieceKept, PublicKey, RecordingBegun};
    use conclave_client::protocol::{OrganisationId, SupportSessionId};

    use super::*;
    use crate::net::recording::BEGUN_WITHIN;

    const MINUTE: Duration = Duration::from_secs(60);

    fn seed(number: u8) -> Option<Seed> {
        Some(Seed([number; 32].into()))
    }

    fn begun(recording: u128) -> Came {
        let keys = RecordingKeys::generate(Seed([1; 32].into()));
        Came::Begun(RecordingBegun {
            recording: Uuid::from_u128(recording),
            organisation: OrganisationId(Uuid::from_u128(1)),
            session: SupportSessionId(Uuid::from_u128(2)),
            public: PublicKey::new(keys.public().to_vec()).unwrap(),
        })
    }

    /// The server begins what is asked for, and takes each piece that is brought, a minute later.
    fn serve_slowly(recordings: &mut Recordings, now: Instant) -> Vec<(Uuid, u32)> {
        let mut pieces = Vec::new();
        for (key, errand) in recordings.next(now) {
            let (came, at) = match errand {
                Errand::Begin { key } => (begun(key.as_u128()), now),
                Errand::Bring { number, .. } => {
                    pieces.push((key, number));
                    let next = number + 1;
                    (Came::Kept(PieceKept { next }), now + MINUTE)
                }
                Errand::End { .. } => (Came::Ended, now),
            };
            recordings.came(at, key, came, seed(2));
        }
        pieces
    }

    /// One that was recorded for a while before it was withdrawn, and the next.
    fn withdrawn_and_permitted_again(now: Instant) -> Recordings {
        let mut recordings = Recordings::default();
        recordings.begin(now);
        assert!(serve_slowly(&mut recordings, now).is_empty());
        for _ in 0..16 {
            recordings.push(now, vec![7; 256 << 10]);
        }
        recordings.finish();
        recordings.begin(now);
        recordings.push(now, vec![1]);
        recordings
    }

    // Shows: REQ-AU-04.
    #[test]
    fn what_is_permitted_again_is_not_lost_while_a_slow_line_brings_what_was_before() {
        let mut now = Instant::now();
        let mut recordings = withdrawn_and_permitted_again(now);
        let mut pieces = Vec::new();

        while !recordings.0.is_empty() && pieces.len() < 100 {
            pieces.extend(serve_slowly(&mut recordings, now));
            now += MINUTE;
            assert!(!recordings.loses_last(now), "after {pieces:?}");
            recordings.forget_done();
            if recordings.0.len() == 1 {
                recordings.finish();
            }
        }

        // The header and sixteen chunks; and the header, what there was when that went, and the end. Each once.
        assert_eq!(pieces.len(), 17 + 3);
        pieces.sort_unstable();
        pieces.dedup();
        assert_eq!(pieces.len(), 17 + 3);
    }

    // Shows: REQ-AU-04.
    #[test]
    fn no_server_keeps_the_next_one_waiting_by_the_one_before() {
        let now = Instant::now();
        let mut recordings = withdrawn_and_permitted_again(now);
        let mut asked = recordings.next(now).into_iter();
        let (first, brought) = asked.next().unwrap();
        let (second, begin) = asked.next().unwrap();
        assert!(matches!(brought, Errand::Bring { number: 0, .. }));
        assert!(matches!(begin, Errand::Begin { .. }) && first != second);

        // Piece after piece of the first is taken, and the second is never begun.
        let mut at = now;
        let mut next = 0;
        while at < now + BEGUN_WITHIN {
            assert!(!recordings.loses_last(at));
            assert_eq!(recordings.wake(), Some(now + BEGUN_WITHIN));
            next += 1;
            recordings.came(at, first, Came::Kept(PieceKept { next }), None);
            let asked = recordings.next(at);
            assert!(asked.iter().all(|(key, _)| *key == first));
            at += BEGUN_WITHIN / 10;
        }

        assert!(recordings.loses_last(now + BEGUN_WITHIN));
    }

    // Shows: REQ-RS-07, REQ-AU-04.
    #[test]
    fn what_is_said_afterwards_is_sealed_with_the_last_while_the_one_before_is_brought() {
        let now = Instant::now();
        let mut recordings = withdrawn_and_permitted_again(now);
        // What is brought of the first is not answered any more.
        let (second, begin) = recordings.next(now).pop().unwrap();
        assert!(matches!(begin, Errand::Begin { .. }));
        recordings.came(now, second, begun(second.as_u128()), seed(2));
        let asked = recordings.next(now);
        let is_header = |errand: &Errand| matches!(errand, Errand::Bring { number: 0, .. });
        assert!(matches!(asked.as_slice(), [(key, errand)] if *key == second && is_header(errand)));
        recordings.came(now, second, Came::Kept(PieceKept { next: 1 }), None);
        // More of it waits for its turn, and nothing is looked at until then.
        let later = now + MINUTE;
        assert!(recordings.next(later).is_empty());
        assert_eq!(recordings.wake(), None);

        recordings.finish();
        assert!(recordings.next(later).is_empty());

        let last = recordings.feedback_seals().last();
        assert!(last.is_some_and(|seal| seal.recording == second));
    }
}

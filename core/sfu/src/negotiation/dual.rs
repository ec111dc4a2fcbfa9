//! v0: we offer on the subscriber connection, one offer at a time.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::Carried;
use crate::sdp::{Kind, Mid};
use crate::track::TrackKey;

#[derive(Default)]
pub(crate) struct Dual {
    sections: Vec<Section>,
    /// Wanted and without a section, in the order of wanting.
    queue: Vec<(TrackKey, Kind)>,
    pending: Option<Pending>,
    last_id: u32,
    /// The next offer restarts ICE.
    restart: bool,
    /// Answers without a number that may come to offers that were said again.
    surplus: u32,
}

struct Section {
    mid: Mid,
    kind: Kind,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Carries(TrackKey),
    /// Carries nothing, and the client has not been told.
    Stale,
    /// The pending offer says that it carries nothing.
    Deactivating,
    Free,
}

/// An offer that waits for its answer.
struct Pending {
    id: u32,
    since: Instant,
    sdp: Option<String>,
    repeated: u32,
    /// Tracks of the new sections, in the order of the offer's; `None`: dropped meanwhile.
    added: Vec<(Option<TrackKey>, Kind)>,
    /// What the answer makes live.
    starting: Vec<Carried>,
}

/// What the next offer is to say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Proposal {
    pub(crate) add: Vec<(TrackKey, Kind)>,
    pub(crate) reuse: Vec<Carried>,
    pub(crate) deactivate: Vec<Mid>,
    pub(crate) ice_restart: bool,
}

/// A client that does not answer in this time is told to start anew.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

impl Dual {
    pub(crate) fn want(&mut self, track: TrackKey, kind: Kind) {
        if !self.wants(track) {
            self.queue.push((track, kind));
        }
    }

    pub(crate) fn drop(&mut self, track: TrackKey) {
        self.queue.retain(|(queued, _)| *queued != track);
        for section in &mut self.sections {
            if section.state == State::Carries(track) {
                section.state = State::Stale;
            }
        }
        if let Some(pending) = &mut self.pending {
            pending.starting.retain(|carried| carried.track != track);
            for (added, _) in &mut pending.added {
                added.take_if(|added| *added == track);
            }
        }
    }

    pub(crate) fn wants(&self, track: TrackKey) -> bool {
        let queued = self.queue.iter().any(|(queued, _)| *queued == track);
        let added = self.pending.iter().flat_map(|pending| &pending.added);
        queued
            || added.into_iter().any(|(added, _)| *added == Some(track))
            || self
                .sections
                .iter()
                .any(|section| section.state == State::Carries(track))
    }

    pub(crate) fn carried(&self) -> BTreeMap<Mid, TrackKey> {
        self.sections
            .iter()
            .filter_map(|section| match section.state {
                State::Carries(track) => Some((section.mid, track)),
                State::Stale | State::Deactivating | State::Free => None,
            })
            .collect()
    }

    pub(crate) fn request_ice_restart(&mut self) {
        self.restart = true;
    }

    /// What to offer, if there is anything and no offer is out. It is pending from here on.
    pub(crate) fn propose(&mut self, now: Instant) -> Option<Proposal> {
        if self.pending.is_some() {
            return None;
        }
        let proposal = self.collect();
        let is_first = self.last_id == 0;
        if proposal == Proposal::default() && !is_first {
            return None;
        }
        self.last_id += 1;
        self.pending = Some(Pending {
            id: self.last_id,
            since: now,
            sdp: None,
            repeated: 0,
            added: (proposal.add.iter())
                .map(|(track, kind)| (Some(*track), *kind))
                .collect(),
            starting: proposal.reuse.clone(),
        });
        Some(proposal)
    }

    fn collect(&mut self) -> Proposal {
        let mut proposal = Proposal {
            ice_restart: std::mem::take(&mut self.restart),
            ..Proposal::default()
        };
        for (track, kind) in std::mem::take(&mut self.queue) {
            let free =
                |section: &&mut Section| section.kind == kind && section.state == State::Free;
            match self.sections.iter_mut().find(free) {
                Some(section) => {
                    section.state = State::Carries(track);
                    proposal.reuse.push(Carried {
                        track,
                        mid: section.mid,
                    });
                }
                None => proposal.add.push((track, kind)),
            }
        }
        for section in &mut self.sections {
            if section.state == State::Stale {
                section.state = State::Deactivating;
                proposal.deactivate.push(section.mid);
            }
        }
        proposal
    }

    /// The connection made the offer; `added` are the names of [`Proposal::add`]. Its number.
    pub(crate) fn offered(&mut self, sdp: String, added: &[Mid]) -> Option<u32> {
        let pending = self.pending.as_mut()?;
        pending.sdp = Some(sdp);
        for ((track, kind), mid) in std::mem::take(&mut pending.added).into_iter().zip(added) {
            self.sections.push(Section {
                mid: *mid,
                kind,
                state: track.map_or(State::Stale, State::Carries),
            });
            pending
                .starting
                .extend(track.map(|track| Carried { track, mid: *mid }));
        }
        Some(pending.id)
    }

    /// There was nothing to say after all.
    pub(crate) fn not_offered(&mut self) {
        self.pending = None;
    }

    /// Number and text of the offer that waits, to say it again.
    pub(crate) fn repeat(&mut self) -> Option<(u32, String)> {
        let pending = self.pending.as_mut()?;
        let sdp = pending.sdp.clone()?;
        pending.repeated += 1;
        Some((pending.id, sdp))
    }

    /// Whether an answer with this number is for the pending offer. Old clients send 0, and may
    /// answer an offer as often as it was said.
    pub(crate) fn is_answer_to_pending(&mut self, id: u32) -> bool {
        if id == 0 && self.surplus > 0 {
            self.surplus -= 1;
            return false;
        }
        let Some(pending) = &self.pending else {
            return false;
        };
        let fits = pending.sdp.is_some() && (id == 0 || id == pending.id);
        if fits && id == 0 {
            self.surplus = pending.repeated;
        }
        fits
    }

    /// The connection took the answer: what is carried from here on.
    pub(crate) fn answered(&mut self) -> Vec<Carried> {
        let Some(pending) = self.pending.take() else {
            return Vec::new();
        };
        for section in &mut self.sections {
            if section.state == State::Deactivating {
                section.state = State::Free;
            }
        }
        pending.starting
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.pending
            .as_ref()
            .map(|pending| pending.since + ANSWER_TIMEOUT)
    }

    /// The client has time for its answer from here on.
    pub(crate) fn restart_clock(&mut self, now: Instant) {
        if let Some(pending) = &mut self.pending {
            pending.since = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::negotiation::tests::{mid, now, track};

    #[test]
    fn the_first_offer_comes_even_if_there_is_nothing_to_carry() {
        let mut dual = Dual::default();

        assert_eq!(dual.propose(now()), Some(Proposal::default()));
        assert_eq!(dual.offered("sdp".to_owned(), &[]), Some(1));
        assert_eq!(dual.answered(), []);
        assert_eq!(dual.propose(now()), None);
    }

    #[test]
    fn a_second_answer_without_a_number_is_not_taken_for_the_next() {
        let mut dual = Dual::default();
        dual.propose(now());
        dual.offered("sdp".to_owned(), &[]);
        dual.repeat();
        assert!(dual.is_answer_to_pending(0));
        dual.answered();
        dual.want(track(1), Kind::Video);
        dual.propose(now());
        dual.offered("sdp".to_owned(), &[mid("0")]);

        assert!(!dual.is_answer_to_pending(0));

        assert!(dual.is_answer_to_pending(0));
    }

    #[test]
    fn one_offer_is_out_at_a_time_and_later_wishes_wait() {
        let mut dual = Dual::default();
        dual.want(track(1), Kind::Video);
        dual.propose(now()).unwrap();
        dual.want(track(2), Kind::Video);
        assert_eq!(dual.propose(now()), None);

        dual.offered("sdp".to_owned(), &[mid("0")]);
        assert!(!dual.is_answer_to_pending(9));
        assert!(dual.is_answer_to_pending(1) && dual.is_answer_to_pending(0));
        assert_eq!(dual.answered(), [carried(1, "0")]);

        assert_eq!(dual.propose(now()).unwrap().add, [(track(2), Kind::Video)]);
    }

    #[test]
    fn a_track_that_is_wanted_twice_is_offered_once() {
        let mut dual = Dual::default();
        dual.want(track(1), Kind::Video);
        dual.want(track(1), Kind::Video);
        let proposal = dual.propose(now()).unwrap();
        dual.want(track(1), Kind::Video);
        assert_eq!(proposal.add.len(), 1);

        dual.offered("sdp".to_owned(), &[mid("0")]);
        dual.want(track(1), Kind::Video);
        dual.answered();

        assert_eq!(dual.propose(now()), None);
    }

    #[test]
    fn a_section_is_told_inactive_before_it_carries_another_track() {
        let mut dual = Dual::default();
        settle(&mut dual, &[(1, Kind::Video)]);

        dual.drop(track(1));
        dual.want(track(2), Kind::Video);
        let proposal = dual.propose(now()).unwrap();
        assert_eq!(proposal.deactivate, [mid("0")]);
        assert_eq!(proposal.add, [(track(2), Kind::Video)]);
        dual.offered("sdp".to_owned(), &[mid("1")]);
        dual.answered();

        dual.want(track(3), Kind::Video);
        let proposal = dual.propose(now()).unwrap();
        assert_eq!(
            (proposal.reuse.as_slice(), proposal.add.len()),
            (&[carried(3, "0")][..], 0)
        );
    }

    #[test]
    fn coming_and_going_does_not_add_sections() {
        let mut dual = Dual::default();
        settle(&mut dual, &[(0, Kind::Video)]);
        for n in 0..50 {
            dual.drop(track(n));
            settle(&mut dual, &[]);
            settle(&mut dual, &[(n + 1, Kind::Video)]);
        }

        assert_eq!(dual.sections.len(), 1);
    }

    #[test]
    fn a_section_of_the_other_kind_is_not_reused() {
        let mut dual = Dual::default();
        settle(&mut dual, &[(1, Kind::Video)]);
        dual.drop(track(1));
        settle(&mut dual, &[]);

        dual.want(track(2), Kind::Audio);

        assert_eq!(dual.propose(now()).unwrap().add, [(track(2), Kind::Audio)]);
    }

    #[test]
    fn a_track_dropped_while_its_offer_is_out_does_not_start() {
        let mut dual = Dual::default();
        dual.want(track(1), Kind::Video);
        dual.propose(now()).unwrap();
        dual.offered("sdp".to_owned(), &[mid("0")]);

        dual.drop(track(1));

        assert_eq!(dual.answered(), []);
        assert_eq!(dual.propose(now()).unwrap().deactivate, [mid("0")]);
    }

    #[test]
    fn an_ice_restart_is_offered_once() {
        let mut dual = Dual::default();
        settle(&mut dual, &[]);
        dual.request_ice_restart();

        assert!(dual.propose(now()).unwrap().ice_restart);
        dual.offered("sdp".to_owned(), &[]);
        dual.answered();
        assert_eq!(dual.propose(now()), None);
    }

    #[test]
    fn an_answer_is_waited_for_so_long() {
        let mut dual = Dual::default();
        let start = now();
        assert_eq!(dual.deadline(), None);

        dual.propose(start);

        assert_eq!(dual.deadline(), Some(start + ANSWER_TIMEOUT));
    }

    /// Offers and answers whatever is to be said.
    fn settle(dual: &mut Dual, wanted: &[(u32, Kind)]) {
        for (n, kind) in wanted {
            dual.want(track(*n), *kind);
        }
        if let Some(proposal) = dual.propose(now()) {
            let first = dual.sections.len();
            let names: Vec<Mid> = (0..proposal.add.len())
                .map(|n| mid(&(first + n).to_string()))
                .collect();
            dual.offered("sdp".to_owned(), &names);
            dual.answered();
        }
    }

    fn carried(n: u32, name: &str) -> Carried {
        Carried {
            track: track(n),
            mid: mid(name),
        }
    }
}

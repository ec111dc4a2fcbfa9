//! v1: the client offers always; we give wanted tracks to its `recvonly` sections.

use std::collections::BTreeMap;

use super::Carried;
use crate::sdp::{Direction, Kind, Mid, Offer, SectionKind};
use crate::track::TrackKey;

#[derive(Default)]
pub(crate) struct Single {
    sections: Vec<Section>,
    /// Wanted and without a section, in the order of wanting.
    queue: Vec<(TrackKey, Kind)>,
    /// Extra sections that the client was asked for, and has not offered yet.
    asked: Option<Extra>,
    /// Requests in a row that brought nothing.
    futile: u32,
    has_offer: bool,
    /// The last answer was made without knowing what the client sends on its sections.
    is_outdated: bool,
    /// What the answer that is being made lets start.
    starting: Vec<Carried>,
}

struct Section {
    mid: Mid,
    kind: Kind,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Free,
    Carries(TrackKey),
    /// Carries nothing, and the client has not been told.
    Stale,
    /// The answer that is being made says that it carries nothing. Browsers announce a track
    /// only when a section goes from inactive to active, so it rests for this one answer.
    Resting,
}

/// Media sections that the client shall add; none of either asks for just another offer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extra {
    pub(crate) audios: u32,
    pub(crate) videos: u32,
}

/// A client that adds no sections is not asked for ever.
pub(crate) const MOST_FUTILE_REQUESTS: u32 = 5;

impl Single {
    pub(crate) fn want(&mut self, track: TrackKey, kind: Kind) {
        if !self.wants(track) {
            self.queue.push((track, kind));
            self.futile = 0;
        }
    }

    pub(crate) fn drop(&mut self, track: TrackKey) {
        self.queue.retain(|(queued, _)| *queued != track);
        self.starting.retain(|carried| carried.track != track);
        for section in &mut self.sections {
            if section.state == State::Carries(track) {
                section.state = State::Stale;
                self.futile = 0;
            }
        }
    }

    pub(crate) fn wants(&self, track: TrackKey) -> bool {
        let queued = self.queue.iter().any(|(queued, _)| *queued == track);
        queued
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
                State::Free | State::Stale | State::Resting => None,
            })
            .collect()
    }

    /// An offer came: gives wanted tracks to its free sections. [`Self::carried`] is what the
    /// answer is to say. The tracks whose section the client took away have to wait.
    pub(crate) fn offered(&mut self, offer: &Offer) -> Vec<TrackKey> {
        self.has_offer = true;
        self.is_outdated = false;
        self.asked = None;
        let lost = self.keep_offered(offer);
        self.assign();
        lost
    }

    /// The sections are those that the client offers to receive on, in its order.
    fn keep_offered(&mut self, offer: &Offer) -> Vec<TrackKey> {
        let mut before = std::mem::take(&mut self.sections);
        for (mid, kind) in offer.sections.iter().filter_map(receiving) {
            let known = before.iter().position(|section| section.mid == mid);
            let state = match known.map(|index| before.swap_remove(index).state) {
                Some(State::Stale) => State::Resting,
                Some(state) => state,
                None => State::Free,
            };
            self.sections.push(Section { mid, kind, state });
        }
        let mut lost = Vec::new();
        for section in before {
            if let State::Carries(track) = section.state {
                self.queue.push((track, section.kind));
                lost.push(track);
            }
        }
        lost
    }

    fn assign(&mut self) {
        let sections = &mut self.sections;
        let starting = &mut self.starting;
        let before = self.queue.len();
        self.queue.retain(|(track, kind)| {
            let free =
                |section: &&mut Section| section.kind == *kind && section.state == State::Free;
            let Some(section) = sections.iter_mut().find(free) else {
                return true;
            };
            section.state = State::Carries(*track);
            starting.push(Carried {
                track: *track,
                mid: section.mid,
            });
            false
        });
        let rested = self
            .sections
            .iter()
            .any(|section| section.state == State::Resting);
        let nobody_waits = self.queue.is_empty();
        if nobody_waits || self.queue.len() < before || rested {
            self.futile = 0;
        } else {
            self.futile += 1;
        }
    }

    /// The answer is made: what is carried from here on.
    pub(crate) fn answered(&mut self) -> Vec<Carried> {
        for section in &mut self.sections {
            if section.state == State::Resting {
                section.state = State::Free;
            }
        }
        std::mem::take(&mut self.starting)
    }

    /// The answer to the last offer would be another by now.
    pub(crate) fn outdate_answer(&mut self) {
        self.is_outdated = true;
    }

    /// What to ask the client for, if it is to offer again. Counts what was asked before, so
    /// that two quick wishes do not ask twice.
    pub(crate) fn request(&mut self) -> Option<Extra> {
        let stale = self
            .sections
            .iter()
            .any(|section| section.state == State::Stale);
        let idle = self.queue.is_empty() && !stale && !self.is_outdated;
        if !self.has_offer || idle || self.futile > MOST_FUTILE_REQUESTS {
            return None;
        }
        let missing = Extra {
            audios: self.missing(Kind::Audio),
            videos: self.missing(Kind::Video),
        };
        let Some(asked) = self.asked else {
            self.asked = Some(missing);
            return Some(missing);
        };
        let more = Extra {
            audios: missing.audios.saturating_sub(asked.audios),
            videos: missing.videos.saturating_sub(asked.videos),
        };
        if more == Extra::default() {
            return None;
        }
        self.asked = Some(Extra {
            audios: asked.audios + more.audios,
            videos: asked.videos + more.videos,
        });
        Some(more)
    }

    /// The request may not have reached the client: the next one counts from nothing.
    pub(crate) fn forget_request(&mut self) {
        self.asked = None;
        self.futile = 0;
    }

    /// Nothing came of the last request in time.
    pub(crate) fn lose_request(&mut self) {
        if self.asked.take().is_some() {
            self.futile += 1;
        }
    }

    /// Wanted tracks beyond the sections that are, or are about to be, free.
    fn missing(&self, kind: Kind) -> u32 {
        let wanted = self
            .queue
            .iter()
            .filter(|(_, queued)| *queued == kind)
            .count();
        let free = self
            .sections
            .iter()
            .filter(|section| section.kind == kind && !matches!(section.state, State::Carries(_)));
        wanted.saturating_sub(free.count()) as u32
    }
}

fn receiving(section: &crate::sdp::Section) -> Option<(Mid, Kind)> {
    let kind = match section.kind {
        SectionKind::Audio => Kind::Audio,
        SectionKind::Video => Kind::Video,
        SectionKind::Data => return None,
    };
    let receives = section.direction == Direction::RecvOnly && !section.rejected;
    receives.then_some((section.mid, kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::negotiation::tests::{mid, offer, track};

    #[test]
    fn a_lost_request_is_repeated_but_not_for_ever() {
        let mut single = Single::default();
        single.offered(&offer(&[]));
        single.answered();
        single.want(track(1), Kind::Video);
        let mut requests = 0;

        while single.request().is_some() {
            single.lose_request();
            requests += 1;
        }

        assert_eq!(requests, MOST_FUTILE_REQUESTS + 1);
    }

    #[test]
    fn wanted_tracks_go_to_free_sections_of_their_kind() {
        let mut single = Single::default();
        single.want(track(1), Kind::Video);
        single.want(track(2), Kind::Audio);

        single.offered(&offer(&[("a", Kind::Audio), ("v", Kind::Video)]));

        let all = BTreeMap::from([(mid("a"), track(2)), (mid("v"), track(1))]);
        assert_eq!(single.carried(), all);
        assert_eq!(single.answered().len(), 2);
        assert_eq!(single.request(), None);
    }

    #[test]
    fn nothing_is_asked_before_the_first_offer() {
        let mut single = Single::default();
        single.want(track(1), Kind::Video);

        assert_eq!(single.request(), None);
    }

    #[test]
    fn missing_sections_are_asked_for_once() {
        let mut single = Single::default();
        single.offered(&offer(&[("v", Kind::Video)]));
        single.answered();
        single.want(track(1), Kind::Video);
        assert_eq!(single.request(), Some(Extra::default()));
        assert_eq!(single.request(), None);

        single.want(track(2), Kind::Video);
        single.want(track(3), Kind::Video);
        assert_eq!(single.request(), Some(videos(2)));
        assert_eq!(single.request(), None);

        single.offered(&offer(&[
            ("v", Kind::Video),
            ("w", Kind::Video),
            ("x", Kind::Video),
        ]));
        assert_eq!(single.answered().len(), 3);
        assert_eq!(single.request(), None);
    }

    #[test]
    fn a_section_rests_for_one_answer_before_it_carries_another_track() {
        let mut single = Single::default();
        let one = offer(&[("v", Kind::Video)]);
        single.want(track(1), Kind::Video);
        single.offered(&one);
        single.answered();

        single.drop(track(1));
        single.want(track(2), Kind::Video);
        assert_eq!(single.request(), Some(Extra::default()));
        single.offered(&one);
        assert_eq!(single.carried(), BTreeMap::new());
        assert_eq!(single.answered(), []);
        assert_eq!(single.request(), Some(Extra::default()));

        single.offered(&one);
        assert_eq!(single.carried(), BTreeMap::from([(mid("v"), track(2))]));
    }

    #[test]
    fn a_dropped_track_is_told_with_another_offer() {
        let mut single = Single::default();
        single.want(track(1), Kind::Video);
        single.offered(&offer(&[("v", Kind::Video)]));
        single.answered();

        single.drop(track(1));

        assert_eq!(single.request(), Some(Extra::default()));
        assert_eq!(single.carried(), BTreeMap::new());
    }

    #[test]
    fn a_track_dropped_while_the_answer_is_made_does_not_start() {
        let mut single = Single::default();
        single.want(track(1), Kind::Video);
        single.offered(&offer(&[("v", Kind::Video)]));

        single.drop(track(1));

        assert_eq!(single.answered(), []);
    }

    #[test]
    fn a_track_waits_again_when_the_client_takes_its_section_away() {
        let mut single = Single::default();
        single.want(track(1), Kind::Video);
        single.offered(&offer(&[("v", Kind::Video)]));
        single.answered();

        let lost = single.offered(&offer(&[("w", Kind::Video)]));

        assert_eq!(lost, [track(1)]);
        assert_eq!(single.carried(), BTreeMap::from([(mid("w"), track(1))]));
    }

    #[test]
    fn an_outdated_answer_asks_for_another_offer_once() {
        let mut single = Single::default();
        single.offered(&offer(&[]));
        single.answered();

        single.outdate_answer();
        assert_eq!(single.request(), Some(Extra::default()));
        assert_eq!(single.request(), None);
        single.offered(&offer(&[]));

        assert_eq!(single.request(), None);
    }

    #[test]
    fn whoever_offered_often_while_nothing_was_wanted_is_asked_all_the_same() {
        let mut single = Single::default();
        for _ in 0..=MOST_FUTILE_REQUESTS {
            single.offered(&offer(&[]));
            single.answered();
        }

        single.outdate_answer();

        assert_eq!(single.request(), Some(Extra::default()));
    }

    #[test]
    fn a_client_that_adds_nothing_is_not_asked_for_ever() {
        let mut single = Single::default();
        single.want(track(1), Kind::Video);
        let mut asked = 0;
        for _ in 0..100 {
            single.offered(&offer(&[]));
            single.answered();
            asked += u32::from(single.request().is_some());
        }

        assert_eq!(asked, MOST_FUTILE_REQUESTS);
    }

    fn videos(videos: u32) -> Extra {
        Extra { audios: 0, videos }
    }
}

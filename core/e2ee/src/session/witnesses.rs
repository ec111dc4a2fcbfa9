//! Whether the others are still in our epoch: a server can withhold the commit that removes somebody, and go on
//! forwarding our frames to them.
//!
//! Some members, the witnesses, sign a heartbeat every few seconds. A sender goes on only while it hears more
//! than half of them: one would not do, since the removed member itself still signs. Each heartbeat tells its
//! sender's time, so that a heartbeat that was held back is as old as it is; the clocks need not agree, only
//! their speed. A clock that stood still, as in a device that slept, makes every later heartbeat look held back:
//! then we draw a challenge, and whoever echoes it is fresh whatever their clock says.
//!
//! Whoever joins has heard nobody yet: the group that the server offered may be one that the others have left.
//!
//! Whoever comes later counts only when more than half of those before have signed in an epoch with them: else the
//! server could pack a fork with witnesses of its own. It can still propose to remove the honest ones, which shows in
//! the roster, or bring in somebody ahead of the sixteen leaves that sign.
//!
//! What this can't see: a server that delays everything equally from the first heartbeat on.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::group::Occupant;
use crate::identity::ParticipantId;

/// What we know of the others who sign. It outlives a rejoin, or a server could have us rejoin forever.
#[derive(Default)]
pub(super) struct Witnesses {
    others: BTreeMap<ParticipantId, Witness>,
    /// The last ones that we drew, with their time.
    challenges: VecDeque<(u64, Duration)>,
    /// Somebody's heartbeat looked old since the last challenge.
    doubts: bool,
}

/// What a heartbeat tells.
pub(super) struct Beat {
    pub(super) epoch: u64,
    /// By the sender's clock.
    pub(super) sent: Duration,
    pub(super) echoes: Vec<u64>,
}

struct Witness {
    /// When it was last in our epoch, by our clock; `None` while a joiner has not heard it.
    seen: Option<Duration>,
    /// Our clock minus its clock, at the quickest delivery; `None` before the first heartbeat.
    quickest: Option<i128>,
    /// The epoch in which it came.
    came: u64,
    /// The highest epoch that it signed in.
    signed: u64,
    /// Those before it have confirmed an epoch with it.
    counts: bool,
}

impl Witnesses {
    /// Follows the group, whose roster ascends by leaf. Whoever comes counts as heard.
    pub(super) fn follow(&mut self, now: Duration, epoch: u64, roster: &[Occupant], own_leaf: u32) {
        let others = roster.iter().filter(|occupant| occupant.leaf != own_leaf);
        let chosen = others.take(MOST_WITNESSES).map(participant);
        self.appoint(now, epoch, &chosen.collect::<Vec<_>>());
    }

    fn appoint(&mut self, now: Duration, epoch: u64, chosen: &[ParticipantId]) {
        self.others.retain(|witness, _| chosen.contains(witness));
        for witness in chosen {
            self.others.entry(*witness).or_insert(Witness {
                seen: Some(now),
                quickest: None,
                came: epoch,
                signed: 0,
                counts: false,
            });
        }
        self.count_newcomers();
    }

    /// Oneself has joined: nobody has been heard in this epoch.
    pub(super) fn follow_as_joiner(
        &mut self,
        now: Duration,
        epoch: u64,
        roster: &[Occupant],
        own_leaf: u32,
    ) {
        self.follow(now, epoch, roster, own_leaf);
        self.unhear();
    }

    fn unhear(&mut self) {
        for witness in self.others.values_mut() {
            witness.seen = None;
        }
    }

    /// Whoever comes back may have another clock.
    pub(super) fn forget(&mut self, participant: ParticipantId) {
        self.others.remove(&participant);
    }

    /// A witness signed that it is in one of our epochs.
    pub(super) fn hear(&mut self, now: Duration, from: ParticipantId, beat: &Beat) {
        let Some(witness) = self.others.get_mut(&from) else {
            return;
        };
        let offset = nanos(now) - nanos(beat.sent);
        let mut drawn = self.challenges.iter().rev();
        let echoed = drawn.find(|(nonce, _)| beat.echoes.contains(nonce));
        if let Some((_, at)) = echoed {
            let least = nanos(*at) - nanos(beat.sent);
            witness.quickest = Some(witness.quickest.map_or(least, |known| known.max(least)));
        }
        let quickest = witness.quickest.map_or(offset, |known| known.min(offset));
        witness.quickest = Some(quickest);
        let age = Duration::from_nanos(u64::try_from(offset - quickest).unwrap_or(u64::MAX));
        self.doubts |= age >= CONFIRMATION / 2;
        let seen = now.saturating_sub(age);
        witness.seen = witness.seen.max(Some(seen));
        witness.signed = witness.signed.max(beat.epoch);
        self.count_newcomers();
    }

    /// Those who came in an epoch that more than half of those who count have signed in. Where nobody counts there is
    /// nobody to ask.
    fn count_newcomers(&mut self) {
        let counting = self.others.values().filter(|witness| witness.counts);
        let mut signed: Vec<u64> = counting.map(|witness| witness.signed).collect();
        signed.sort_unstable_by(|a, b| b.cmp(a));
        let confirmed = signed.get(signed.len() / 2).copied().unwrap_or(u64::MAX);
        for witness in self.others.values_mut() {
            witness.counts |= witness.came <= confirmed;
        }
    }

    /// Whether to draw a challenge.
    pub(super) fn needs_challenge(&self, now: Duration) -> bool {
        let last = self.challenges.back();
        self.doubts && last.is_none_or(|(_, at)| now >= *at + HEARTBEAT_INTERVAL)
    }

    pub(super) fn challenge(&mut self, now: Duration, nonce: u64) {
        self.doubts = false;
        self.challenges.push_back((nonce, now));
        if self.challenges.len() > MOST_CHALLENGES {
            self.challenges.pop_front();
        }
    }

    /// More than half of the witnesses were in our epoch within ten seconds; nobody can miss a commit alone.
    pub(super) fn confirm(&self, now: Duration) -> bool {
        self.others.is_empty() || self.confirmed_until().is_some_and(|until| now < until)
    }

    pub(super) fn has(&self, participant: ParticipantId) -> bool {
        self.others.contains_key(&participant)
    }

    /// Those who count, and were not in our epoch within ten seconds.
    pub(super) fn silent(&self, now: Duration) -> Vec<ParticipantId> {
        let silent = self.others.iter().filter(|(_, witness)| {
            let until = witness.seen.map(|seen| seen + CONFIRMATION);
            witness.counts && until.is_none_or(|until| until <= now)
        });
        silent.map(|(participant, _)| *participant).collect()
    }

    /// When the confirmation ends unless somebody is heard; `None` for whoever is alone,
    /// or unconfirmed from the beginning.
    pub(super) fn confirmed_until(&self) -> Option<Duration> {
        let counting = self.others.values().filter(|witness| witness.counts);
        let mut seen: Vec<Option<Duration>> = counting.map(|witness| witness.seen).collect();
        seen.sort_unstable_by(|a, b| b.cmp(a));
        let needed = seen.len() / 2;
        let seen = seen.get(needed).copied().flatten();
        seen.map(|seen| seen + CONFIRMATION)
    }
}

/// Whether the member at `own_leaf` signs heartbeats: whether anybody may have chosen it.
pub(super) fn is_witness(roster: &[Occupant], own_leaf: u32) -> bool {
    let first = roster.iter().take(MOST_WITNESSES + 1);
    first
        .map(|occupant| occupant.leaf)
        .any(|leaf| leaf == own_leaf)
}

fn participant(occupant: &Occupant) -> ParticipantId {
    occupant.identity.participant
}

fn nanos(time: Duration) -> i128 {
    i128::try_from(time.as_nanos()).unwrap_or(i128::MAX / 2)
}

/// Longer lets a removed member hear more, shorter stops senders on a bad network.
const CONFIRMATION: Duration = Duration::from_secs(10);
/// Three chances within the confirmation.
pub(super) const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(3);
/// Whoever comes back need not wait for an interval; a storm of joins brings no storm of heartbeats.
pub(super) const HEARTBEAT_AFTER_CHANGE: Duration = Duration::from_secs(1);
/// An answer to one that came before the last few would confirm nothing.
const MOST_CHALLENGES: usize = 4;
/// Leaves beyond the first do not sign: 300 members would verify 100 signatures a second.
const MOST_WITNESSES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::from_secs(1_000);

    fn at(seconds: u64) -> Duration {
        START + Duration::from_secs(seconds)
    }

    fn id(number: u8) -> ParticipantId {
        ParticipantId([number; 16])
    }

    fn beat(sent: Duration) -> Beat {
        Beat {
            epoch: 0,
            sent,
            echoes: Vec::new(),
        }
    }

    fn appointed(now: Duration, numbers: &[u8]) -> Witnesses {
        let mut witnesses = Witnesses::default();
        witnesses.appoint(now, 0, &numbers.iter().copied().map(id).collect::<Vec<_>>());
        witnesses
    }

    #[test]
    fn whoever_is_alone_needs_nobody() {
        assert!(appointed(START, &[]).confirm(at(1_000_000)));
    }

    #[test]
    fn silence_ends_the_confirmation_after_ten_seconds() {
        let mut witnesses = appointed(START, &[1]);
        assert!(witnesses.confirm(at(9)));
        assert!(!witnesses.confirm(at(10)));
        witnesses.hear(at(12), id(1), &beat(at(500)));
        assert!(witnesses.confirm(at(21)));
    }

    #[test]
    fn one_of_two_is_not_enough_since_it_may_be_the_removed_one() {
        let mut witnesses = appointed(START, &[1, 2]);
        for second in (0..30).step_by(3) {
            witnesses.hear(at(second), id(2), &beat(at(second)));
        }
        assert!(!witnesses.confirm(at(12)));
    }

    #[test]
    fn a_heartbeat_that_was_held_back_is_as_old_as_it_is() {
        let mut witnesses = appointed(START, &[1]);
        witnesses.hear(at(1), id(1), &beat(at(0)));
        witnesses.hear(at(15), id(1), &beat(at(3)));
        assert_eq!(witnesses.confirmed_until(), Some(at(14)));
        assert!(!witnesses.confirm(at(15)));
    }

    #[test]
    fn a_clock_that_is_wrong_by_a_day_confirms_as_well() {
        let mut witnesses = appointed(START + DAY, &[1]);
        witnesses.hear(at(8) + DAY, id(1), &beat(at(8)));
        witnesses.hear(at(16) + DAY, id(1), &beat(at(16)));
        assert!(witnesses.confirm(at(25) + DAY));
    }

    #[test]
    fn a_rejoin_confirms_nobody_who_was_silent() {
        let mut witnesses = appointed(START, &[1, 2]);
        witnesses.appoint(at(9), 1, &[id(1), id(2), id(3)]);
        assert_eq!(witnesses.confirmed_until(), Some(at(10)));
    }

    #[test]
    fn a_joiner_waits_for_more_than_half_of_the_others() {
        let mut witnesses = appointed(START, &[1, 2, 3]);
        witnesses.unhear();
        assert!(!witnesses.confirm(START));
        witnesses.hear(at(1), id(1), &beat(at(1)));
        assert!(!witnesses.confirm(at(1)));
        witnesses.hear(at(1), id(2), &beat(at(1)));
        assert!(witnesses.confirm(at(1)));
    }

    /// A fork, in which the server's own people sign, and nobody who was there before.
    #[test]
    fn newcomers_confirm_nothing_before_those_who_were_here_have_signed_with_them() {
        let mut witnesses = appointed(START, &[1, 2]);
        witnesses.appoint(at(1), 1, &[1, 2, 3, 4, 5].map(id));
        let signed = |epoch: u64, sent: u64| Beat {
            epoch,
            ..beat(at(sent))
        };
        for second in (1..20).step_by(3) {
            for number in 3..6 {
                witnesses.hear(at(second), id(number), &signed(1, second));
            }
        }
        assert!(!witnesses.confirm(at(12)));
        for number in 1..3 {
            witnesses.hear(at(20), id(number), &signed(0, 20));
        }
        assert!(witnesses.confirm(at(20)) && !witnesses.confirm(at(30)));
        for number in 1..6 {
            witnesses.hear(at(31), id(number), &signed(1, 31));
        }
        for number in 3..6 {
            witnesses.hear(at(40), id(number), &signed(1, 40));
        }
        assert!(witnesses.confirm(at(49)), "three of five");
    }

    /// The device of a witness slept for a hundred seconds, and its clock with it.
    #[test]
    fn a_clock_that_stood_still_is_fresh_again_once_it_echoes_a_challenge() {
        let mut witnesses = appointed(START, &[1]);
        witnesses.hear(at(1), id(1), &beat(at(1)));
        assert!(!witnesses.needs_challenge(at(1)));
        witnesses.hear(at(104), id(1), &beat(at(4)));
        assert!(!witnesses.confirm(at(104)) && witnesses.needs_challenge(at(104)));
        witnesses.challenge(at(104), 7);
        assert!(!witnesses.needs_challenge(at(104)));
        let answer = |echo: u64, sent: u64| Beat {
            epoch: 0,
            sent: at(sent),
            echoes: vec![echo],
        };
        witnesses.hear(at(105), id(1), &answer(8, 5));
        assert!(!witnesses.confirm(at(105)), "not our challenge");
        witnesses.hear(at(105), id(1), &answer(7, 5));
        assert!(witnesses.confirm(at(105)));
        witnesses.hear(at(108), id(1), &beat(at(8)));
        assert!(witnesses.confirm(at(116)));
    }

    /// An answer proves no more than that it was signed after the question.
    #[test]
    fn an_answer_that_was_held_back_is_as_old_as_its_challenge() {
        let mut witnesses = appointed(START, &[1]);
        witnesses.challenge(at(1), 7);
        let answer = Beat {
            epoch: 0,
            sent: at(2),
            echoes: vec![7],
        };
        witnesses.hear(at(50), id(1), &answer);
        assert!(!witnesses.confirm(at(50)));
    }

    const DAY: Duration = Duration::from_secs(86_400);
}

//! Whose turn it is, and who gets the next one.

use std::time::Duration;

use conclave_protocol::channel::{Downstream, Event};
use conclave_protocol::mls::{GroupId, LeafIndex, Reason, Slot};
use conclave_protocol::{ParticipantId, Timestamp};

use super::group::{Accepted, Committer, Group, Proposed};
use super::{Audience, Delivery, LEASE, LEASE_MS, MOST_MEMBERS, Output, TAKE_OVER, Write};

/// Whose turn it is.
pub(super) enum Turn {
    Nobodys,
    /// Of the first who waited.
    Slot {
        holder: Waiting,
        until: Timestamp,
    },
    /// Of the committer whom the group's proposals name; of the next one at this time.
    Removal {
        next_at: Timestamp,
        asked: usize,
    },
    /// The store's: nothing changes until it has answered.
    Stores(Pending),
    /// The group could not be ended.
    EndsLater {
        group: GroupId,
        at: Timestamp,
    },
    /// The store's state is being read.
    Reads,
}

/// Who waits for a slot, and for which.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Waiting {
    /// Enters the group, or creates it: a host or co-host before all others, who may not be able to.
    ToEnter {
        participant: ParticipantId,
        leads: bool,
    },
    /// A member has something to commit.
    ToChange(ParticipantId),
}

pub(super) enum Pending {
    Create(Box<Group>, ParticipantId),
    Commit(Box<Accepted>),
    End(GroupId),
}

impl Waiting {
    pub(super) fn participant(self) -> ParticipantId {
        let (Self::ToEnter { participant, .. } | Self::ToChange(participant)) = self;
        participant
    }

    pub(super) fn entering(&self) -> Option<ParticipantId> {
        match self {
            Self::ToEnter { participant, .. } => Some(*participant),
            Self::ToChange(_) => None,
        }
    }
}

impl Delivery {
    /// Ends what is over, passes on what nobody took, gives the turn to who is next.
    pub(super) fn settle(&mut self, now: Timestamp) {
        self.expire(now);
        self.judge_reports(now);
        self.end_what_is_over();
        self.give_turn(now);
        let next = self.next_deadline(now);
        self.wake_at = next.map(|at| self.clock.on_the_wall(at));
    }

    fn expire(&mut self, now: Timestamp) {
        match self.turn {
            Turn::Slot { until, .. } if until <= now => self.turn = Turn::Nobodys,
            Turn::Removal { next_at, asked } if next_at <= now => self.pass_removal_on(now, asked),
            Turn::EndsLater { group, at } if at <= now => self.write_end(group),
            _ => {}
        }
    }

    fn judge_reports(&mut self, now: Timestamp) {
        let free = !matches!(
            self.turn,
            Turn::Stores(_) | Turn::Reads | Turn::EndsLater { .. }
        );
        // Who reports a commit alone enters again by themselves.
        let group = self.group.as_ref().filter(|_| free);
        let Some(lost) = group.and_then(|group| group.lost_trial(&self.present)) else {
            return;
        };
        for blamed in lost.blamed() {
            // Charged however often it was: the answer is the lock.
            let _locked = self.refused.charge(blamed, now);
        }
        self.end_group();
        self.turn_away_blamed(now);
    }

    /// Nobody creates the next group while they are locked out, however long they have waited.
    fn turn_away_blamed(&mut self, now: Timestamp) {
        let waiting = std::mem::take(&mut self.waiting);
        for waiting in waiting {
            let participant = waiting.participant();
            match self.refused.look(&participant, now) {
                Ok(()) => self.waiting.push_back(waiting),
                Err(_) => self.refuse(participant, (None, None), Reason::Throttled),
            }
        }
    }

    fn end_what_is_over(&mut self) {
        let free = matches!(
            self.turn,
            Turn::Nobodys | Turn::Slot { .. } | Turn::Removal { .. }
        );
        let empty = |group: &Group| group.remaining().next().is_none();
        if free
            && self
                .group
                .as_ref()
                .is_some_and(|group| self.over || empty(group))
        {
            self.end_group();
        }
    }

    pub(super) fn end_group(&mut self) {
        if let Turn::Slot { holder, .. } = self.turn {
            self.waiting.push_front(holder);
        }
        self.waiting.retain(|waiting| waiting.entering().is_some());
        if let Some(group) = self.group.take() {
            self.publish(Audience::Everybody, Event::MlsEnded { group: group.id });
            self.write_end(group.id);
        }
    }

    fn write_end(&mut self, group: GroupId) {
        self.turn = Turn::Stores(Pending::End(group));
        self.outputs.push_back(Output::Write(Write::End { group }));
    }

    fn give_turn(&mut self, now: Timestamp) {
        if !matches!(self.turn, Turn::Nobodys) || self.over {
            return;
        }
        let rests = self.removals_rest_until.is_some_and(|until| now < until);
        if !rests && self.ask_for_removal(now, 0) {
            return;
        }
        if self.unsettled_until(now, None).is_some() {
            return;
        }
        while let Some(holder) = self.next_waiting() {
            let Some(slot) = self.slot_for(holder) else {
                continue;
            };
            let until = now.plus(LEASE);
            self.turn = Turn::Slot { holder, until };
            return self.tell(holder.participant(), Downstream::MlsSlot(slot));
        }
    }

    /// The first who waits; of those who may create the group, the first who leads.
    fn next_waiting(&mut self) -> Option<Waiting> {
        let leads = |waiting: &Waiting| matches!(waiting, Waiting::ToEnter { leads: true, .. });
        let creator = self.waiting.iter().position(leads);
        let creator = creator.filter(|_| self.group.is_none());
        self.waiting.remove(creator.unwrap_or(0))
    }

    /// `None` for a change of who is no member any more.
    fn slot_for(&self, holder: Waiting) -> Option<Slot> {
        Some(match (holder, &self.group) {
            (Waiting::ToEnter { .. }, None) => Slot::Create { lease_ms: LEASE_MS },
            (Waiting::ToEnter { .. }, Some(group)) => Slot::Join {
                group: group.id,
                epoch: group.epoch,
                group_info: group.group_info.clone(),
                lease_ms: LEASE_MS,
            },
            (Waiting::ToChange(participant), group) => {
                let group = group.as_ref()?;
                group.leaf_of(participant)?;
                Slot::Commit {
                    group: group.id,
                    epoch: group.epoch,
                    lease_ms: LEASE_MS,
                }
            }
        })
    }

    fn pass_removal_on(&mut self, now: Timestamp, asked: usize) {
        self.turn = Turn::Nobodys;
        if asked >= MOST_TAKE_OVERS || !self.ask_for_removal(now, asked) {
            self.removals_rest_until = Some(now.plus(REST));
        }
    }

    /// Asks the next committer. Whether there is something to ask, and somebody.
    fn ask_for_removal(&mut self, now: Timestamp, asked: usize) -> bool {
        let Some(committer) = self.next_committer() else {
            return false;
        };
        let Some(slot) = self.propose_removals(committer) else {
            return false;
        };
        self.turn = Turn::Removal {
            next_at: now.plus(TAKE_OVER),
            asked: asked + 1,
        };
        self.publish_removal(Audience::Everybody);
        self.tell(committer.participant, Downstream::MlsSlot(slot));
        true
    }

    /// The connected member after the last one who was asked, by ascending leaf. Who has not said
    /// where they stand is asked only where nobody else is there.
    fn next_committer(&self) -> Option<Committer> {
        let group = self.group.as_ref()?;
        if group.removals().is_empty() {
            return None;
        }
        let connected = |member: &Committer| self.present.contains(&member.participant);
        let here = |member: &Committer| !self.fresh.contains(&member.participant);
        let members = group
            .remaining()
            .map(|(leaf, participant)| Committer { leaf, participant });
        let mut members: Vec<_> = members.filter(connected).collect();
        if members.iter().any(here) {
            members.retain(here);
        }
        let last = group.proposed.as_ref().map(|proposed| proposed.committer);
        let later = |member: &&Committer| last.is_none_or(|last| member.leaf > last.leaf);
        members.iter().find(later).or(members.first()).copied()
    }

    /// What is proposed for an epoch stays so; only the committer changes.
    fn propose_removals(&mut self, committer: Committer) -> Option<Slot> {
        let group = self.group.as_mut()?;
        let (id, epoch) = (group.id, group.epoch);
        match &mut group.proposed {
            Some(proposed) => proposed.committer = committer,
            None => {
                let leaves = group.removals().iter().take(MOST_MEMBERS);
                let leaves: Vec<_> = leaves.copied().collect();
                let sender = &self.terms.external_sender;
                let propose = |leaf: &LeafIndex| sender.propose_removal(id, epoch, *leaf);
                let proposals = leaves.iter().map(propose).collect();
                for participant in group.first_proposed(&leaves) {
                    let group = id;
                    self.outputs
                        .push_back(Output::Proposed { group, participant });
                }
                group.proposed = Some(Proposed {
                    leaves,
                    proposals,
                    committer,
                });
            }
        }
        Some(Slot::Commit {
            group: id,
            epoch,
            lease_ms: LEASE_MS,
        })
    }

    fn next_deadline(&self, now: Timestamp) -> Option<Timestamp> {
        let turn = match self.turn {
            Turn::Slot { until, .. } => Some(until),
            Turn::Removal { next_at, .. } => Some(next_at),
            Turn::EndsLater { at, .. } => Some(at),
            Turn::Nobodys | Turn::Stores(_) | Turn::Reads => None,
        };
        let owed = |group: &Group| !group.removals().is_empty();
        let rest = self.removals_rest_until;
        let rest = rest.filter(|until| now < *until && self.group.as_ref().is_some_and(owed));
        let waits = matches!(self.turn, Turn::Nobodys) && !self.waiting.is_empty();
        let settled = self.unsettled_until(now, None).filter(|_| waits);
        [turn, rest, settled].into_iter().flatten().min()
    }
}

/// Committers that are asked in a row. Entrances have their chance after them.
const MOST_TAKE_OVERS: usize = 8;
/// How long entrances have it.
const REST: Duration = Duration::from_secs(2);

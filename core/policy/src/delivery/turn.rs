//! Whose turn it is, and who gets the next one.

use std::time::Duration;

use conclave_protocol::channel::{Downstream, Event};
use conclave_protocol::mls::{GroupId, LeafIndex, Reason, Slot};
use conclave_protocol::{ParticipantId, Timestamp};

use super::group::{Accepted, Committer, Group, Proposed};
use super::trial::Trial;
use super::{Audience, Delivery, Ending, MOST_MEMBERS, Note, Output, Write, lease};

/// Whose turn it is.
pub(super) enum Turn {
    Nobodys,
    /// Of the first who waited.
    Slot {
        holder: Waiting,
        until: Timestamp,
        /// A removal waits: the holder has their turn again after it.
        hurried: bool,
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
        why: Ending,
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
    /// A member is to commit anything: others can't enter by another member's GroupInfo. Waits for nothing.
    Renewal(ParticipantId),
}

pub(super) enum Pending {
    Create(Box<Group>, ParticipantId),
    Commit(Box<Accepted>),
    End(GroupId, Ending),
}

impl Waiting {
    pub(super) fn participant(self) -> ParticipantId {
        let (Self::ToEnter { participant, .. }
        | Self::ToChange(participant)
        | Self::Renewal(participant)) = self;
        participant
    }

    pub(super) fn entering(&self) -> Option<ParticipantId> {
        match self {
            Self::ToEnter { participant, .. } => Some(*participant),
            Self::ToChange(_) | Self::Renewal(_) => None,
        }
    }
}

impl Delivery {
    /// Ends what is over, passes on what nobody took, gives the turn to who is next.
    pub(super) fn settle(&mut self, now: Timestamp) {
        self.expire(now);
        self.judge_reports(now);
        self.end_what_is_over();
        self.hurry(now);
        self.give_turn(now);
        let next = self.next_deadline(now);
        self.wake_at = next.map(|at| self.clock.on_the_wall(at));
    }

    fn expire(&mut self, now: Timestamp) {
        match self.turn {
            Turn::Slot {
                holder,
                until,
                hurried,
            } if until <= now => {
                self.turn = Turn::Nobodys;
                self.lapse(now, holder, hurried);
            }
            Turn::Removal { next_at, asked } if next_at <= now => self.pass_removal_on(now, asked),
            Turn::EndsLater { group, why, at } if at <= now => self.write_end(group, why),
            _ => {}
        }
    }

    /// Whoever lets their turn lapse has kept all others waiting.
    fn lapse(&mut self, now: Timestamp, holder: Waiting, hurried: bool) {
        match holder {
            Waiting::Renewal(_) => self.note_passed(holder),
            Waiting::ToEnter { .. } | Waiting::ToChange(_) if hurried => {
                self.waiting.push_front(holder);
            }
            Waiting::ToEnter { participant, .. } | Waiting::ToChange(participant) => {
                self.paces.fine(participant, now, LAPSED);
            }
        }
    }

    /// Whom the service has asked for a commit is asked again after all others.
    pub(super) fn note_passed(&mut self, holder: Waiting) {
        if let (Waiting::Renewal(member), Some(group)) = (holder, &mut self.group) {
            group.pass(member, &self.present);
        }
    }

    /// A removal waits for nobody longer than for a silent committer.
    fn hurry(&mut self, now: Timestamp) {
        if self.next_remover(now).is_none() {
            return;
        }
        let take_over = self.take_over();
        if let Turn::Slot { until, hurried, .. } = &mut self.turn {
            *until = (*until).min(now.plus(take_over));
            *hurried = true;
        }
    }

    fn take_over(&self) -> Duration {
        lease::to_take_over(self.info_bytes())
    }

    /// Of the GroupInfo that is passed on.
    fn info_bytes(&self) -> usize {
        let group = self.group.as_ref();
        group.map_or(0, |group| group.group_info.as_bytes().len())
    }

    fn judge_reports(&mut self, now: Timestamp) {
        let free = !matches!(
            self.turn,
            Turn::Stores(_) | Turn::Reads | Turn::EndsLater { .. }
        );
        let Some(group) = self.group.as_ref().filter(|_| free) else {
            return;
        };
        // Who reports a commit alone enters again by themselves.
        let id = group.id;
        let lost = group.lost_trial(&self.present).map(Trial::blamed);
        let shut = || {
            let is_shut = group.is_shut(&self.present);
            is_shut.then(|| group.doubts.blamed())
        };
        let lost = lost.map(|blamed| (Ending::Refused, blamed));
        if let Some((why, blamed)) = lost.or_else(|| Some((Ending::Shut, shut()?))) {
            self.end_group(why);
            self.blame(now, id, blamed);
        }
    }

    pub(super) fn blame(&mut self, now: Timestamp, group: GroupId, blamed: Vec<ParticipantId>) {
        if blamed.is_empty() {
            return;
        }
        for blamed in &blamed {
            // Charged however often it was: the answer is the lock.
            let _locked = self.refused.charge(*blamed, now);
        }
        self.turn_away_blamed(now);
        self.outputs.push_back(Output::Note {
            group,
            what: Note::Distrust,
            participants: blamed,
        });
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
        let Some(group) = self.group.as_ref().filter(|_| free) else {
            return;
        };
        if self.over {
            self.end_group(Ending::MeetingOver);
        } else if group.remaining().next().is_none() {
            self.end_group(Ending::Empty);
        }
    }

    pub(super) fn end_group(&mut self, why: Ending) {
        if let Turn::Slot { holder, .. } = self.turn {
            self.waiting.push_front(holder);
        }
        self.waiting.retain(|waiting| waiting.entering().is_some());
        if let Some(group) = self.group.take() {
            self.publish(Audience::Everybody, Event::MlsEnded { group: group.id });
            self.write_end(group.id, why);
        }
    }

    fn write_end(&mut self, group: GroupId, why: Ending) {
        self.turn = Turn::Stores(Pending::End(group, why));
        self.outputs
            .push_back(Output::Write(Write::End { group, why }));
    }

    fn give_turn(&mut self, now: Timestamp) {
        if !matches!(self.turn, Turn::Nobodys) || self.over {
            return;
        }
        if self.ask_for_removal(now, 0) {
            return;
        }
        if self.unsettled_until(now, None).is_some() || self.ask_to_renew(now) {
            return;
        }
        while let Some(holder) = self.next_waiting() {
            let Some((slot, lease)) = self.slot_for(holder) else {
                continue;
            };
            self.turn = Turn::Slot {
                holder,
                until: now.plus(lease),
                hurried: false,
            };
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

    /// With its lease. `None` for a change of who is no member any more.
    fn slot_for(&self, holder: Waiting) -> Option<(Slot, Duration)> {
        let bytes = self.info_bytes();
        let lease = match holder {
            Waiting::ToEnter { .. } => lease::to_enter(bytes),
            Waiting::ToChange(_) => lease::to_change(bytes),
            Waiting::Renewal(_) => lease::to_take_over(bytes),
        };
        let lease_ms = lease::millis(lease);
        let slot = match (holder, &self.group) {
            (Waiting::ToEnter { .. }, None) => Slot::Create { lease_ms },
            (Waiting::ToEnter { .. }, Some(group)) => Slot::Join {
                group: group.id,
                epoch: group.epoch,
                group_info: group.group_info.clone(),
                lease_ms,
            },
            (Waiting::ToChange(participant) | Waiting::Renewal(participant), group) => {
                let group = group.as_ref()?;
                group.leaf_of(participant)?;
                Slot::Commit {
                    group: group.id,
                    epoch: group.epoch,
                    lease_ms,
                }
            }
        };
        Some((slot, lease))
    }

    /// Asks another member than its author to replace the GroupInfo, if somebody can't enter by it.
    fn ask_to_renew(&mut self, now: Timestamp) -> bool {
        let wanted = |group: &&Group| group.doubts.call_for_another();
        let Some(group) = self.group.as_ref().filter(wanted) else {
            return false;
        };
        let author = group.author.map(|author| author.participant);
        let other = |member: &Committer| Some(member.participant) != author;
        let Some(next) = self.next_committer(other) else {
            return false;
        };
        let holder = Waiting::Renewal(next.participant);
        let Some((slot, lease)) = self.slot_for(holder) else {
            return false;
        };
        if let Some(group) = &mut self.group {
            group.doubts.note_asked();
        }
        self.turn = Turn::Slot {
            holder,
            until: now.plus(lease),
            hurried: false,
        };
        self.tell(next.participant, Downstream::MlsSlot(slot));
        true
    }

    fn pass_removal_on(&mut self, now: Timestamp, asked: usize) {
        self.turn = Turn::Nobodys;
        let committer = self.committer();
        if let (Some(group), Some(committer)) = (&mut self.group, committer) {
            group.pass(committer, &self.present);
        }
        if asked < MOST_TAKE_OVERS {
            self.ask_for_removal(now, asked);
            return;
        }
        self.removals_rest_until = Some(now.plus(REST));
        if let Some(group) = &mut self.group {
            group.propose_singly();
        }
    }

    /// Asks the next committer. Whether there is something to ask, and somebody.
    fn ask_for_removal(&mut self, now: Timestamp, asked: usize) -> bool {
        let Some(committer) = self.next_remover(now) else {
            return false;
        };
        let Some((slot, news)) = self.propose_removals(committer) else {
            return false;
        };
        self.turn = Turn::Removal {
            next_at: now.plus(self.take_over()),
            asked: asked + 1,
        };
        self.publish_removal(Audience::Everybody);
        self.tell(committer.participant, Downstream::MlsSlot(slot));
        if let Some(group) = self.group.as_ref().filter(|_| !news.is_empty()) {
            let (group, participants) = (group.id, news);
            self.outputs.push_back(Output::Note {
                group,
                what: Note::Removal,
                participants,
            });
        }
        true
    }

    /// Who is to commit removals, if there are any at this moment.
    fn next_remover(&self, now: Timestamp) -> Option<Committer> {
        let rests = self.removals_rest_until.is_some_and(|until| now < until);
        let owed = |group: &Group| !group.removals().is_empty();
        let due = !rests && self.group.as_ref().is_some_and(owed);
        due.then(|| self.next_committer(|_| true))?
    }

    /// The connected member with the least leaf. Asked after all others are, in this order: who has not said where
    /// they stand, whose GroupInfo somebody could not enter by, who has let a turn pass, who is not known to be in
    /// this epoch.
    fn next_committer(&self, may: impl Fn(&Committer) -> bool) -> Option<Committer> {
        let group = self.group.as_ref()?;
        let members = group
            .remaining()
            .map(|(leaf, participant)| Committer { leaf, participant });
        let connected = |member: &Committer| self.present.contains(&member.participant);
        let able = members.filter(|member| connected(member) && may(member));
        able.min_by_key(|Committer { participant, leaf }| {
            let is_fresh = self.fresh.contains(participant);
            let is_doubted = group.doubts.are_about(*participant);
            let has_passed = group.has_passed(*participant);
            let is_behind = !group.follows(*participant);
            (is_fresh, is_doubted, has_passed, is_behind, *leaf)
        })
    }

    /// What is proposed stays so until it is committed, or nobody has committed it; only the committer changes.
    /// With whose removal is proposed for the first time.
    fn propose_removals(&mut self, committer: Committer) -> Option<(Slot, Vec<ParticipantId>)> {
        let lease_ms = lease::millis(self.take_over());
        let group = self.group.as_mut()?;
        let (id, epoch) = (group.id, group.epoch);
        let mut news = Vec::new();
        let singly = group.is_single();
        match &mut group.proposed {
            Some(proposed) if !singly => proposed.committer = committer,
            _ => {
                let mut leaves = group.next_removals();
                leaves.truncate(MOST_MEMBERS);
                let sender = &self.terms.external_sender;
                let propose = |leaf: &LeafIndex| sender.propose_removal(id, epoch, *leaf);
                let proposals = leaves.iter().map(propose).collect();
                news = group.first_proposed(&leaves);
                group.proposed = Some(Proposed {
                    leaves,
                    proposals,
                    committer,
                });
            }
        }
        let slot = Slot::Commit {
            group: id,
            epoch,
            lease_ms,
        };
        Some((slot, news))
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
        let settled = waits.then(|| self.unsettled_until(now, None)).flatten();
        [turn, rest, settled].into_iter().flatten().min()
    }
}

/// Committers that are asked in a row. Entrances have their chance after them.
const MOST_TAKE_OVERS: usize = 8;
/// What a turn costs in which nobody else could do anything, beside the one unit that asking for it has cost.
const LAPSED: u32 = 3;
/// How long entrances have it.
const REST: Duration = Duration::from_secs(2);

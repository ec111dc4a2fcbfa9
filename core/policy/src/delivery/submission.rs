//! What participants say to the service, and what becomes of it.

use std::collections::BTreeSet;
use std::time::Duration;

use conclave_protocol::channel::Upstream;
use conclave_protocol::mls::{Epoch, GroupId, LeafIndex, Opaque, Reason};
use conclave_protocol::{ParticipantId, Timestamp};

use super::group::Group;
use super::judgement::{self, Right, Submitted};
use super::turn::{Pending, Turn, Waiting};
use super::{Audience, Delivery, MOST_MEMBERS, Output, Write};

/// What a participant says to the service; [`Upstream`] says what each is for.
#[derive(Clone)]
pub enum Submission {
    Join,
    Create {
        group: GroupId,
        group_info: Opaque,
    },
    Commit {
        group: GroupId,
        epoch: Epoch,
        commit: Opaque,
        group_info: Opaque,
        leaf: Option<LeafIndex>,
    },
    Processed {
        group: GroupId,
        epoch: Epoch,
    },
    Invalid {
        group: GroupId,
        epoch: Epoch,
    },
    Pass,
    Turn {
        group: GroupId,
        epoch: Epoch,
    },
    Heartbeat {
        bytes: Opaque,
    },
    Letter {
        to: ParticipantId,
        bytes: Opaque,
    },
}

/// What a submission is for, as far as it says.
pub(super) type Target = (Option<GroupId>, Option<Epoch>);

impl Submission {
    /// `None` for what is not for the delivery service.
    pub fn of(message: Upstream) -> Option<Self> {
        Some(match message {
            Upstream::MlsJoin => Self::Join,
            Upstream::MlsCreate { group, group_info } => Self::Create { group, group_info },
            Upstream::MlsCommit {
                group,
                epoch,
                commit,
                group_info,
                leaf,
            } => Self::Commit {
                group,
                epoch,
                commit,
                group_info,
                leaf,
            },
            Upstream::MlsProcessed { group, epoch } => Self::Processed { group, epoch },
            Upstream::MlsInvalid { group, epoch } => Self::Invalid { group, epoch },
            Upstream::MlsPass => Self::Pass,
            Upstream::MlsTurn { group, epoch } => Self::Turn { group, epoch },
            Upstream::MlsHeartbeat { bytes } => Self::Heartbeat { bytes },
            Upstream::MlsLetter { to, bytes } => Self::Letter { to, bytes },
            Upstream::Hello { .. } | Upstream::Ack { .. } | Upstream::Ping {} => return None,
        })
    }

    fn target(&self) -> Target {
        match self {
            Self::Join | Self::Pass | Self::Heartbeat { .. } | Self::Letter { .. } => (None, None),
            Self::Create { group, .. } => (Some(*group), Some(Epoch(0))),
            Self::Commit { group, epoch, .. }
            | Self::Processed { group, epoch }
            | Self::Invalid { group, epoch }
            | Self::Turn { group, epoch } => (Some(*group), Some(*epoch)),
        }
    }
}

impl Delivery {
    pub(super) fn hear(
        &mut self,
        now: Timestamp,
        participant: ParticipantId,
        leads: bool,
        submission: Submission,
    ) {
        if !judgement::fits(&submission) {
            return self.refuse(participant, submission.target(), Reason::TooLarge);
        }
        let target = submission.target();
        let done = match submission {
            Submission::Join => self.queue(now, participant, leads),
            Submission::Create { group, group_info } => {
                self.create(now, participant, leads, (group, group_info))
            }
            Submission::Commit {
                commit,
                group_info,
                leaf,
                ..
            } => {
                let submitted = Submitted {
                    sender: participant,
                    leads,
                    commit: &commit,
                    group_info: &group_info,
                    leaf,
                };
                self.commit(now, target, &submitted)
            }
            Submission::Processed { group, epoch } => self.process(participant, group, epoch),
            Submission::Invalid { group, epoch } if self.enters(participant) => {
                self.doubt(now, participant, leads, (group, epoch))
            }
            Submission::Invalid { group, epoch } => {
                self.report(participant, leads, group, epoch);
                Ok(())
            }
            Submission::Pass => {
                self.pass(now, participant);
                Ok(())
            }
            Submission::Turn { group, epoch } => self.queue_turn(now, participant, group, epoch),
            Submission::Heartbeat { bytes } => {
                self.pass_heartbeat(now, participant, bytes);
                Ok(())
            }
            Submission::Letter { to, bytes } => {
                self.pass_letter(now, participant, to, bytes);
                Ok(())
            }
        };
        if let Err(reason) = done {
            self.refuse(participant, target, reason);
        }
    }

    /// Who waits already, or has the slot, is not queued twice.
    fn queue(
        &mut self,
        now: Timestamp,
        participant: ParticipantId,
        leads: bool,
    ) -> Result<(), Reason> {
        let holder = self.slot_of(participant);
        let mut places = self.waiting.iter().chain(&holder);
        if places.any(|place| place.entering() == Some(participant)) {
            return Ok(());
        }
        self.charge(now, participant)?;
        let entering = self.waiting.iter().filter_map(Waiting::entering);
        let mut inside: BTreeSet<_> = self.members().chain(entering).collect();
        inside.insert(participant);
        if inside.len() > MOST_MEMBERS {
            return Err(Reason::Full);
        }
        self.give_up_places(participant);
        let entrance = Waiting::ToEnter { participant, leads };
        self.waiting.push_back(entrance);
        Ok(())
    }

    /// Whoever enters has nothing else to commit before.
    fn give_up_places(&mut self, participant: ParticipantId) {
        self.waiting
            .retain(|waiting| waiting.participant() != participant);
        if self.slot_of(participant).is_some() {
            self.turn = Turn::Nobodys;
        }
    }

    /// Whoever waits keeps their place when the group moves on: the slot says in which epoch it is by then.
    fn queue_turn(
        &mut self,
        now: Timestamp,
        participant: ParticipantId,
        id: GroupId,
        epoch: Epoch,
    ) -> Result<(), Reason> {
        let mut waiting = self.waiting.iter();
        if self.slot_of(participant).is_some()
            || waiting.any(|one| one.participant() == participant)
        {
            return Ok(());
        }
        self.charge(now, participant)?;
        let here = |group: &&Group| (group.id, group.epoch) == (id, epoch);
        let group = self.group.as_ref().filter(here).ok_or(Reason::Stale)?;
        if group.leaf_of(participant).is_none() {
            return Err(Reason::NoSlot);
        }
        self.waiting.push_back(Waiting::ToChange(participant));
        Ok(())
    }

    /// Whether `participant` holds the slot to enter.
    fn enters(&self, participant: ParticipantId) -> bool {
        self.slot_of(participant)
            .is_some_and(|slot| slot.entering().is_some())
    }

    /// Who can't enter by the GroupInfo gets the next one before all others; after that they ask for a slot again.
    fn doubt(
        &mut self,
        now: Timestamp,
        joiner: ParticipantId,
        leads: bool,
        (id, epoch): (GroupId, Epoch),
    ) -> Result<(), Reason> {
        let Some(holder) = self.slot_of(joiner) else {
            return Ok(());
        };
        self.turn = Turn::Nobodys;
        self.charge(now, joiner)?;
        let here = |group: &&mut Group| (group.id, group.epoch) == (id, epoch);
        let group = self.group.as_mut().filter(here).ok_or(Reason::Stale)?;
        let first = !group.doubts.are_of(joiner);
        group.doubts.add(group.author, joiner, leads);
        if first {
            self.waiting.push_front(holder);
        }
        Ok(())
    }

    /// Whoever can't use the turn that they have gives it to the next.
    pub(super) fn pass(&mut self, now: Timestamp, participant: ParticipantId) {
        let committer = self.committer();
        match &mut self.turn {
            Turn::Slot { holder, .. } if holder.participant() == participant => {
                let holder = *holder;
                self.turn = Turn::Nobodys;
                self.note_passed(holder);
            }
            Turn::Removal { next_at, .. } if committer == Some(participant) => *next_at = now,
            _ => {}
        }
    }

    /// Who was asked last to commit the proposed removals.
    pub(super) fn committer(&self) -> Option<ParticipantId> {
        let proposed = self.group.as_ref()?.proposed.as_ref()?;
        Some(proposed.committer.participant)
    }

    fn create(
        &mut self,
        now: Timestamp,
        creator: ParticipantId,
        leads: bool,
        (id, group_info): (GroupId, Opaque),
    ) -> Result<(), Reason> {
        match (self.right(now, creator), &self.group) {
            (Right::Enter, None) => {}
            (_, Some(_)) => return self.charge(now, creator).and(Err(Reason::Stale)),
            (_, None) => return self.charge(now, creator).and(Err(Reason::NoSlot)),
        }
        self.turn = Turn::Nobodys;
        judgement::creation(id, &group_info)?;
        let group = Group::created(id, group_info.clone(), creator, leads);
        self.turn = Turn::Stores(Pending::Create(Box::new(group), creator));
        self.outputs.push_back(Output::Write(Write::Create {
            group: id,
            group_info,
            creator,
        }));
        Ok(())
    }

    fn commit(
        &mut self,
        now: Timestamp,
        target: Target,
        submitted: &Submitted<'_>,
    ) -> Result<(), Reason> {
        let right = self.right(now, submitted.sender);
        let asked = self.is_asked(submitted.sender);
        let units = weight(submitted.commit);
        if !asked {
            self.charge_units(now, submitted.sender, units)?;
        }
        let group = self.group.as_ref();
        let group = group.filter(|group| target == (Some(group.id), Some(group.epoch)));
        let group = group.ok_or(Reason::Stale)?;
        let judged = judgement::commit(group, right, submitted, &self.terms.external_sender);
        if self.slot_of(submitted.sender).is_some() {
            self.turn = Turn::Nobodys;
        }
        if asked && judged.is_err() {
            self.paces.fine(submitted.sender, now, units);
        }
        let accepted = judged?;
        self.outputs.push_back(Output::Write(Write::Commit {
            group: group.id,
            commit: accepted.commit.clone(),
            group_info: accepted.group_info.clone(),
            entered: accepted.entered,
            removed: accepted.removed.clone(),
            keep_from: group.log.oldest_with(group.epoch, &accepted.commit.message),
        }));
        self.turn = Turn::Stores(Pending::Commit(Box::new(accepted)));
        Ok(())
    }

    /// What `participant` may commit.
    fn right(&self, now: Timestamp, participant: ParticipantId) -> Right {
        let is_settled = || self.unsettled_until(now, Some(participant)).is_none();
        match (self.slot_of(participant), &self.turn) {
            (Some(Waiting::ToEnter { .. }), _) => Right::Enter,
            (Some(Waiting::ToChange(_) | Waiting::Renewal(_)), _) => Right::Change,
            (None, Turn::Nobodys) if is_settled() => Right::Change,
            (None, Turn::Nobodys) => Right::Nothing,
            (None, Turn::Removal { .. }) => Right::Remove,
            (None, Turn::Slot { .. } | Turn::Stores(_) | Turn::EndsLater { .. } | Turn::Reads) => {
                Right::Nothing
            }
        }
    }

    /// The slot that `participant` holds.
    fn slot_of(&self, participant: ParticipantId) -> Option<Waiting> {
        match self.turn {
            Turn::Slot { holder, .. } if holder.participant() == participant => Some(holder),
            _ => None,
        }
    }

    /// Whether the service has asked for this participant's commit: such cost them nothing.
    fn is_asked(&self, participant: ParticipantId) -> bool {
        self.committer() == Some(participant) || self.slot_of(participant).is_some()
    }

    fn charge(&mut self, now: Timestamp, participant: ParticipantId) -> Result<(), Reason> {
        self.charge_units(now, participant, 1)
    }

    fn charge_units(
        &mut self,
        now: Timestamp,
        participant: ParticipantId,
        units: u32,
    ) -> Result<(), Reason> {
        let trusted = self.refused.look(&participant, now).is_ok();
        match trusted && self.paces.charge(participant, now, units) {
            true => Ok(()),
            false => Err(Reason::Throttled),
        }
    }

    fn process(
        &mut self,
        participant: ParticipantId,
        id: GroupId,
        epoch: Epoch,
    ) -> Result<(), Reason> {
        let fresh = self.fresh.remove(&participant);
        let group = self.group.as_mut().filter(|group| group.id == id);
        let member = group.filter(|group| group.leaf_of(participant).is_some());
        let Some(group) = member.filter(|group| epoch <= group.epoch) else {
            return if fresh { Err(Reason::Stale) } else { Ok(()) };
        };
        if fresh && epoch < group.epoch {
            let missed: Vec<_> = match group.log.from(epoch) {
                Some(missed) => missed.cloned().collect(),
                None => return Err(Reason::Stale),
            };
            for commit in missed {
                self.publish(Audience::One(participant), super::written::told(id, commit));
            }
            self.publish_removal(Audience::One(participant));
            return Ok(());
        }
        group.process(participant, epoch);
        self.tell_all_processed();
        Ok(())
    }

    /// Most members' word against a commit ends the group: an epoch can't be taken back.
    fn report(&mut self, participant: ParticipantId, leads: bool, id: GroupId, epoch: Epoch) {
        let group = self.group.as_mut().filter(|group| group.id == id);
        if let Some(trial) = group.and_then(|group| group.trial(epoch)) {
            trial.report(participant, leads);
            self.tell_all_processed();
        }
    }

    /// See [`Group::unsettled_until`].
    pub(super) fn unsettled_until(
        &self,
        now: Timestamp,
        sender: Option<ParticipantId>,
    ) -> Option<Timestamp> {
        let group = self.group.as_ref()?;
        group.unsettled_until(now, &self.present, sender)
    }
}

/// What a commit costs its sender, which goes to everybody.
fn weight(commit: &Opaque) -> u32 {
    let units = 1 + commit.as_bytes().len() / UNIT;
    u32::try_from(units).unwrap_or(u32::MAX)
}

/// Bytes. Most commits of a group of 100 have less.
const UNIT: usize = 32 * 1_024;
/// How long the next commit waits for reports about the latest, where most members say nothing.
pub(super) const REPORTS: Duration = Duration::from_secs(1);

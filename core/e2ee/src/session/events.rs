//! What the server says, sorted by whom it concerns.

use std::time::Duration;

use super::epochs::Haste;
use super::{Alarm, FromServer, KeyChange, Output, Session, State, ToServer};
use crate::group::{Change, MOST_MEMBERS, Refusal, Rule};
use crate::identity::ParticipantId;
use crate::meeting::GroupId;

impl Session {
    pub(super) fn handle_server(&mut self, now: Duration, message: FromServer<'_>) {
        match message {
            FromServer::SlotToCreate => self.create(now),
            FromServer::SlotToJoin {
                group,
                epoch,
                group_info,
            } => self.join(now, group, epoch, group_info),
            FromServer::SlotToCommit { group, epoch } => self.commit(group, epoch),
            FromServer::Refused(reason) => self.refused(now, reason),
            FromServer::Commit {
                group,
                epoch,
                sender,
                commit,
            } => match &self.state {
                State::Joining { .. } => self.decide_join(now, group, epoch, commit),
                _ => self.follow(now, (group, epoch), sender, commit),
            },
            FromServer::Removal {
                group,
                epoch,
                proposals,
            } => self.take_removals(group, epoch, proposals),
            FromServer::AllProcessed { group, epoch } => {
                if self.is_in(group) {
                    self.epochs.all_follow(epoch);
                }
            }
            FromServer::State { group, epoch } => self.compare(now, group, epoch),
            FromServer::Ended { group } => self.group_ended(now, group),
        }
    }

    fn is_in(&self, group: GroupId) -> bool {
        self.group().is_some_and(|ours| ours.id() == group)
    }

    /// A commit that the server accepted. One of an epoch before is a repetition; one of an epoch to come means
    /// that something is missing.
    fn follow(
        &mut self,
        now: Duration,
        (group, epoch): (GroupId, u64),
        sender: ParticipantId,
        commit: &[u8],
    ) {
        let State::Member(member) = &mut self.state else {
            return;
        };
        if member.group.id() != group || epoch < member.group.epoch() {
            return;
        }
        if epoch > member.group.epoch() {
            return self.fall_behind(now);
        }
        let before = member.keys_by_leaf();
        match member.apply(commit, now) {
            Ok(applied) => {
                let change = Some(&applied.change).filter(|change| !change.ends);
                self.precedent.follow(&member.group, &before, change);
                self.wishes.pop_front_if(|_| applied.fulfils);
                self.changed(now, sender, &applied.change);
            }
            // Back without the events in between, or the server kept them: nobody's fault that could be told.
            Err(Refusal::Missed) => self.fall_behind(now),
            Err(refusal) => {
                member.rejoin_at.get_or_insert(now + CORRECTION);
                self.alarm(Alarm::Commit { sender, refusal });
                self.send(ToServer::Invalid {
                    group,
                    epoch: epoch + 1,
                });
            }
        }
    }

    fn changed(&mut self, now: Duration, sender: ParticipantId, change: &Change) {
        let State::Member(member) = &mut self.state else {
            return;
        };
        if change.ends {
            // Whoever came back too late to keep their place enters again; whoever was put out is not let in.
            self.epochs.close_all();
            return self.ask(now, 0);
        }
        if let Some(leaf) = change.joined {
            let joined = member.participant(leaf);
            joined
                .into_iter()
                .for_each(|who| self.witnesses.forget(who));
            if joined != Some(sender) {
                self.alarm(Alarm::Mislabelled { leaf });
            }
        }
        let haste = if change.departed.is_empty() {
            Haste::WhenAllFollow
        } else {
            Haste::AtOnce
        };
        self.enter_epoch(now, haste);
    }

    /// The member's group is in another epoch than before.
    pub(super) fn enter_epoch(&mut self, now: Duration, haste: Haste) {
        let State::Member(member) = &mut self.state else {
            return;
        };
        let epoch = member.group.epoch();
        self.epochs.enter(now, epoch, haste);
        member.enter(now, &self.epochs, &mut self.witnesses);
        let group = member.group.id();
        let Ok(opened) = member.opened() else {
            return self.end();
        };
        self.close_epochs();
        self.key_changes.push_back(KeyChange::Open(opened));
        self.outputs.push_back(Output::Changed);
        self.remember_members();
        if epoch > 0 {
            self.send(ToServer::Processed { group, epoch });
        }
        self.ask_for_turn(now);
    }

    fn take_removals(&mut self, group: GroupId, epoch: u64, proposals: &[Vec<u8>]) {
        let State::Member(member) = &mut self.state else {
            return;
        };
        if member.group.id() != group || member.group.epoch() != epoch {
            return;
        }
        let mut refusals: Vec<Refusal> = proposals
            .iter()
            .take(MOST_MEMBERS)
            .filter_map(|proposal| member.group.take_removal(proposal).err())
            .collect();
        if proposals.len() > MOST_MEMBERS {
            refusals.push(Rule::Size.into());
        }
        for refusal in refusals {
            self.alarm(Alarm::Proposal(refusal));
        }
    }

    /// Where the server says that the group is.
    fn compare(&mut self, now: Duration, group: GroupId, epoch: u64) {
        let State::Member(member) = &self.state else {
            return;
        };
        if member.group.id() != group {
            let ours = member.group.id();
            self.group_ended(now, ours);
        } else if member.group.epoch() != epoch {
            self.fall_behind(now);
        }
    }
}

/// For the server to take a commit back that members refuse, and to let another end the epoch.
const CORRECTION: Duration = Duration::from_secs(3);

//! What became of a change that the store was to keep.

use std::time::Duration;

use conclave_protocol::channel::Event;
use conclave_protocol::mls::{GroupId, Reason};
use conclave_protocol::{ParticipantId, Timestamp};

use super::group::{Group, Kept};
use super::log::LoggedCommit;
use super::submission::{REPORTS, Target};
use super::turn::{Pending, Turn};
use super::{Audience, Delivery, Ending, Outcome, Output};

impl Delivery {
    pub(super) fn written(&mut self, now: Timestamp, outcome: Outcome) {
        let pending = match std::mem::replace(&mut self.turn, Turn::Nobodys) {
            Turn::Stores(pending) => pending,
            other => {
                self.turn = other;
                return;
            }
        };
        match (outcome, pending) {
            (Outcome::Done, Pending::Create(group, _)) => {
                self.group = Some(*group);
                // For its creator this is the news that the group is kept.
                self.tell_all_processed();
            }
            (Outcome::Done, Pending::Commit(accepted)) => {
                if let Some(group) = &mut self.group {
                    let id = group.id;
                    let event = told(id, accepted.commit.clone());
                    self.fresh.remove(&accepted.commit.sender);
                    let blamed = group.apply(*accepted, now.plus(REPORTS));
                    self.removals_rest_until = None;
                    self.publish(Audience::Everybody, event);
                    self.blame(now, id, blamed);
                }
            }
            (Outcome::Done | Outcome::Conflict, Pending::End(..)) => {}
            (Outcome::Failed, Pending::End(group, why)) => {
                let at = now.plus(PATIENCE);
                self.turn = Turn::EndsLater { group, why, at };
            }
            (outcome, Pending::Create(group, creator)) => {
                let target = (Some(group.id), Some(group.epoch));
                self.fail(outcome, creator, target);
            }
            (outcome, Pending::Commit(accepted)) => {
                let group = self.group.as_ref().map(|group| group.id);
                let target = (group, Some(accepted.commit.epoch));
                self.fail(outcome, accepted.commit.sender, target);
            }
        }
    }

    fn fail(&mut self, outcome: Outcome, participant: ParticipantId, target: Target) {
        if outcome == Outcome::Conflict {
            self.turn = Turn::Reads;
            self.outputs.push_back(Output::Reload);
            return self.refuse(participant, target, Reason::Stale);
        }
        self.refuse(participant, target, Reason::Throttled);
    }

    /// Another state than ours is the truth; members are led there, or start anew.
    pub(super) fn restored(&mut self, kept: Option<Kept>) {
        self.turn = Turn::Nobodys;
        let ours = self.group.take();
        self.group = kept.map(Group::restored);
        let Some(ours) = ours else { return };
        if let Some(group) = &mut self.group {
            group.remember(&ours);
        }
        let bridge = self.group.as_ref().and_then(|group| {
            let same = group.id == ours.id && ours.epoch <= group.epoch;
            let missed = || {
                group
                    .log
                    .from(ours.epoch)
                    .map(|missed| missed.cloned().collect())
            };
            match same && ours.epoch == group.epoch {
                true => Some(Vec::new()),
                false => same.then(missed).flatten(),
            }
        });
        match bridge {
            Some(missed) => {
                for commit in missed {
                    self.publish(Audience::Everybody, told(ours.id, commit));
                }
            }
            // Members have gone further than the store: no epoch of that group is the same to all any more.
            None if self.group.as_ref().is_some_and(|group| group.id == ours.id) => {
                self.end_group(Ending::Behind)
            }
            None => self.publish(Audience::Everybody, Event::MlsEnded { group: ours.id }),
        }
    }
}

pub(super) fn told(group: GroupId, commit: LoggedCommit) -> Event {
    Event::MlsCommit {
        group,
        epoch: commit.epoch,
        sender: commit.sender,
        commit: commit.message,
    }
}

/// Between tries to end a group that the store could not end.
const PATIENCE: Duration = Duration::from_secs(1);

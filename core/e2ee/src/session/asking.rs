//! The way in: asking for a slot, using it, and asking again when it was in vain.

use std::time::Duration;

use super::epochs::Haste;
use super::member::Member;
use super::witnesses::Witnesses;
use super::{Alarm, Output, Refused, Session, State, ToServer, oneself};
use crate::admission::Voucher;
use crate::group::{Group, JoinRefusal, Joining, Papers};
use crate::meeting::GroupId;

impl Session {
    pub(super) fn enter(&mut self, now: Duration) {
        if matches!(self.state, State::Outside | State::Over) {
            self.ask(now, 0);
        }
    }

    /// Asks for a slot, and again if none comes.
    pub(super) fn ask(&mut self, now: Duration, tries: u32) {
        self.state = State::Asking {
            again: Some(now + PATIENCE),
            tries: tries.saturating_add(1),
        };
        self.send(ToServer::Join);
    }

    /// Asks after a pause that doubles with each failure.
    pub(super) fn ask_later(&mut self, now: Duration) {
        let tries = match &self.state {
            State::Asking { tries, .. } => *tries,
            _ => 0,
        };
        let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(tries));
        self.state = State::Asking {
            again: Some(now + pause.min(LONGEST_PAUSE)),
            tries,
        };
    }

    pub(super) fn create(&mut self, now: Duration) {
        let State::Asking { .. } = self.state else {
            return self.send(ToServer::Pass);
        };
        let config = &self.config;
        let (meeting, wish) = (&config.meeting, config.opening);
        let Some(opening) = self.precedent.opening(meeting, oneself(config), wish) else {
            self.outputs.push_back(Output::NeedsHost);
            return self.pass(now);
        };
        let created = Group::create(
            &config.meeting,
            &config.secret,
            oneself(config),
            opening,
            self.entropy.seed(),
            now,
        );
        let offered = created.and_then(|group| Ok((group.group_info(&config.signer)?, group)));
        match offered {
            Ok((group_info, group)) => {
                let group_id = group.id();
                self.send(ToServer::Create {
                    group: group_id,
                    group_info,
                });
                self.become_member(now, group, Haste::AtOnce);
            }
            Err(_) => self.pass(now),
        }
    }

    /// Somebody else may have the slot; asks for another one later.
    fn pass(&mut self, now: Duration) {
        self.send(ToServer::Pass);
        self.ask_later(now);
    }

    pub(super) fn join(&mut self, now: Duration, group: GroupId, epoch: u64, group_info: &[u8]) {
        // A slot that follows the one of a commit says that this commit was overtaken.
        let (State::Asking { .. } | State::Joining { .. }) = self.state else {
            return self.send(ToServer::Pass);
        };
        let joining = Joining::start(
            &self.config.meeting,
            &self.config.secret,
            oneself(&self.config),
            Papers {
                voucher: self.voucher.as_ref(),
                precedent: Some(&self.precedent),
            },
            group_info,
            self.entropy.seed(),
            now,
        );
        let named = joining.and_then(|joining| {
            let is_named = joining.group_id() == group && joining.epoch() == epoch + 1;
            is_named.then_some(joining).ok_or(JoinRefusal::NotOurs)
        });
        match named {
            Ok(joining) => self.offer(now, epoch, joining),
            Err(JoinRefusal::NotAdmitted(_)) => self.await_voucher(now, (group, epoch), group_info),
            Err(JoinRefusal::EarlierSelf) => self.pass(now),
            Err(refusal) => self.refuse_group(now, (group, epoch), refusal),
        }
    }

    /// Who commits next makes another group info: this one's author may have made it so that nobody can enter.
    pub(super) fn refuse_group(
        &mut self,
        now: Duration,
        (group, epoch): (GroupId, u64),
        refusal: JoinRefusal,
    ) {
        self.alarm(Alarm::Group(refusal));
        self.send(ToServer::Invalid { group, epoch });
        self.ask_later(now);
    }

    fn offer(&mut self, now: Duration, epoch: u64, joining: Joining) {
        self.send(ToServer::Commit {
            group: joining.group_id(),
            epoch,
            leaf: Some(joining.leaf()),
            commit: joining.outgoing.commit.clone(),
            group_info: joining.outgoing.group_info.clone(),
        });
        self.state = State::Joining {
            joining: Box::new(joining),
            until: now + PATIENCE,
        };
    }

    pub(super) fn take_voucher(&mut self, now: Duration, voucher: Voucher) {
        self.voucher = Some(voucher);
        if self.waiting.take().is_some() && matches!(self.state, State::Asking { .. }) {
            self.ask(now, 0);
        }
    }

    /// The first commit that ends the epoch decides: the own one, or another's.
    pub(super) fn decide_join(&mut self, now: Duration, group: GroupId, epoch: u64, commit: &[u8]) {
        let State::Joining { joining, .. } = &self.state else {
            return;
        };
        if joining.group_id() != group || joining.epoch() > epoch + 1 {
            return;
        }
        if joining.outgoing.commit != commit {
            return self.ask(now, 0);
        }
        let State::Joining { joining, .. } = std::mem::replace(&mut self.state, State::Outside)
        else {
            return;
        };
        self.become_member(now, joining.accepted(), Haste::WhenAllFollow);
    }

    fn become_member(&mut self, now: Duration, group: Group, haste: Haste) {
        if self.epochs_of != Some(group.id()) {
            self.epochs.close_all();
            self.close_epochs();
            self.epochs_of = Some(group.id());
            self.witnesses = Witnesses::default();
        }
        self.precedent.follow(&group, &[], None);
        self.waiting = None;
        self.state = State::Member(Box::new(Member::new(now, group)));
        self.enter_epoch(now, haste);
    }

    /// A slot was not to be had, or was used too late.
    pub(super) fn refused(&mut self, now: Duration, reason: Refused) {
        match (reason, &mut self.state) {
            (_, State::Outside | State::Over) => {}
            (_, State::Member(member)) if !member.is_alone_by_its_own_word() => {
                member.group.discard();
                member.pending = None;
            }
            (Refused::NoSlot | Refused::Stale | Refused::Throttled, _)
            // What the server has of the tree may have changed meanwhile.
            | (Refused::Malformed, State::Joining { .. }) => {
                self.epochs.fall_behind(now);
                self.ask_later(now);
            }
            // Somebody may leave.
            (Refused::Full, _) => {
                self.epochs.fall_behind(now);
                let again = Some(now + LONGEST_PAUSE);
                self.state = State::Asking { again, tries: 0 };
            }
            _ => self.end(),
        }
    }

    /// Missed something: comes back by itself, as a joiner that replaces its own leaf.
    pub(super) fn fall_behind(&mut self, now: Duration) {
        self.epochs.fall_behind(now);
        self.ask(now, 0);
    }

    /// The group is no more, or not ours any more.
    pub(super) fn group_ended(&mut self, now: Duration, group: GroupId) {
        let ours = match &self.state {
            State::Member(member) => member.group.id() == group,
            State::Joining { joining, .. } => joining.group_id() == group,
            State::Asking { .. } | State::Outside | State::Over => false,
        };
        if ours {
            self.epochs.close_all();
            self.ask(now, 0);
        }
    }

    /// Left, or turned away.
    pub(super) fn end(&mut self) {
        self.epochs.close_all();
        while self.wishes.pop_front().is_some() {
            self.outputs.push_back(Output::WishFailed);
        }
        self.waiting = None;
        self.state = State::Over;
    }
}

/// The server's lease of two seconds, a queue in front of it, and a bad network.
const PATIENCE: Duration = Duration::from_secs(15);
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

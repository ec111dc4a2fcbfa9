//! Between the server's words about the group and the device's seat.

use std::time::Instant;

use conclave_e2ee::identity::ParticipantId;
use conclave_e2ee::meeting::{GroupEpoch, GroupId};
use conclave_e2ee::session::{FromServer, Input, Output as FromSeat, Refused};
use conclave_protocol::channel::{Downstream, Event};
use conclave_protocol::mls::{self, CurrentGroup, MlsState, Opaque, Reason, Slot};

use super::{Link, Membership, News, Output, Words, id};

impl Membership {
    /// Where the device stands in the group; `None` outside of it.
    pub(super) fn standing(&self) -> Option<GroupEpoch> {
        let place = |group: &conclave_e2ee::group::Group| GroupEpoch {
            group: group.id(),
            epoch: group.epoch(),
        };
        self.encryption.as_ref()?.in_group(place)
    }

    /// After a welcome with the whole state: is told what it missed, or enters anew.
    pub(super) fn come_back(&mut self, now: Instant, mls: &MlsState) {
        let Some(ours) = self.standing() else {
            return self.take_from_server(now, FromServer::Refused(Refused::Stale));
        };
        match mls.group {
            Some(current) if is_replayed(ours, &current) => {
                self.say(Words::processed(ours.group, ours.epoch));
            }
            Some(CurrentGroup { id, epoch, .. }) => {
                let (group, epoch) = (GroupId(id.0), epoch.0);
                self.take_from_server(now, FromServer::State { group, epoch });
            }
            None => self.take_from_server(now, FromServer::Ended { group: ours.group }),
        }
    }

    /// What is said to this participant alone.
    pub(super) fn hear_of_group(&mut self, now: Instant, message: Downstream) {
        match message {
            Downstream::MlsSlot(slot) => self.use_slot(now, &slot),
            Downstream::MlsRefused(refusal) => {
                let reason = reason(refusal.reason);
                self.take_from_server(now, FromServer::Refused(reason));
            }
            Downstream::MlsHeartbeat { bytes } => {
                self.seat(now, Input::Heartbeat(bytes.as_bytes()));
            }
            Downstream::MlsLetter { from, bytes } => {
                self.hear_letter(now, id(from), bytes.as_bytes());
            }
            _ => {}
        }
    }

    fn hear_letter(&mut self, now: Instant, from: ParticipantId, bytes: &[u8]) {
        if !self.hear_answer(now, from, bytes) && !self.answer(from, bytes) {
            self.seat(now, Input::Letter { from, bytes });
        }
    }

    fn use_slot(&mut self, now: Instant, slot: &Slot) {
        let message = match slot {
            Slot::Create { .. } => FromServer::SlotToCreate,
            Slot::Join {
                group,
                epoch,
                group_info,
                ..
            } => FromServer::SlotToJoin {
                group: GroupId(group.0),
                epoch: epoch.0,
                group_info: group_info.as_bytes(),
            },
            Slot::Commit { group, epoch, .. } => FromServer::SlotToCommit {
                group: GroupId(group.0),
                epoch: epoch.0,
            },
        };
        self.take_from_server(now, message);
    }

    /// What is said to everybody, in order.
    pub(super) fn happened_to_group(&mut self, now: Instant, event: Event) {
        match event {
            Event::MlsCommit {
                group,
                epoch,
                sender,
                commit,
            } => self.take_from_server(
                now,
                FromServer::Commit {
                    group: GroupId(group.0),
                    epoch: epoch.0,
                    sender: id(sender),
                    commit: commit.as_bytes(),
                },
            ),
            Event::MlsRemoval {
                group,
                epoch,
                proposals,
                ..
            } => self.removal(now, group, epoch, &proposals),
            Event::MlsAllProcessed { group, epoch } => self.take_from_server(
                now,
                FromServer::AllProcessed {
                    group: GroupId(group.0),
                    epoch: epoch.0,
                },
            ),
            Event::MlsEnded { group } => {
                let group = GroupId(group.0);
                self.take_from_server(now, FromServer::Ended { group });
            }
            _ => {}
        }
    }

    fn removal(
        &mut self,
        now: Instant,
        group: mls::GroupId,
        epoch: mls::Epoch,
        proposals: &[Opaque],
    ) {
        let proposals = proposals
            .iter()
            .map(|proposal| proposal.as_bytes().to_vec());
        let proposals: Vec<_> = proposals.collect();
        self.take_from_server(
            now,
            FromServer::Removal {
                group: GroupId(group.0),
                epoch: epoch.0,
                proposals: &proposals,
            },
        );
    }

    /// Who is connected, by the server's word.
    pub(super) fn present(&mut self, now: Instant) {
        let connected = self.people.iter().filter(|(_, connected)| **connected);
        let connected: Vec<ParticipantId> = connected.map(|(who, _)| *who).collect();
        self.seat(now, Input::Present(&connected));
    }

    pub(super) fn take_from_server(&mut self, now: Instant, message: FromServer<'_>) {
        self.seat(now, Input::Server(message));
    }

    pub(super) fn seat(&mut self, now: Instant, input: Input<'_>) {
        if let Some(encryption) = &self.encryption {
            encryption.handle_input(now, input);
        }
    }

    /// Carries out what the seat wants.
    pub(super) fn settle(&mut self) {
        let Some(encryption) = self.encryption.clone() else {
            return;
        };
        loop {
            match encryption.poll_output() {
                Ok(output) => self.carry_out(output),
                Err(at) => return self.seat_at = at,
            }
        }
    }

    fn carry_out(&mut self, output: FromSeat) {
        match output {
            FromSeat::Send(message) => self.say(Words::to_delivery(&message)),
            FromSeat::Broadcast(bytes) => self.say(Words::heartbeat(&bytes)),
            FromSeat::Letter { to, bytes } => self.say(Words::letter(to, &bytes)),
            FromSeat::Sending(sending) => self.tell(News::Sending(sending)),
            FromSeat::Changed => self.tell(News::Changed),
            FromSeat::NeedsVoucher(_) => self.tell(News::NeedsVoucher),
            FromSeat::VoucherAsked(who) => self.tell(News::VoucherAsked(who)),
            FromSeat::Silent(who) => self.tell(News::Silent(who)),
            FromSeat::WishFailed => self.tell(News::WishFailed),
            FromSeat::NeedsHost => self.tell(News::NeedsHost),
            FromSeat::Difference(difference) => self.tell(News::Difference(difference)),
            FromSeat::Alarm(alarm) => self.tell(News::Alarm(alarm)),
            FromSeat::Wait(_) => {}
        }
    }

    /// Lost without a connection: the seat asks again.
    pub(super) fn say(&mut self, words: Words) {
        if self.link == Link::Open {
            self.outputs.push_back(Output::Say(words));
        }
    }
}

/// The server sends a member the commits that it missed, as far as it keeps them.
fn is_replayed(ours: GroupEpoch, current: &CurrentGroup) -> bool {
    ours.group.0 == current.id.0 && ours.epoch >= current.replays_from.0
}

fn reason(reason: Reason) -> Refused {
    match reason {
        Reason::NoSlot => Refused::NoSlot,
        Reason::Stale => Refused::Stale,
        Reason::Malformed => Refused::Malformed,
        Reason::TooLarge => Refused::TooLarge,
        Reason::Throttled => Refused::Throttled,
        Reason::Full => Refused::Full,
    }
}

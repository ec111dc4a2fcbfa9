//! Files, each by a permission of its own.

use std::time::Instant;

use conclave_protocol::remote::{
    Capability, Chunk, Digest, EndReason, FileName, FileOffer, FileOutcome, FromAgent, TransferId,
};

use super::Session;
use crate::fact::Fact;
use crate::inbox_name::inbox_name;
use crate::io::{Done, FileWork, Output};
use crate::permissions::Scope;
use crate::question::Subject;
use crate::transfers::{Coming, Going, Received, Transfer};

impl Session {
    /// The technician has one for the computer.
    pub(super) fn offered(&mut self, now: Instant, offer: FileOffer) {
        let transfer = offer.transfer;
        let fits = self.limits.files.admit(&offer.name, offer.size);
        if self.takes_up(now, transfer, Capability::FileIn, fits) {
            self.question(now, Subject::FileIn(offer));
        }
    }

    /// The technician wants one that the local person picks.
    pub(super) fn asked_for_file(&mut self, now: Instant, transfer: TransferId) {
        if self.takes_up(now, transfer, Capability::FileOut, true) {
            self.question(now, Subject::FileOut(transfer));
        }
    }

    /// Whether the local person is to be asked.
    fn takes_up(
        &mut self,
        now: Instant,
        transfer: TransferId,
        way: Capability,
        fits: bool,
    ) -> bool {
        if self.transfers.number(transfer).is_err() {
            self.end(EndReason::Unexpected);
            return false;
        }
        let has_room = self.transfers.has_room(self.limits.files.most);
        if !fits || !has_room || !self.is_permitted(way) {
            self.say_file_failed(transfer, FileOutcome::NotPermitted);
            return false;
        }
        if let Some(answer) = self.refusal(now, way) {
            self.say_answer(way, answer);
            self.say_file_failed(transfer, FileOutcome::Denied);
            return false;
        }
        self.transfers.ask(transfer, way);
        true
    }

    pub(super) fn begin_coming(&mut self, offer: FileOffer, until: Instant) {
        let transfer = offer.transfer;
        let is_empty = offer.size == 0;
        self.consented();
        let scope = Scope::File(transfer);
        self.permissions.give(Capability::FileIn, scope, until);
        self.push(Output::File(FileWork::Create {
            transfer,
            name: inbox_name(transfer, &offer.name),
            size: offer.size,
        }));
        let coming = Coming::new(offer);
        let received = coming.verify();
        self.transfers.put(transfer, Transfer::Coming(coming));
        match is_empty {
            true => self.go_on(transfer, received),
            false => self.fetch(transfer, 0),
        }
    }

    pub(super) fn begin_going(&mut self, transfer: TransferId, until: Instant) {
        self.consented();
        let scope = Scope::File(transfer);
        self.permissions.give(Capability::FileOut, scope, until);
        self.transfers.put(transfer, Transfer::Picked);
        self.push(Output::File(FileWork::Pick(transfer)));
    }

    pub(super) fn received(&mut self, transfer: TransferId, offset: u64, bytes: Chunk) {
        if !self.may_pass(Capability::FileIn, transfer) {
            return;
        }
        let Some(coming) = self.transfers.coming(transfer) else {
            return;
        };
        let received = coming.receive(offset, &bytes);
        if matches!(received, Received::More { .. } | Received::Whole) {
            self.push(Output::File(FileWork::Write {
                transfer,
                offset,
                bytes,
            }));
        }
        self.go_on(transfer, received);
    }

    fn go_on(&mut self, transfer: TransferId, received: Received) {
        match received {
            Received::More { from } | Received::Elsewhere { from } => self.fetch(transfer, from),
            Received::Whole => self.look_at(transfer),
            Received::Damaged => self.end_file(transfer, FileOutcome::Damaged),
        }
    }

    /// It is whole, and not the local person's before something on the computer has looked at it.
    fn look_at(&mut self, transfer: TransferId) {
        if let Some(coming) = self.transfers.coming(transfer) {
            let offer = coming.offer().clone();
            self.transfers.put(transfer, Transfer::Looked(offer));
            self.push(Output::File(FileWork::Scan(transfer)));
        }
    }

    pub(super) fn done(&mut self, now: Instant, done: Done) {
        match done {
            Done::Picked {
                transfer,
                name,
                size,
                sha256,
            } => self.picked(transfer, name, size, sha256),
            Done::Read {
                transfer,
                offset,
                bytes,
            } => self.read(transfer, offset, bytes),
            Done::Scanned { transfer, harmless } => self.scanned(transfer, harmless),
            Done::Failed(transfer) => self.end_file(transfer, FileOutcome::Failed),
            Done::Diagnosed(report) => self.diagnosed(now, report),
            Done::Raised(outcome) => self.raised(outcome),
            Done::WayBack { is_laid } => self.way_back(is_laid),
        }
    }

    fn scanned(&mut self, transfer: TransferId, harmless: bool) {
        let Some(Transfer::Looked(offer)) = self.transfers.get(transfer) else {
            return;
        };
        let (size, sha256) = (offer.size, offer.sha256);
        if !harmless {
            self.end_file(transfer, FileOutcome::Harmful);
            return;
        }
        self.push(Output::File(FileWork::Keep(transfer)));
        self.complete(transfer);
        self.fact(Fact::FileKept {
            transfer,
            size,
            sha256,
        });
    }

    fn picked(&mut self, transfer: TransferId, name: FileName, size: u64, sha256: Digest) {
        let Some(Transfer::Picked) = self.transfers.get(transfer) else {
            return;
        };
        if !self.limits.files.admit(&name, size) {
            self.end_file(transfer, FileOutcome::NotPermitted);
            return;
        }
        if !self.may_pass(Capability::FileOut, transfer) {
            self.end_file(transfer, FileOutcome::Cancelled);
            return;
        }
        let offer = FileOffer {
            transfer,
            name,
            size,
            sha256,
        };
        let going = Going::new(offer.clone());
        self.transfers.put(transfer, Transfer::Going(going));
        self.say(FromAgent::OfferFile(offer));
    }

    pub(super) fn fetched(&mut self, transfer: TransferId, offset: u64) {
        if !self.may_pass(Capability::FileOut, transfer) {
            return;
        }
        let Some(going) = self.transfers.going(transfer) else {
            return;
        };
        if offset == going.offer().size {
            self.sent(transfer);
        } else if going.fetch(offset) {
            self.push(Output::File(FileWork::Read { transfer, offset }));
        }
    }

    /// The technician has all of it.
    fn sent(&mut self, transfer: TransferId) {
        let Some(going) = self.transfers.going(transfer) else {
            return;
        };
        let (size, sha256) = (going.offer().size, going.offer().sha256);
        self.push(Output::File(FileWork::Close(transfer)));
        self.complete(transfer);
        self.fact(Fact::FileSent {
            transfer,
            size,
            sha256,
        });
    }

    fn read(&mut self, transfer: TransferId, offset: u64, bytes: Chunk) {
        let may_pass = self.may_pass(Capability::FileOut, transfer);
        let going = self.transfers.going(transfer);
        if going.is_some_and(|going| going.read(offset, &bytes)) && may_pass {
            self.say(FromAgent::Chunk {
                transfer,
                offset,
                bytes,
            });
        }
    }

    fn complete(&mut self, transfer: TransferId) {
        self.transfers.remove(transfer);
        self.permissions.take_file(transfer);
        let outcome = FileOutcome::Complete;
        self.say(FromAgent::FileEnded { transfer, outcome });
    }

    /// Nothing of it is left.
    pub(super) fn end_file(&mut self, transfer: TransferId, outcome: FileOutcome) {
        let Some(ended) = self.transfers.remove(transfer) else {
            return;
        };
        self.permissions.take_file(transfer);
        match ended {
            Transfer::Coming(_) | Transfer::Looked(_) => {
                self.push(Output::File(FileWork::Discard(transfer)));
            }
            Transfer::Picked | Transfer::Going(_) => {
                self.push(Output::File(FileWork::Close(transfer)));
            }
            Transfer::Asked(_) => {}
        }
        self.say_file_failed(transfer, outcome);
    }

    /// Also those that are only asked about.
    pub(super) fn end_files(&mut self) {
        for way in [Capability::FileIn, Capability::FileOut] {
            for transfer in self.transfers.of(way) {
                self.end_file(transfer, FileOutcome::Cancelled);
            }
        }
    }

    /// Each that comes goes on where it stopped.
    pub(super) fn resume_files(&mut self) {
        if self.flows() {
            for (transfer, from) in self.transfers.resumptions() {
                self.fetch(transfer, from);
            }
        }
    }

    fn fetch(&mut self, transfer: TransferId, offset: u64) {
        self.say(FromAgent::Fetch { transfer, offset });
    }

    fn say_file_failed(&mut self, transfer: TransferId, outcome: FileOutcome) {
        self.say(FromAgent::FileEnded { transfer, outcome });
        self.fact(Fact::FileFailed { transfer, outcome });
    }

    fn may_pass(&self, way: Capability, transfer: TransferId) -> bool {
        self.flows() && self.permissions.covers(way, Scope::File(transfer))
    }
}

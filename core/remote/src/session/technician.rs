//! What the technician says, and what it may do.

use std::cmp::Ordering;
use std::time::Instant;

use conclave_protocol::ParticipantId;
use conclave_protocol::remote::{
    Capability, EndReason, FileOutcome, FromTechnician, InputEvent, Turn,
};

use super::Session;
use crate::fact::Fact;
use crate::turn::Verdict;

impl Session {
    /// Nobody but the technician is listened to, and nobody through a connection that is lost; but who leads is told to
    /// everybody who asks.
    pub(super) fn heard(&mut self, now: Instant, from: ParticipantId, message: FromTechnician) {
        if message == FromTechnician::Hello {
            self.greeted(now, from);
            return;
        }
        if !self.people.is_technician(from) || !self.connection.is_up() {
            return;
        }
        if !self.pace.admits(now, 1) {
            self.end(EndReason::Flood);
            return;
        }
        self.lifetime.active(now);
        match message {
            FromTechnician::Ask(capability) => self.ask(now, capability),
            FromTechnician::GiveBack(capability) => self.withdraw(capability),
            FromTechnician::Input {
                turn,
                number,
                event,
            } => self.input(now, turn, number, event),
            FromTechnician::Watch(monitor) => self.watch(monitor),
            FromTechnician::Clipboard(text) => self.put_on_clipboard(text),
            FromTechnician::Chat(words) => self.show_chat(words),
            FromTechnician::OfferFile(offer) => self.offered(now, offer),
            FromTechnician::Chunk {
                transfer,
                offset,
                bytes,
            } => self.received(transfer, offset, bytes),
            FromTechnician::AskFile(transfer) => self.asked_for_file(now, transfer),
            FromTechnician::Fetch { transfer, offset } => self.fetched(transfer, offset),
            FromTechnician::CancelFile(transfer) => {
                self.end_file(transfer, FileOutcome::Cancelled);
            }
            FromTechnician::AskDiagnostics => self.asked_for_diagnostics(now),
            FromTechnician::HandOver(to) => self.asked_to_hand_over(now, to),
            FromTechnician::Raise(credential) => self.raise(credential),
            FromTechnician::Restart => self.asked_to_restart(now),
            FromTechnician::StillHere | FromTechnician::Hello => {}
            FromTechnician::Leave => self.end(EndReason::TechnicianLeft),
        }
    }

    /// Of an earlier turn it is late, and of one that never was it is no honest page's.
    fn input(&mut self, now: Instant, of: Turn, number: u32, event: InputEvent) {
        let rests = self.pause.is_some();
        let screen = &self.screen;
        let verdict = match (self.state.turn_mut(), of.cmp(&self.turn)) {
            (_, Ordering::Greater) => {
                self.end(EndReason::Unexpected);
                return;
            }
            (Some(turn), Ordering::Equal) => turn.accept(now, number, event, screen, rests),
            (Some(_), Ordering::Less) => Verdict::Dropped,
            (None, Ordering::Equal | Ordering::Less) => {
                self.stray(now);
                return;
            }
        };
        match verdict {
            Verdict::Taken | Verdict::Dropped => {}
            Verdict::Gap => {
                self.fact(Fact::InputMissing(of));
                self.withdraw(Capability::Control);
            }
            Verdict::Flood => self.withdraw(Capability::Control),
        }
    }

    /// What a technician sent before they could know that their turn is over is dropped, and no more.
    fn stray(&mut self, now: Instant) {
        let is_late = self.late_until.is_some_and(|until| now < until);
        if !is_late && !self.is_stray_said {
            self.is_stray_said = true;
            self.fact(Fact::InputWithoutControl);
        }
    }
}

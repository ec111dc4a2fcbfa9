//! What the person at the computer does: it always counts.

use std::time::{Duration, Instant};

use conclave_protocol::remote::{Capability, EndReason, FileOutcome};

use super::Session;
use crate::fact::{Fact, Topic};
use crate::io::Local;

/// As long as a hand rests between two movements.
pub(super) const LOCAL_FIRST: Duration = Duration::from_secs(2);

impl Session {
    pub(super) fn local(&mut self, now: Instant, local: Local) {
        match local {
            Local::Answer { question, reply } => self.answered(now, question, reply),
            Local::Withdraw(capability) => self.taken_back(now, capability),
            Local::LetAsk(capability) => self.questions.forgive(Topic::Capability(capability)),
            Local::Show(surface) => self.show(surface),
            Local::Stop => self.end(EndReason::Stopped),
            Local::Used => self.used(now),
            Local::Chat(words) => self.say_chat(words),
            Local::Copied(text) => self.copied(text),
            Local::CancelFile(transfer) => self.end_file(transfer, FileOutcome::Denied),
        }
    }

    /// Whoever took it back is not asked for it at once.
    fn taken_back(&mut self, now: Instant, capability: Capability) {
        self.kept_back = self.kept_back.with(capability);
        self.withdraw(capability);
        self.questions
            .remember_no(now, Topic::Capability(capability));
    }

    /// The computer is theirs alone for a moment, from each thing that they do.
    fn used(&mut self, now: Instant) {
        let was_theirs = self.local_until.is_some_and(|until| now < until);
        self.local_until = Some(now + LOCAL_FIRST);
        if self.state.turn().is_some() && !was_theirs {
            self.fact(Fact::LocalOverride);
        }
    }
}

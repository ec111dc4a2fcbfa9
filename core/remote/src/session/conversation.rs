//! Words that pass: the clipboard's text, the chat, and facts about the computer.

use std::time::Instant;

use conclave_protocol::personal::Words;
use conclave_protocol::remote::{
    Answer, Capability, ClipboardText, DiagnosticReport, FromAgent, PauseReason,
};
use sha2::{Digest, Sha256};

use super::Session;
use crate::fact::Fact;
use crate::io::Output;
use crate::question::Subject;

/// What the technician last put onto the clipboard, as a hash: enough not to send it back to them.
#[derive(Default)]
pub(super) struct Clipboard {
    theirs: Option<[u8; 32]>,
}

impl Clipboard {
    pub(super) fn holds_theirs(&self) -> bool {
        self.theirs.is_some()
    }
}

impl Session {
    /// Whoever is asked something may be about to paste.
    pub(super) fn put_on_clipboard(&mut self, text: ClipboardText) {
        let is_asked = self.pause == Some(PauseReason::Question);
        if self.may(Capability::ClipboardIn) && !is_asked {
            self.clipboard.theirs = Some(hash(&text));
            self.push(Output::SetClipboard(text));
        }
    }

    /// What is copied at a field for passwords is likely to be one.
    pub(super) fn copied(&mut self, text: ClipboardText) {
        let is_theirs = self.clipboard.theirs == Some(hash(&text));
        let passes = self.may(Capability::ClipboardOut) && !self.screen.has_password_focus();
        if passes && !is_theirs {
            self.say(FromAgent::Clipboard(text));
        }
    }

    pub(super) fn show_chat(&mut self, words: Words) {
        if self.may(Capability::Chat) {
            self.push(Output::ShowChat(words));
        }
    }

    pub(super) fn say_chat(&mut self, words: Words) {
        if self.may(Capability::Chat) {
            self.say(FromAgent::Chat(words));
        }
    }

    pub(super) fn asked_for_diagnostics(&mut self, now: Instant) {
        let refusal = match self.is_diagnosing {
            true => Some(Answer::Busy),
            false => self.refusal(now, Capability::Diagnostics),
        };
        match refusal {
            Some(answer) => self.say_answer(Capability::Diagnostics, answer),
            None => {
                self.is_diagnosing = true;
                self.push(Output::CollectDiagnostics);
            }
        }
    }

    /// The local person sees all of it before anybody else does.
    pub(super) fn diagnosed(&mut self, now: Instant, report: DiagnosticReport) {
        if !std::mem::take(&mut self.is_diagnosing) {
            return;
        }
        match self.refusal(now, Capability::Diagnostics) {
            Some(answer) => self.say_answer(Capability::Diagnostics, answer),
            None => self.question(now, Subject::Diagnostics(report)),
        }
    }

    pub(super) fn tell_diagnostics(&mut self, report: DiagnosticReport) {
        if self.flows() {
            self.consented();
            self.say(FromAgent::Diagnostics(report));
            self.fact(Fact::DiagnosticsSent);
        }
    }
}

fn hash(text: &ClipboardText) -> [u8; 32] {
    Sha256::digest(text.as_str()).into()
}

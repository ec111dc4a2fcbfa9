//! Asking by passcode: a question, a host's reply, this side's confirmation, the link.
//!
//! This side confirms first. Whoever replies in a host's place learns from that whether one guess was right; so
//! there are few confirmations.

use super::{Answered, text};
use crate::hpke::KeyPair;
use crate::identity::ParticipantId;
use crate::letter::{Letter, Passage};
use crate::once;
use crate::pake::{Element, Parties, Run, RunKeys, Side};
use crate::passcode::Passcode;
use crate::provider::Entropy;

pub(super) struct ByPasscode {
    passcode: Passcode,
    entropy: Entropy,
    progress: Progress,
    confirmations: usize,
}

enum Progress {
    Asking(Run),
    Confirming(Confirming),
    /// With the last question.
    Over(Element),
}

/// One host has replied; what others reply to the same question is left.
struct Confirming {
    asked: Element,
    giver: ParticipantId,
    reply: Element,
    keys: RunKeys,
    /// How often the question has gone out since.
    waited: usize,
}

impl ByPasscode {
    pub(super) fn new(passcode: Passcode, entropy: Entropy) -> Self {
        let run = Run::start(Side::Asker, &passcode, entropy.seed());
        Self {
            passcode,
            entropy,
            progress: Progress::Asking(run),
            confirmations: 0,
        }
    }

    /// This side's element; another one where a host that has replied has gone silent.
    pub(super) fn ask(&mut self) -> Element {
        if let Progress::Confirming(confirming) = &mut self.progress {
            confirming.waited += 1;
            if confirming.waited > PATIENCE {
                let run = Run::start(Side::Asker, &self.passcode, self.entropy.seed());
                self.progress = Progress::Asking(run);
            }
        }
        self.asked()
    }

    pub(super) fn take(
        &mut self,
        pair: &KeyPair,
        passage: Passage,
        letter: Letter,
    ) -> Option<Answered> {
        match letter {
            Letter::PakeReply { asked, element } if asked == self.asked() => {
                self.reply(pair, passage, &element)
            }
            Letter::SecretByPasscode { answered, sealed } => {
                let keys = &self.confirming(passage, &answered)?.keys;
                let inner = pair.open(&passage.info_by_passcode(), &passage.bound(), &sealed)?;
                let opened = once::open(&keys.sealing, &passage.bound(), &inner)?;
                let fragment = text(&opened)?;
                self.end();
                Some(Answered::Secret {
                    fragment,
                    is_verified: true,
                })
            }
            Letter::WrongPasscode { answered } => {
                self.confirming(passage, &answered)?;
                self.end();
                Some(Answered::WrongPasscode)
            }
            Letter::PasscodeSpent { asked } if asked == self.asked() => match &self.progress {
                Progress::Asking(_) => Some(Answered::PasscodeSpent),
                Progress::Confirming(run) if run.giver == passage.from => {
                    Some(Answered::PasscodeSpent)
                }
                Progress::Confirming(_) | Progress::Over(_) => None,
            },
            _ => None,
        }
    }

    fn reply(&mut self, pair: &KeyPair, passage: Passage, reply: &Element) -> Option<Answered> {
        if let Progress::Asking(run) = &self.progress {
            let key = &pair.public;
            let keys = run.finish(&self.passcode, Parties { passage, key }, reply)?;
            if self.confirmations >= MOST_CONFIRMATIONS {
                self.end();
                return Some(Answered::Unanswered);
            }
            self.confirmations += 1;
            self.progress = Progress::Confirming(Confirming {
                asked: run.element,
                giver: passage.from,
                reply: *reply,
                keys,
                waited: 0,
            });
        }
        let confirmation = self.confirming(passage, reply)?.keys.confirmation();
        let letter = Letter::PakeConfirm {
            answered: *reply,
            confirmation,
        };
        Some(Answered::Send(letter.to_bytes()))
    }

    /// The run, if it is with this host and this reply.
    fn confirming(&self, passage: Passage, reply: &Element) -> Option<&Confirming> {
        match &self.progress {
            Progress::Confirming(run) if run.giver == passage.from && run.reply == *reply => {
                Some(run)
            }
            _ => None,
        }
    }

    fn asked(&self) -> Element {
        match &self.progress {
            Progress::Asking(run) => run.element,
            Progress::Confirming(confirming) => confirming.asked,
            Progress::Over(asked) => *asked,
        }
    }

    fn end(&mut self) {
        self.progress = Progress::Over(self.asked());
    }
}

/// How often a question is repeated to a host that has replied and was confirmed.
const PATIENCE: usize = 4;
/// A lying server guesses as often, per asker. The second is for a host whose page was loaded again in between.
pub const MOST_CONFIRMATIONS: usize = 2;

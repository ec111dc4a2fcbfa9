//! A host's answers to those who came by a code: the link, to whom its person has let in.
//!
//! By passcode, only who has confirmed the same passcode gets it. A run that is left tells the asker nothing; a wrong
//! confirmation is a guess, and there are few. Without a passcode whoever asks could be the server, which has put its
//! own key in place of the asker's: so in a meeting with a passcode the person says to whom it is given all the same.
//!
//! Whoever is not let in yet can show that they know the passcode, and is given nothing for it ([`SecretGiver::check`]).

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use tls_codec::VLBytes;
use zeroize::Zeroizing;

use crate::hpke;
use crate::identity::ParticipantId;
use crate::letter::{Letter, Passage};
use crate::meeting::MeetingId;
use crate::once;
use crate::pake::{Element, Parties, Run, RunKeys, Side};
use crate::passcode::Passcode;
use crate::provider::{Entropy, Seed};

/// Gives only to participants whom its person has let in. Its secrets are overwritten when it goes; what its runs
/// have left in freed memory isn't, since `spake2` doesn't overwrite what it makes of the passcode.
pub struct SecretGiver {
    meeting: MeetingId,
    this: ParticipantId,
    fragment: Zeroizing<String>,
    passcode: Option<Passcode>,
    entropy: Entropy,
    people: BTreeMap<ParticipantId, Person>,
    guesses: u32,
}

/// What came of a letter.
pub enum Given {
    /// For whoever wrote the letter.
    Reply(Vec<u8>),
    /// For whoever wrote the letter: the link.
    Secret {
        letter: Vec<u8>,
        /// Whether they have proved to know the passcode.
        is_verified: bool,
    },
    /// They have shown that they know the passcode, and get nothing for it yet.
    Known,
    /// They have another passcode, or guess. The letter tells them.
    WrongPasscode(Vec<u8>),
    /// Too many were wrong. The letter tells them.
    PasscodeSpent(Vec<u8>),
    /// They ask without a passcode, and [`SecretGiver::allow`] was not called for them.
    NoPasscode,
}

#[derive(Default)]
struct Person {
    run: Option<Answering>,
    guesses: usize,
    is_allowed: bool,
}

/// A question, and how far this side has got with it.
struct Answering {
    asked: Element,
    key: Vec<u8>,
    reply: Element,
    stage: Stage,
}

/// What a right confirmation is answered with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Secret,
    Knowledge,
}

enum Stage {
    Replied(RunKeys),
    /// With the letter.
    Given(Vec<u8>),
    Refused,
    /// Too many others were wrong before this one was judged.
    Spent,
}

impl SecretGiver {
    /// `fragment` is what stands behind the `#` of the meeting's link, `guesses` what [`Self::guesses`] said of an
    /// earlier giver with the same passcode.
    #[must_use]
    pub fn new(
        meeting: MeetingId,
        this: ParticipantId,
        fragment: &str,
        passcode: Option<Passcode>,
        seed: Seed,
        guesses: u32,
    ) -> Self {
        Self {
            meeting,
            this,
            fragment: Zeroizing::new(fragment.to_owned()),
            passcode,
            entropy: Entropy::new(seed),
            people: BTreeMap::new(),
            guesses,
        }
    }

    /// Wrong passcodes so far: to be kept for the next giver, or a page that is loaded again counts anew.
    #[must_use]
    pub fn guesses(&self) -> u32 {
        self.guesses
    }

    /// The person gives somebody the link who doesn't know the passcode.
    pub fn allow(&mut self, participant: ParticipantId) {
        if let Some(person) = self.person(participant) {
            person.is_allowed = true;
        }
    }

    /// `None` where the letter is none for a giver, or repeats what came to its end.
    pub fn take(&mut self, from: ParticipantId, letter: &[u8]) -> Option<Given> {
        match Letter::read(letter).ok()? {
            Letter::AskSecret { key } => self.give_plain(from, &key),
            Letter::AskByPasscode { key, element } => self.reply(from, &key, element),
            Letter::PakeConfirm {
                answered,
                confirmation,
            } => self.judge(from, &answered, &confirmation, Wanted::Secret),
            _ => None,
        }
    }

    /// As [`Self::take`], for somebody who waits to be let in: the passcode alone is judged, and nothing given.
    pub fn check(&mut self, from: ParticipantId, letter: &[u8]) -> Option<Given> {
        let given = match Letter::read(letter).ok()? {
            Letter::AskByPasscode { key, element } => self.reply(from, &key, element),
            Letter::PakeConfirm {
                answered,
                confirmation,
            } => self.judge(from, &answered, &confirmation, Wanted::Knowledge),
            _ => None,
        };
        given.filter(|given| !matches!(given, Given::Secret { .. }))
    }

    fn give_plain(&mut self, to: ParticipantId, key: &VLBytes) -> Option<Given> {
        let is_allowed = self.person(to)?.is_allowed;
        if self.passcode.is_some() && !is_allowed {
            return Some(Given::NoPasscode);
        }
        let letter = seal_plain(self.passage(to), key.as_slice(), &self.fragment)?;
        Some(Given::Secret {
            letter,
            is_verified: false,
        })
    }

    fn reply(&mut self, to: ParticipantId, key: &VLBytes, asked: Element) -> Option<Given> {
        let known = self.person(to)?.run.as_ref();
        let known = known.filter(|run| run.asked == asked && run.key == key.as_slice());
        if let Some(run) = known {
            return Some(run.again());
        }
        if self.is_spent(to) {
            let letter = Letter::PasscodeSpent { asked };
            return Some(Given::PasscodeSpent(letter.to_bytes()));
        }
        let passcode = self.passcode.as_ref()?;
        let run = Run::start(Side::Giver, passcode, self.entropy.seed());
        let parties = Parties {
            passage: self.passage(to),
            key: key.as_slice(),
        };
        let keys = run.finish(passcode, parties, &asked)?;
        let answering = Answering {
            asked,
            key: key.as_slice().to_vec(),
            reply: run.element,
            stage: Stage::Replied(keys),
        };
        let reply = answering.again();
        self.person(to)?.run = Some(answering);
        Some(reply)
    }

    fn judge(
        &mut self,
        from: ParticipantId,
        answered: &Element,
        confirmation: &[u8; 32],
        wanted: Wanted,
    ) -> Option<Given> {
        let (passage, is_spent) = (self.passage(from), self.is_spent(from));
        let person = self.people.get_mut(&from)?;
        let run = person.run.as_mut().filter(|run| run.reply == *answered)?;
        let Stage::Replied(keys) = &run.stage else {
            return Some(run.again());
        };
        let is_right = keys.is_confirmed_by(confirmation);
        if is_right && !is_spent && wanted == Wanted::Knowledge {
            // The run stays open, for when they are let in.
            return Some(Given::Known);
        }
        run.stage = if is_spent {
            // A right one too: to be told is to have guessed.
            Stage::Spent
        } else if is_right {
            Stage::Given(run.give(keys, passage, &self.fragment)?)
        } else {
            person.guesses += 1;
            self.guesses += 1;
            Stage::Refused
        };
        Some(run.again())
    }

    fn is_spent(&self, participant: ParticipantId) -> bool {
        let person = self.people.get(&participant);
        self.guesses >= MOST_GUESSES
            || person.is_some_and(|person| person.guesses >= MOST_GUESSES_OF_ONE)
    }

    fn passage(&self, to: ParticipantId) -> Passage {
        Passage {
            meeting: self.meeting,
            from: self.this,
            to,
        }
    }

    /// Where there are too many, the oldest makes room of those who were wrong about nothing and are allowed nothing: they ask
    /// again. `None` where there is none.
    fn person(&mut self, participant: ParticipantId) -> Option<&mut Person> {
        if self.people.len() >= MOST_PEOPLE && !self.people.contains_key(&participant) {
            let mut people = self.people.iter();
            let idle = people.find(|(_, person)| person.guesses == 0 && !person.is_allowed);
            let idle = *idle?.0;
            self.people.remove(&idle);
        }
        Some(self.people.entry(participant).or_default())
    }
}

impl Answering {
    fn again(&self) -> Given {
        let (asked, answered) = (self.asked, self.reply);
        match &self.stage {
            Stage::Replied(_) => {
                let element = self.reply;
                Given::Reply(Letter::PakeReply { asked, element }.to_bytes())
            }
            Stage::Given(letter) => Given::Secret {
                letter: letter.clone(),
                is_verified: true,
            },
            Stage::Refused => Given::WrongPasscode(Letter::WrongPasscode { answered }.to_bytes()),
            Stage::Spent => Given::PasscodeSpent(Letter::PasscodeSpent { asked }.to_bytes()),
        }
    }

    /// Under the passcode's key, then under the asker's.
    fn give(&self, keys: &RunKeys, passage: Passage, fragment: &str) -> Option<Vec<u8>> {
        let bound = passage.bound();
        let inner = once::seal(&keys.sealing, &bound, fragment.as_bytes());
        let sealed = hpke::seal(&self.key, &passage.info_by_passcode(), &bound, &inner)?;
        let answered = self.reply;
        Some(Letter::SecretByPasscode { answered, sealed }.to_bytes())
    }
}

/// A host's answer to a question without a passcode.
#[cfg(test)]
pub(crate) fn answer(passage: Passage, asked: &[u8], fragment: &str) -> Option<Vec<u8>> {
    let Letter::AskSecret { key } = Letter::read(asked).ok()? else {
        return None;
    };
    seal_plain(passage, key.as_slice(), fragment)
}

fn seal_plain(passage: Passage, key: &[u8], fragment: &str) -> Option<Vec<u8>> {
    let (info, bound) = (passage.info(), passage.bound());
    let sealed = hpke::seal(key, &info, &bound, fragment.as_bytes())?;
    Some(Letter::Secret { sealed }.to_bytes())
}

/// Wrong passcodes of one participant.
pub const MOST_GUESSES_OF_ONE: usize = 3;
/// Of a meeting, at one host's page and its successors: whoever is behind the server has 10 in 1,000,000.
pub const MOST_GUESSES: u32 = 10;
/// With whom a host has spoken by letter.
const MOST_PEOPLE: usize = 1024;

//! Somebody who came by a code, and asks hosts for the meeting's link.

mod by_passcode;

use zeroize::Zeroizing;

use crate::hpke::KeyPair;
use crate::letter::{Letter, Passage};
use crate::passcode::Passcode;
use crate::provider::{Entropy, Seed};
use by_passcode::ByPasscode;

pub use by_passcode::MOST_CONFIRMATIONS;

/// Its keys and its passcode are overwritten when it goes; what its runs have left in freed memory isn't, since `spake2`
/// doesn't overwrite what it makes of the passcode.
pub struct SecretAsker {
    pair: KeyPair,
    by_passcode: Option<ByPasscode>,
}

/// What came of a letter.
pub enum Answered {
    /// For whoever wrote the letter.
    Send(Vec<u8>),
    /// The fragment of the meeting's link.
    Secret {
        fragment: Zeroizing<String>,
        /// Whether who sent it has proved to know the passcode.
        is_verified: bool,
    },
    /// By the word of the host, which the server can forge. This asker is done.
    WrongPasscode,
    /// Too many runs came to nothing, whoever replied in them. This asker is done.
    Unanswered,
    /// By the word of a host, which the server can forge: this one answers by passcode no more.
    PasscodeSpent,
}

impl SecretAsker {
    /// With a passcode, the link is taken from nobody who doesn't know it too.
    #[must_use]
    pub fn new(seed: Seed, passcode: Option<Passcode>) -> Self {
        let entropy = Entropy::new(seed);
        let pair = KeyPair::derive(&Zeroizing::new(entropy.bytes()));
        let by_passcode = passcode.map(|passcode| ByPasscode::new(passcode, entropy));
        Self { pair, by_passcode }
    }

    /// The letter to each host, again and again until one answers.
    pub fn ask(&mut self) -> Vec<u8> {
        let key = self.pair.public.clone().into();
        let letter = match &mut self.by_passcode {
            None => Letter::AskSecret { key },
            Some(asking) => Letter::AskByPasscode {
                key,
                element: asking.ask(),
            },
        };
        letter.to_bytes()
    }

    /// A letter of `passage.from`. `None` where it is none for this asker, or an answer that doesn't open.
    pub fn take(&mut self, passage: Passage, letter: &[u8]) -> Option<Answered> {
        let letter = Letter::read(letter).ok()?;
        match &mut self.by_passcode {
            None => self.take_plain(passage, &letter),
            Some(asking) => asking.take(&self.pair, passage, letter),
        }
    }

    fn take_plain(&self, passage: Passage, letter: &Letter) -> Option<Answered> {
        let Letter::Secret { sealed } = letter else {
            return None;
        };
        let opened = self.pair.open(&passage.info(), &passage.bound(), sealed)?;
        Some(Answered::Secret {
            fragment: text(&opened)?,
            is_verified: false,
        })
    }
}

fn text(opened: &[u8]) -> Option<Zeroizing<String>> {
    let fragment = std::str::from_utf8(opened).ok()?;
    Some(Zeroizing::new(fragment.to_owned()))
}

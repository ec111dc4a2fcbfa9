//! A host without a browser answers those who came by the code and know the passcode, as a host's page does.

use conclave_e2ee::giver::{Given, SecretGiver};
use conclave_e2ee::identity::ParticipantId;

use super::{Membership, News, Words};

impl Membership {
    /// From here on. Who waits is told of as [`News::Knows`], and given nothing; whoever is in was let in, and is given the
    /// link.
    pub fn give(&mut self, giver: SecretGiver) {
        self.giver = Some(giver);
    }

    /// False: it is none for a giver.
    pub(super) fn answer(&mut self, from: ParticipantId, letter: &[u8]) -> bool {
        let is_in = self.people.contains_key(&from);
        let Some(giver) = &mut self.giver else {
            return false;
        };
        let given = match is_in {
            true => giver.take(from, letter),
            false => giver.check(from, letter),
        };
        match given {
            None => return false,
            Some(Given::Known) => self.tell(News::Knows(from)),
            Some(Given::NoPasscode) => {}
            Some(
                Given::Reply(letter)
                | Given::Secret { letter, .. }
                | Given::WrongPasscode(letter)
                | Given::PasscodeSpent(letter),
            ) => self.say(Words::letter(from, &letter)),
        }
        true
    }
}

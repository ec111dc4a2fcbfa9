//! What one participant writes to another, through the server: a question to a host, and its answer.
//!
//! The server says who wrote a letter, and reads it. A voucher is worth nothing to whoever lacks the meeting's
//! secret. The secret itself is sealed to a key that the asker has drawn; since the server could have put its own in
//! that key's place, whoever came to the secret this way is not verified.

use openmls_traits::types::HpkeCiphertext;
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};
use zeroize::Zeroizing;

use crate::admission::{NotAdmitted, Voucher};
use crate::hpke::{self, KeyPair};
use crate::identity::{Identity, ParticipantId};
use crate::meeting::{GroupId, MeetingId};
use crate::provider::{Entropy, Seed};

/// One letter, in at most [`MOST_LETTER_BYTES`].
#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub(crate) enum Letter {
    #[tls_codec(discriminant = 1)]
    AskSecret { key: VLBytes },
    #[tls_codec(discriminant = 2)]
    Secret { sealed: HpkeCiphertext },
    #[tls_codec(discriminant = 3)]
    AskVoucher {
        group: [u8; 16],
        signature_key: VLBytes,
        identity: VLBytes,
    },
    #[tls_codec(discriminant = 4)]
    Voucher { group: [u8; 16], voucher: VLBytes },
}

/// What the server forwards.
pub const MOST_LETTER_BYTES: usize = 4096;

/// No letter, none of the kind that belongs here, or one that doesn't open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the letter that belongs here")]
pub struct NotThis;

/// Who asks to be let in, as the letter says.
pub(crate) struct Petition {
    pub(crate) group: GroupId,
    pub(crate) signature_key: Vec<u8>,
    pub(crate) identity: Identity,
}

impl Letter {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.tls_serialize_detached()
            .expect("keys, names and links are within the codec's bounds")
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<Self, NotThis> {
        if bytes.len() > MOST_LETTER_BYTES {
            return Err(NotThis);
        }
        Self::tls_deserialize_exact_bytes(bytes).map_err(|_| NotThis)
    }

    pub(crate) fn petition(petition: &Petition) -> Self {
        Self::AskVoucher {
            group: petition.group.0,
            signature_key: petition.signature_key.clone().into(),
            identity: petition.identity.encode().into(),
        }
    }

    pub(crate) fn voucher(group: GroupId, voucher: &Voucher) -> Self {
        Self::Voucher {
            group: group.0,
            voucher: voucher.to_bytes().into(),
        }
    }
}

impl Petition {
    pub(crate) fn read(
        group: [u8; 16],
        signature_key: VLBytes,
        identity: &VLBytes,
    ) -> Result<Self, NotThis> {
        Ok(Self {
            group: GroupId(group),
            signature_key: signature_key.into(),
            identity: Identity::decode(identity.as_slice()).map_err(|_| NotThis)?,
        })
    }
}

impl From<NotAdmitted> for NotThis {
    fn from(_: NotAdmitted) -> Self {
        Self
    }
}

/// Between whom the secret of which meeting passes.
#[derive(Clone, Copy)]
pub struct Passage {
    pub meeting: MeetingId,
    /// Who has the secret.
    pub from: ParticipantId,
    /// Who asked.
    pub to: ParticipantId,
}

impl Passage {
    fn info(&self) -> Vec<u8> {
        [b"conclave letter 1".as_slice(), &self.meeting.0].concat()
    }

    fn bound(&self) -> Vec<u8> {
        [self.from.0, self.to.0].concat()
    }
}

/// Somebody who came by a code, and asks hosts for the link. Its key is overwritten when it goes.
pub struct SecretAsker(KeyPair);

impl SecretAsker {
    #[must_use]
    pub fn new(seed: Seed) -> Self {
        let material = Zeroizing::new(Entropy::new(seed).bytes::<64>());
        Self(KeyPair::derive(&material))
    }

    /// The letter to each host, again and again until one answers.
    #[must_use]
    pub fn ask(&self) -> Vec<u8> {
        let key = self.0.public.clone().into();
        Letter::AskSecret { key }.to_bytes()
    }

    /// The fragment of the meeting's link.
    pub fn open(&self, passage: Passage, letter: &[u8]) -> Result<Zeroizing<String>, NotThis> {
        let Letter::Secret { sealed } = Letter::read(letter)? else {
            return Err(NotThis);
        };
        let opened = self.0.open(&passage.info(), &passage.bound(), &sealed);
        let opened = opened.ok_or(NotThis)?;
        let fragment = std::str::from_utf8(&opened).map_err(|_| NotThis)?;
        Ok(Zeroizing::new(fragment.to_owned()))
    }
}

/// A host's answer to [`SecretAsker::ask`]: only for whom its person has let in.
pub fn answer(passage: Passage, asked: &[u8], fragment: &str) -> Result<Vec<u8>, NotThis> {
    let Letter::AskSecret { key } = Letter::read(asked)? else {
        return Err(NotThis);
    };
    let (info, bound) = (passage.info(), passage.bound());
    let sealed = hpke::seal(key.as_slice(), &info, &bound, fragment.as_bytes()).ok_or(NotThis)?;
    Ok(Letter::Secret { sealed }.to_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage() -> Passage {
        Passage {
            meeting: MeetingId([1; 16]),
            from: ParticipantId([2; 16]),
            to: ParticipantId([3; 16]),
        }
    }

    fn asker(number: u8) -> SecretAsker {
        SecretAsker::new(Seed(Zeroizing::new([number; 32])))
    }

    const FRAGMENT: &str = "c2VjcmV0.aG9zdA";

    #[test]
    fn whoever_asked_gets_the_link_and_nobody_else_does() {
        let answer = answer(passage(), &asker(1).ask(), FRAGMENT).unwrap();
        let opened = asker(1).open(passage(), &answer);
        assert_eq!(opened.unwrap().as_str(), FRAGMENT);
        assert!(asker(2).open(passage(), &answer).is_err());
        assert!(answer.len() <= MOST_LETTER_BYTES && asker(1).ask().len() <= MOST_LETTER_BYTES);
        let text = FRAGMENT.as_bytes();
        assert!(!answer.windows(4).any(|shown| shown == &text[..4]));
    }

    #[test]
    fn an_answer_opens_in_its_meeting_and_between_its_people_alone() {
        let answer = answer(passage(), &asker(1).ask(), FRAGMENT).unwrap();
        let others = [
            Passage {
                meeting: MeetingId([9; 16]),
                ..passage()
            },
            Passage {
                from: ParticipantId([9; 16]),
                ..passage()
            },
            Passage {
                to: ParticipantId([9; 16]),
                ..passage()
            },
            Passage {
                from: passage().to,
                to: passage().from,
                ..passage()
            },
        ];
        for other in others {
            assert_eq!(asker(1).open(other, &answer).err(), Some(NotThis));
        }
    }

    #[test]
    fn each_bit_of_an_answer_counts() {
        let answer = answer(passage(), &asker(1).ask(), FRAGMENT).unwrap();
        for at in (0..answer.len()).step_by(17).chain([answer.len() - 1]) {
            let mut forged = answer.clone();
            forged[at] ^= 1;
            assert!(asker(1).open(passage(), &forged).is_err(), "byte {at}");
        }
        for length in (0..answer.len()).step_by(13) {
            assert!(asker(1).open(passage(), &answer[..length]).is_err());
        }
    }

    #[test]
    fn a_question_is_no_answer_and_a_weak_key_is_none() {
        assert!(asker(1).open(passage(), &asker(1).ask()).is_err());
        let short = Letter::AskSecret {
            key: vec![7; 32].into(),
        };
        assert!(answer(passage(), &short.to_bytes(), FRAGMENT).is_err());
        assert!(answer(passage(), &[0; MOST_LETTER_BYTES + 1], FRAGMENT).is_err());
    }
}

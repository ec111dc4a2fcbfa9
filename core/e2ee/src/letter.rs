//! What one participant writes to another, through the server: a question to a host, and its answer.
//!
//! The server says who wrote a letter, and reads it. A voucher is worth nothing to whoever lacks the meeting's
//! secret. The secret itself is sealed to a key that the asker has drawn; since the server could have put its own in
//! that key's place, whoever came to the secret this way is not verified, unless both sides know a passcode (see
//! [`crate::asker`] and [`crate::giver`]).

use openmls_traits::types::HpkeCiphertext;
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};

use crate::admission::{NotAdmitted, Voucher};
use crate::identity::{Identity, ParticipantId};
use crate::meeting::{GroupId, MeetingId};
use crate::pake::Element;

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
    /// `element` is SPAKE2's, of the side that asks.
    #[tls_codec(discriminant = 5)]
    AskByPasscode { key: VLBytes, element: Element },
    /// To the question that had the element `asked`.
    #[tls_codec(discriminant = 6)]
    PakeReply { asked: Element, element: Element },
    /// To the reply that had the element `answered`.
    #[tls_codec(discriminant = 7)]
    PakeConfirm {
        answered: Element,
        confirmation: [u8; 32],
    },
    /// Under the passcode's key, then under the asker's.
    #[tls_codec(discriminant = 8)]
    SecretByPasscode {
        answered: Element,
        sealed: HpkeCiphertext,
    },
    #[tls_codec(discriminant = 9)]
    WrongPasscode { answered: Element },
    #[tls_codec(discriminant = 10)]
    PasscodeSpent { asked: Element },
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
    pub(crate) fn info(&self) -> Vec<u8> {
        [b"conclave letter 1".as_slice(), &self.meeting.0].concat()
    }

    pub(crate) fn info_by_passcode(&self) -> Vec<u8> {
        [b"conclave passcode letter 1".as_slice(), &self.meeting.0].concat()
    }

    pub(crate) fn bound(&self) -> Vec<u8> {
        [self.from.0, self.to.0].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asker::{Answered, SecretAsker};
    use crate::giver::answer;
    use crate::provider::Seed;

    fn passage() -> Passage {
        Passage {
            meeting: MeetingId([1; 16]),
            from: ParticipantId([2; 16]),
            to: ParticipantId([3; 16]),
        }
    }

    fn asker(number: u8) -> SecretAsker {
        SecretAsker::new(Seed([number; 32].into()), None)
    }

    fn open(number: u8, passage: Passage, letter: &[u8]) -> Option<String> {
        match asker(number).take(passage, letter)? {
            Answered::Secret { fragment, .. } => Some(fragment.as_str().to_owned()),
            _ => None,
        }
    }

    /// The server tells by it what goes without the passcode.
    // Shows: REQ-AC-02.
    #[test]
    fn a_letters_first_byte_is_its_kind() {
        let sealed = || HpkeCiphertext {
            kem_output: vec![1].into(),
            ciphertext: vec![2].into(),
        };
        let element = [7; 33];
        for (letter, kind) in [
            (
                Letter::AskSecret {
                    key: vec![1].into(),
                },
                1,
            ),
            (Letter::Secret { sealed: sealed() }, 2),
            (
                Letter::AskByPasscode {
                    key: vec![1].into(),
                    element,
                },
                5,
            ),
            (
                Letter::SecretByPasscode {
                    answered: element,
                    sealed: sealed(),
                },
                8,
            ),
        ] {
            assert_eq!(letter.to_bytes().first(), Some(&kind));
        }
    }

    const FRAGMENT: &str = "c2VjcmV0.aG9zdA";

    #[test]
    fn whoever_asked_gets_the_link_and_nobody_else_does() {
        let answer = answer(passage(), &asker(1).ask(), FRAGMENT).unwrap();
        assert_eq!(open(1, passage(), &answer).as_deref(), Some(FRAGMENT));
        assert!(open(2, passage(), &answer).is_none());
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
        assert!(
            others
                .into_iter()
                .all(|other| open(1, other, &answer).is_none())
        );
    }

    #[test]
    fn each_bit_of_an_answer_counts() {
        let answer = answer(passage(), &asker(1).ask(), FRAGMENT).unwrap();
        for at in (0..answer.len()).step_by(17).chain([answer.len() - 1]) {
            let mut forged = answer.clone();
            forged[at] ^= 1;
            assert!(open(1, passage(), &forged).is_none(), "byte {at}");
        }
        for length in (0..answer.len()).step_by(13) {
            assert!(open(1, passage(), &answer[..length]).is_none());
        }
    }

    #[test]
    fn a_question_is_no_answer_and_a_weak_key_is_none() {
        assert!(open(1, passage(), &asker(1).ask()).is_none());
        let short = Letter::AskSecret {
            key: vec![7; 32].into(),
        };
        assert!(answer(passage(), &short.to_bytes(), FRAGMENT).is_none());
        assert!(answer(passage(), &[0; MOST_LETTER_BYTES + 1], FRAGMENT).is_none());
    }

    /// A change of these bytes is a change of version.
    #[test]
    fn letters_about_a_passcode_are_written_as_ever() {
        let (asked, answered) = ([0x41; 33], [0x42; 33]);
        let ask = Letter::AskByPasscode {
            key: vec![7; 2].into(),
            element: asked,
        };
        let reply = Letter::PakeReply {
            asked,
            element: answered,
        };
        let confirm = Letter::PakeConfirm {
            answered,
            confirmation: [9; 32],
        };
        let letters = [
            (ask, [&[5, 2, 7, 7][..], &asked].concat()),
            (reply, [&[6][..], &asked, &answered].concat()),
            (confirm, [&[7][..], &answered, &[9; 32]].concat()),
            (
                Letter::WrongPasscode { answered },
                [&[9][..], &answered].concat(),
            ),
            (
                Letter::PasscodeSpent { asked },
                [&[10][..], &asked].concat(),
            ),
        ];
        for (letter, bytes) in letters {
            assert_eq!(letter.to_bytes(), bytes);
            assert!(Letter::read(&bytes).is_ok_and(|read| read.to_bytes() == bytes));
        }
    }
}

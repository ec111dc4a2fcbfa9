//! One run of SPAKE2 over a passcode: two sides that know the same digits agree on keys, and whoever guesses has one
//! guess for each run.
//!
//! The identities of the run are the meeting, both participants, and the asker's HPKE key. So a server that puts its
//! own key in place of the asker's has made a run of its own, with keys that the host doesn't have.

use hkdf::Hkdf;
use p256::elliptic_curve::rand_core::{CryptoRng, Error, RngCore};
use p256::elliptic_curve::subtle::ConstantTimeEq as _;
use sha2::Sha512;
use spake2::{Ed25519Group, Identity, Password, Spake2};
use zeroize::Zeroizing;

use crate::hpke;
use crate::letter::Passage;
use crate::passcode::Passcode;
use crate::provider::{Entropy, Seed};

/// A side of a run that has begun. `spake2` frees its state without overwriting it, the passcode and the run's scalar in
/// it: so the state lives only while it works, and is made again from the run's seed. Its bytes stay in freed memory.
pub(crate) struct Run {
    side: Side,
    seed: Zeroizing<[u8; 32]>,
    pub(crate) element: Element,
}

#[derive(Clone, Copy)]
pub(crate) enum Side {
    Asker,
    Giver,
}

/// What one side sends the other.
pub(crate) type Element = [u8; 33];

/// Between whom a run is, and for which key.
#[derive(Clone, Copy)]
pub(crate) struct Parties<'a> {
    pub(crate) passage: Passage,
    /// The asker's HPKE key.
    pub(crate) key: &'a [u8],
}

/// What both sides have in the end, if their passcodes are the same.
pub(crate) struct RunKeys {
    confirmation: Zeroizing<[u8; 32]>,
    pub(crate) sealing: Zeroizing<[u8; 32]>,
}

impl Run {
    pub(crate) fn start(side: Side, passcode: &Passcode, seed: Seed) -> Self {
        let nobody = (Identity::new(&[]), Identity::new(&[]));
        let (_, element) = begin(side, passcode, &nobody, &seed.0);
        Self {
            side,
            seed: seed.0,
            element: element.try_into().expect("a side and a compressed point"),
        }
    }

    /// `None` where the other's element is none.
    pub(crate) fn finish(
        &self,
        passcode: &Passcode,
        parties: Parties<'_>,
        theirs: &Element,
    ) -> Option<RunKeys> {
        let (state, _) = begin(self.side, passcode, &parties.identities(), &self.seed);
        let agreed = Zeroizing::new(state.finish(theirs).ok()?);
        Some(RunKeys {
            confirmation: expand(&agreed, CONFIRMATION),
            sealing: expand(&agreed, SEALING),
        })
    }
}

impl RunKeys {
    /// The asker's word that its passcode is the giver's: whoever sees it can test one guess.
    pub(crate) fn confirmation(&self) -> [u8; 32] {
        *self.confirmation
    }

    pub(crate) fn is_confirmed_by(&self, confirmation: &[u8; 32]) -> bool {
        self.confirmation.ct_eq(confirmation).into()
    }
}

impl Parties<'_> {
    fn identities(&self) -> (Identity, Identity) {
        let Passage { meeting, from, to } = self.passage;
        let key = hpke::name(self.key);
        let asker = [ASKER, &meeting.0, &to.0, &key].concat();
        let giver = [GIVER, &meeting.0, &from.0].concat();
        (Identity::new(&asker), Identity::new(&giver))
    }
}

fn begin(
    side: Side,
    passcode: &Passcode,
    (asker, giver): &(Identity, Identity),
    seed: &Zeroizing<[u8; 32]>,
) -> (Spake2<Ed25519Group>, Vec<u8>) {
    let random = Random(Entropy::new(Seed(seed.clone())));
    let password = Password::new(passcode.digits());
    match side {
        Side::Asker => Spake2::start_a_with_rng(&password, asker, giver, random),
        Side::Giver => Spake2::start_b_with_rng(&password, asker, giver, random),
    }
}

fn expand(agreed: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha512>::new(None, agreed)
        .expand(info, &mut *key)
        .expect("32 bytes are less than one block of SHA-512");
    key
}

/// Our generator, as `spake2` wants one.
struct Random(Entropy);

impl RngCore for Random {
    fn next_u32(&mut self) -> u32 {
        u32::from_be_bytes(self.0.bytes())
    }

    fn next_u64(&mut self) -> u64 {
        u64::from_be_bytes(self.0.bytes())
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl CryptoRng for Random {}

const ASKER: &[u8] = b"conclave passcode asker 1";
const GIVER: &[u8] = b"conclave passcode giver 1";
const CONFIRMATION: &[u8] = b"conclave passcode confirmation 1";
const SEALING: &[u8] = b"conclave passcode sealing 1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ParticipantId;
    use crate::meeting::MeetingId;

    fn run(side: Side, digits: &str, number: u8) -> (Run, Passcode) {
        let passcode = Passcode::read(digits).unwrap();
        let run = Run::start(side, &passcode, Seed([number; 32].into()));
        (run, passcode)
    }

    fn parties() -> Parties<'static> {
        let passage = Passage {
            meeting: MeetingId([1; 16]),
            from: ParticipantId([2; 16]),
            to: ParticipantId([3; 16]),
        };
        Parties {
            passage,
            key: &[4; 1216],
        }
    }

    fn agree(digits: &str, asked: Parties<'_>) -> bool {
        let (asker, asker_code) = run(Side::Asker, digits, 1);
        let (giver, giver_code) = run(Side::Giver, "123456", 2);
        let theirs = asker.finish(&asker_code, asked, &giver.element).unwrap();
        let ours = giver
            .finish(&giver_code, parties(), &asker.element)
            .unwrap();
        let agrees = ours.is_confirmed_by(&theirs.confirmation());
        assert_eq!(agrees, ours.sealing == theirs.sealing);
        assert_ne!(ours.sealing, ours.confirmation);
        agrees
    }

    #[test]
    fn both_sides_of_a_passcode_agree_and_no_others() {
        assert!(agree("123456", parties()));
        assert!(!agree("123457", parties()));
    }

    #[test]
    fn a_run_is_between_these_people_in_this_meeting_for_this_key() {
        let Parties { passage, key } = parties();
        let stranger = ParticipantId([9; 16]);
        for passage in [
            Passage {
                meeting: MeetingId([9; 16]),
                ..passage
            },
            Passage {
                from: stranger,
                ..passage
            },
            Passage {
                to: stranger,
                ..passage
            },
            Passage {
                from: passage.to,
                to: passage.from,
                ..passage
            },
        ] {
            assert!(!agree("123456", Parties { passage, key }));
        }
        assert!(!agree(
            "123456",
            Parties {
                passage,
                key: &[5; 1216]
            }
        ));
    }

    #[test]
    fn what_is_no_element_of_the_other_side_ends_no_run() {
        let (asker, code) = run(Side::Asker, "123456", 1);
        assert!(asker.finish(&code, parties(), &asker.element).is_none());
        assert!(asker.finish(&code, parties(), &[0x42; 33]).is_none());
        let again = run(Side::Asker, "123456", 1).0;
        assert_eq!(again.element, asker.element);
        assert_ne!(run(Side::Asker, "123456", 2).0.element, asker.element);
    }

    /// They decompress, and say nothing of the passcode: whoever sends one has no key from it.
    #[test]
    fn points_of_small_order_make_no_agreement() {
        let (asker, code) = run(Side::Asker, "123456", 1);
        let (giver, giver_code) = run(Side::Giver, "123456", 2);
        let theirs = giver
            .finish(&giver_code, parties(), &asker.element)
            .unwrap();
        let identity = element(b'B', &[1]);
        let of_order_two = {
            let mut minus_one = element(b'B', &[0xec]);
            minus_one[2..].fill(0xff);
            minus_one[32] = 0x7f;
            minus_one
        };
        let of_order_four = element(b'B', &[0]);
        let mut keys = vec![theirs.sealing.clone()];
        for small in [identity, of_order_two, of_order_four] {
            let ours = asker.finish(&code, parties(), &small).unwrap();
            assert!(!ours.is_confirmed_by(&theirs.confirmation()));
            assert!(!keys.contains(&ours.sealing));
            keys.push(ours.sealing);
        }
        // y = 2 is on no point of the curve.
        assert!(
            asker
                .finish(&code, parties(), &element(b'B', &[2]))
                .is_none()
        );
    }

    fn element(side: u8, y: &[u8]) -> Element {
        let mut element = [0; 33];
        element[0] = side;
        element[1..][..y.len()].copy_from_slice(y);
        element
    }
}

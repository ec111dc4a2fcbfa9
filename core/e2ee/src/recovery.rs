//! A vault's recovery code: 130 random bits on paper, with which a person comes back who has lost every device.

use hkdf::Hkdf;
use sha2::{Digest as _, Sha256, Sha512};
use zeroize::Zeroizing;

use crate::crockford::{self, Symbols};
use crate::hpke::KeyPair;
use crate::identity::AccountId;
use crate::provider::Entropy;

/// Has no printable form but the one that its owner asks for.
pub(crate) struct RecoveryCode(Symbols<RANDOM>);

impl RecoveryCode {
    pub(crate) fn generate(entropy: &Entropy) -> Self {
        let random = Zeroizing::new(entropy.bytes());
        Self(crockford::symbols(&random))
    }

    /// Seven groups of four; the last two symbols tell a slip of the pen.
    pub(crate) fn print(&self) -> Zeroizing<String> {
        let symbols = Zeroizing::new([self.0.as_slice(), &self.check()].concat());
        crockford::print(&symbols)
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        let symbols = crockford::read::<{ RANDOM + CHECK }>(text)?;
        let (random, check) = symbols.split_first_chunk::<RANDOM>()?;
        let code = Self(Zeroizing::new(*random));
        (code.check() == check).then_some(code)
    }

    /// What the account's vault is sealed to beside its devices. The code is strong: no password's hash is needed.
    pub(crate) fn key_pair(&self, account: AccountId) -> KeyPair {
        let mut material = Zeroizing::new([0; 64]);
        Hkdf::<Sha512>::new(None, self.0.as_slice())
            .expand_multi_info(&[KEY, &account.0], &mut *material)
            .expect("64 bytes are one block of SHA-512");
        KeyPair::derive(&material)
    }

    fn check(&self) -> [u8; CHECK] {
        let mut hash = Sha256::new();
        hash.update(CHECKED);
        hash.update(self.0.as_slice());
        let hash = hash.finalize();
        [hash[0], hash[1]].map(|byte| byte & 31)
    }
}

/// Symbols of five bits.
const RANDOM: usize = 26;
const CHECK: usize = 2;
const KEY: &[u8] = b"conclave recovery 1";
const CHECKED: &[u8] = b"conclave recovery check 1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Seed;

    fn code(number: u8) -> RecoveryCode {
        RecoveryCode::generate(&Entropy::new(Seed([number; 32].into())))
    }

    const ACCOUNT: AccountId = AccountId([2; 16]);

    #[test]
    fn what_stands_on_paper_makes_the_same_key() {
        let text = code(1).print();
        assert_eq!(text.len(), 34);
        let read = RecoveryCode::read(&text.to_lowercase()).unwrap();
        let public = code(1).key_pair(ACCOUNT).public;
        assert_eq!(read.key_pair(ACCOUNT).public, public);
        assert_ne!(code(2).key_pair(ACCOUNT).public, public);
        assert_ne!(code(1).key_pair(AccountId([3; 16])).public, public);
    }

    #[test]
    fn nearly_every_slip_of_the_pen_is_noticed() {
        let text = code(1).print();
        let mut missed = 0;
        for at in 0..text.len() {
            let mut slipped = text.clone().into_bytes();
            if slipped[at] == b'-' {
                continue;
            }
            slipped[at] = if slipped[at] == b'7' { b'8' } else { b'7' };
            missed +=
                usize::from(RecoveryCode::read(std::str::from_utf8(&slipped).unwrap()).is_some());
        }
        assert!(missed <= 1, "{missed} of 28");
        assert!(RecoveryCode::read(&text[..29]).is_none());
    }
}

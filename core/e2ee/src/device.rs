//! What a browser or a program keeps of its owner between meetings: the device's secret, and the account's key.
//!
//! The account's first device draws the account's key. Every other has none until it is let into the account's vault.

use hkdf::Hkdf;
use sha2::Sha512;
use zeroize::Zeroizing;

use crate::account::AccountKey;
use crate::hpke::KeyPair;
use crate::identity::{AccountId, DeviceCertificate, Identity, ParticipantId, Standing};
use crate::provider::{Entropy, Seed};
use crate::signer::{NoKey, Signer};
use crate::suite::Suite;

/// A device's secret, from which its keys are made, and its account's key. Has no printable form; its secrets are
/// overwritten when it goes.
pub struct DeviceKeys {
    device: Zeroizing<[u8; 32]>,
    account: Option<AccountKey>,
}

/// Others would refuse a leaf with this name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to 64 characters, none of them hidden")]
pub struct Unnameable;

impl DeviceKeys {
    /// A device of nobody yet.
    #[must_use]
    pub fn generate(seed: Seed) -> Self {
        Self {
            device: Zeroizing::new(Entropy::new(seed).bytes()),
            account: None,
        }
    }

    /// A device with an account's key of its own: of a program, or of an account without a vault.
    #[must_use]
    pub fn with_account(seed: Seed) -> Self {
        let entropy = Entropy::new(seed);
        let device = Zeroizing::new(entropy.bytes());
        let account = Zeroizing::new(entropy.bytes());
        Self {
            device,
            account: Some(AccountKey::from_secret(&account)),
        }
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NoKey> {
        let (version, keys) = bytes.split_first().ok_or(NoKey)?;
        let (device, account) = keys.split_at_checked(32).ok_or(NoKey)?;
        let account: Option<&[u8; 32]> = match (*version, account) {
            (WITH_ACCOUNT, secret) => Some(secret.try_into().map_err(|_| NoKey)?),
            (ALONE, []) => None,
            _ => return Err(NoKey),
        };
        Ok(Self {
            device: Zeroizing::new(device.try_into().map_err(|_| NoKey)?),
            account: account.map(AccountKey::from_secret),
        })
    }

    /// For wrapped storage and nowhere else: 1, the device's secret, the account's; or 2 and the device's alone.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(match &self.account {
            Some(account) => {
                let secret = account.secret();
                [&[WITH_ACCOUNT], self.device.as_slice(), &*secret].concat()
            }
            None => [&[ALONE], self.device.as_slice()].concat(),
        })
    }

    /// The public key that an invitation names a host by.
    #[must_use]
    pub fn account_key(&self) -> Option<[u8; 32]> {
        self.account.as_ref().map(AccountKey::public)
    }

    /// How this device stands in its account's list.
    #[must_use]
    pub fn device_key(&self) -> [u8; 32] {
        AccountKey::from_secret(&self.device).public()
    }

    pub(crate) fn account(&self) -> Option<&AccountKey> {
        self.account.as_ref()
    }

    pub(crate) fn adopt(&mut self, account: AccountKey) {
        self.account = Some(account);
    }

    /// What the account's vault is sealed to.
    pub(crate) fn hpke(&self) -> KeyPair {
        let mut material = Zeroizing::new([0; 64]);
        self.expand(&[HPKE], &mut *material);
        KeyPair::derive(&material)
    }

    /// The key of this device's leaf in the suite that meetings have.
    #[must_use]
    pub fn signer(&self) -> Signer {
        Signer::from_secret(Suite::Hybrid, self.device.as_slice())
            .expect("any 32 bytes are an Ed25519 secret")
    }

    /// The key of this device's leaf in any suite: one for each of NIST's curves, which says nothing about the others.
    #[must_use]
    pub fn signer_for(&self, suite: Suite) -> Signer {
        match suite {
            Suite::Hybrid | Suite::Fallback => self.signer(),
            Suite::P384 | Suite::P256 => Signer::generate(suite, self.derive(suite)),
        }
    }

    /// What this device's leaf says in the suite that meetings have; for an account, certified by its key.
    pub fn identity(
        &self,
        participant: ParticipantId,
        display_name: String,
        account: Option<AccountId>,
    ) -> Result<Identity, Unnameable> {
        self.identity_for(Suite::Hybrid, participant, display_name, account)
    }

    /// What this device's leaf says in any suite. Without its account's key it is a guest's: nothing certifies it.
    pub fn identity_for(
        &self,
        suite: Suite,
        participant: ParticipantId,
        display_name: String,
        account: Option<AccountId>,
    ) -> Result<Identity, Unnameable> {
        let standing = match (account, &self.account) {
            (Some(account), Some(key)) => Standing::Account {
                account,
                certificate: certify(key, account, self.signer_for(suite).public()),
            },
            _ => Standing::Guest,
        };
        let identity = Identity {
            participant,
            display_name,
            standing,
        };
        identity.is_honest().then_some(identity).ok_or(Unnameable)
    }

    fn derive(&self, suite: Suite) -> Seed {
        let mut seed = Zeroizing::new([0; 32]);
        self.expand(&[DERIVED, &suite.code_point().to_be_bytes()], &mut *seed);
        Seed(seed)
    }

    /// HKDF-SHA-512 (RFC 5869) of the device's secret: a key says nothing about the others, nor about the secret.
    pub(crate) fn expand(&self, info: &[&[u8]], out: &mut [u8]) {
        Hkdf::<Sha512>::new(None, self.device.as_slice())
            .expand_multi_info(info, out)
            .expect("a key is shorter than 255 hashes");
    }
}

fn certify(key: &AccountKey, account: AccountId, device_key: &[u8]) -> DeviceCertificate {
    DeviceCertificate {
        account_key: key.public(),
        signature: key.sign(&DeviceCertificate::content(account, device_key)),
    }
}

const WITH_ACCOUNT: u8 = 1;
const ALONE: u8 = 2;
const DERIVED: &[u8] = b"conclave device key 1";
const HPKE: &[u8] = b"conclave device hpke 1";

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(number: u8) -> DeviceKeys {
        DeviceKeys::with_account(Seed(Zeroizing::new([number; 32])))
    }

    fn identity(keys: &DeviceKeys, name: &str) -> Result<Identity, Unnameable> {
        let account = Some(AccountId([2; 16]));
        keys.identity(ParticipantId([1; 16]), name.to_owned(), account)
    }

    #[test]
    fn keys_that_were_kept_are_the_same_keys() {
        let kept = DeviceKeys::from_bytes(&keys(1).to_bytes()).unwrap();
        assert_eq!(kept.signer().public(), keys(1).signer().public());
        assert_eq!(kept.account_key(), keys(1).account_key());
        assert_ne!(kept.account_key(), keys(2).account_key());
        assert_ne!(kept.account_key().unwrap(), kept.device_key());
    }

    #[test]
    fn what_is_of_another_version_or_length_is_no_key() {
        let alone = DeviceKeys::generate(Seed(Zeroizing::new([1; 32])));
        for kept in [keys(1), alone] {
            let mut bytes = kept.to_bytes();
            for length in 0..bytes.len() {
                assert!(DeviceKeys::from_bytes(&bytes[..length]).is_err());
            }
            for version in [0, 3 - bytes[0], 3, 255] {
                bytes[0] = version;
                assert!(DeviceKeys::from_bytes(&bytes).is_err());
            }
        }
    }

    #[test]
    fn the_form_that_browsers_have_kept_is_still_read() {
        let bytes = [&[1_u8][..], &[5; 32], &[6; 32]].concat();
        let kept = DeviceKeys::from_bytes(&bytes).unwrap();
        assert_eq!(*kept.to_bytes(), bytes);
        assert_eq!(
            kept.device_key(),
            AccountKey::from_secret(&[5; 32]).public()
        );
        assert_eq!(
            kept.account_key(),
            Some(AccountKey::from_secret(&[6; 32]).public())
        );
    }

    #[test]
    fn a_device_without_its_accounts_key_is_a_guests() {
        let alone = DeviceKeys::generate(Seed(Zeroizing::new([1; 32])));
        assert!(alone.account_key().is_none() && alone.to_bytes().len() == 33);
        assert!(identity(&alone, "Ann").unwrap().standing == Standing::Guest);
        let kept = DeviceKeys::from_bytes(&alone.to_bytes()).unwrap();
        assert!(kept.account_key().is_none() && kept.device_key() == keys(1).device_key());
    }

    #[test]
    fn each_key_of_a_device_is_another_and_stays() {
        let one = keys(1);
        assert_eq!(one.device_key().as_slice(), one.signer().public());
        assert_eq!(one.hpke().public, keys(1).hpke().public);
        assert_ne!(one.hpke().public, keys(2).hpke().public);
        assert_eq!(one.hpke().public.len(), crate::hpke::PUBLIC_KEY_BYTES);
    }

    #[test]
    fn others_recognise_the_device_of_an_account() {
        let one = identity(&keys(1), "Dr Ann").unwrap();
        let credential = one.credential();
        assert!(Identity::judge(&credential, keys(1).signer().public()).is_ok());
        assert!(Identity::judge(&credential, keys(2).signer().public()).is_err());
    }

    #[test]
    fn each_kind_of_suite_has_a_key_of_the_device() {
        for suite in Suite::ALL {
            let kept = DeviceKeys::from_bytes(&keys(1).to_bytes()).unwrap();
            let key = kept.signer_for(suite).public().to_vec();
            assert_eq!(key, keys(1).signer_for(suite).public());
            let account = Some(AccountId([2; 16]));
            let one = keys(1).identity_for(suite, ParticipantId([1; 16]), "Ann".into(), account);
            let credential = one.unwrap().credential();
            assert!(Identity::judge(&credential, &key).is_ok());
            let others = Suite::ALL.map(|other| keys(1).signer_for(other).public().to_vec());
            let accepted = others
                .iter()
                .filter(|other| Identity::judge(&credential, other).is_ok());
            let is_nist = matches!(suite, Suite::P384 | Suite::P256);
            assert_eq!(accepted.count(), if is_nist { 1 } else { 2 });
        }
    }

    #[test]
    fn a_name_that_others_would_refuse_is_refused_here() {
        for name in [
            "",
            " Ann",
            "Ann\u{202e}",
            "Ann\u{61c}",
            "Ann\u{2028}Bob",
            "Ann\u{3164}",
            "A\u{ad}nn",
            "Ann\u{e0041}",
            "Ann\u{e0100}",
            "李\u{e0100}\u{e0101}",
            "\u{fe0f}",
            &"x".repeat(65),
        ] {
            assert!(identity(&keys(1), name).is_err(), "{name:?}");
        }
        for name in [
            "Ann ❤\u{fe0f}",
            "Дарья",
            "李",
            "葛\u{e0100}城",
            "神\u{fe00}",
        ] {
            assert!(identity(&keys(1), name).is_ok(), "{name:?}");
        }
    }
}

//! What a browser or a program keeps of its owner between meetings: the device's signature key, and the account's.

use zeroize::Zeroizing;

use crate::identity::{AccountId, DeviceCertificate, Identity, ParticipantId, Standing};
use crate::provider::{Entropy, Seed};
use crate::signer::{NoKey, Signer};
use crate::suite::Suite;

/// Two Ed25519 keys. Has no printable form; its secrets are overwritten when it goes.
pub struct DeviceKeys {
    device: Zeroizing<[u8; 32]>,
    account: Zeroizing<[u8; 32]>,
}

/// Others would refuse a leaf with this name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to 64 characters, none of them hidden")]
pub struct Unnameable;

impl DeviceKeys {
    #[must_use]
    pub fn generate(seed: Seed) -> Self {
        let entropy = Entropy::new(seed);
        Self {
            device: Zeroizing::new(entropy.bytes()),
            account: Zeroizing::new(entropy.bytes()),
        }
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NoKey> {
        let (version, keys) = bytes.split_first().ok_or(NoKey)?;
        let (device, account) = keys.split_at_checked(32).ok_or(NoKey)?;
        if *version != VERSION {
            return Err(NoKey);
        }
        let key = |bytes: &[u8]| bytes.try_into().map(Zeroizing::new).map_err(|_| NoKey);
        Ok(Self {
            device: key(device)?,
            account: key(account)?,
        })
    }

    /// 65 bytes, for wrapped storage and nowhere else: a version, the device's secret, the account's.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let parts = [&[VERSION], self.device.as_slice(), self.account.as_slice()];
        Zeroizing::new(parts.concat())
    }

    /// The public key that an invitation names a host by.
    #[must_use]
    pub fn account_key(&self) -> [u8; 32] {
        ed25519_dalek::SigningKey::from_bytes(&self.account)
            .verifying_key()
            .to_bytes()
    }

    /// The key of this device's leaf.
    #[must_use]
    pub fn signer(&self) -> Signer {
        Signer::from_secret(Suite::Hybrid, self.device.as_slice())
            .expect("any 32 bytes are an Ed25519 secret")
    }

    /// What this device's leaf says; for an account, certified by its key.
    pub fn identity(
        &self,
        participant: ParticipantId,
        display_name: String,
        account: Option<AccountId>,
    ) -> Result<Identity, Unnameable> {
        let standing = account.map_or(Standing::Guest, |account| Standing::Account {
            account,
            certificate: self.certify(account),
        });
        let identity = Identity {
            participant,
            display_name,
            standing,
        };
        identity.is_honest().then_some(identity).ok_or(Unnameable)
    }

    fn certify(&self, account: AccountId) -> DeviceCertificate {
        use ed25519_dalek::Signer as _;
        let key = ed25519_dalek::SigningKey::from_bytes(&self.account);
        let content = DeviceCertificate::content(account, self.signer().public());
        DeviceCertificate {
            account_key: self.account_key(),
            signature: key.sign(&content).to_bytes(),
        }
    }
}

const VERSION: u8 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(number: u8) -> DeviceKeys {
        DeviceKeys::generate(Seed(Zeroizing::new([number; 32])))
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
        assert_ne!(kept.account_key().as_slice(), kept.signer().public());
    }

    #[test]
    fn what_is_of_another_version_or_length_is_no_key() {
        let mut bytes = keys(1).to_bytes();
        for length in 0..bytes.len() {
            assert!(DeviceKeys::from_bytes(&bytes[..length]).is_err());
        }
        bytes[0] = 2;
        assert!(DeviceKeys::from_bytes(&bytes).is_err());
    }

    #[test]
    fn others_recognise_the_device_of_an_account() {
        let one = identity(&keys(1), "Dr Ann").unwrap();
        let credential = one.credential();
        assert!(Identity::judge(&credential, keys(1).signer().public()).is_ok());
        assert!(Identity::judge(&credential, keys(2).signer().public()).is_err());
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
            &"x".repeat(65),
        ] {
            assert!(identity(&keys(1), name).is_err(), "{name:?}");
        }
        for name in ["Ann ❤\u{fe0f}", "Дарья", "李"] {
            assert!(identity(&keys(1), name).is_ok(), "{name:?}");
        }
    }
}

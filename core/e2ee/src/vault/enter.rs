//! How a device comes by its account's vault: as its founder, as one of the list, or by the recovery code.

use super::binding::Binding;
use super::content::{Content, Known, Welcome};
use super::sealed::Sealed;
use super::{ChangeRefusal, Vault};
use crate::account::AccountKey;
use crate::device::DeviceKeys;
use crate::device_list::{BrokenList, DeviceList, DeviceStanding};
use crate::device_request::Approval;
use crate::identity::AccountId;
use crate::provider::{Entropy, Seed};
use crate::recovery::RecoveryCode;

/// The person's name for the device is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to 64 characters, none of them hidden")]
pub struct FoundRefusal;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenRefusal {
    #[error("this device is not in the account's list")]
    NotListed,
    #[error("not this account's vault")]
    Broken,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecoverRefusal {
    #[error("not this vault's recovery code")]
    WrongCode,
    #[error("not this account's vault")]
    Broken,
    #[error("this device was removed, or the list takes no more")]
    NotAdded(#[from] ChangeRefusal),
}

/// As the server shows it.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    pub account: AccountId,
    pub version: u64,
    pub sealed: &'a [u8],
    /// The whole list.
    pub entries: &'a [Vec<u8>],
}

impl Vault {
    /// Where the account has none. The device's account key becomes the account's; without one, one is drawn.
    /// `now` is in seconds since 1970.
    pub fn found(
        keys: &mut DeviceKeys,
        account: AccountId,
        label: &str,
        now: u64,
        seed: Seed,
    ) -> Result<Self, FoundRefusal> {
        if !crate::identity::is_honest(label) {
            return Err(FoundRefusal);
        }
        let drawn = zeroize::Zeroizing::new(Entropy::new(seed).bytes());
        let key = keys.account().cloned();
        let key = key.unwrap_or_else(|| AccountKey::from_secret(&drawn));
        let list = DeviceList::empty(account, key.public());
        let mut vault = Self::new(keys, list, 0, Content::new(key.clone()));
        let added = vault.add(keys.device_key(), Known::of(keys, label), now);
        added.map_err(|_| FoundRefusal)?;
        keys.adopt(key);
        Ok(vault)
    }

    /// By a device of the list. A device without the account's key takes it from there, if its person has
    /// approved it with this device's code.
    pub fn open(keys: &mut DeviceKeys, shown: Shown<'_>) -> Result<Self, OpenRefusal> {
        let (list, sealed) = shown.read().ok_or(OpenRefusal::Broken)?;
        if list.standing(&keys.device_key()) != DeviceStanding::Listed {
            return Err(OpenRefusal::NotListed);
        }
        let content = sealed
            .and_then(|sealed| sealed.open(&keys.hpke()))
            .and_then(|plain| Content::decode(&plain, &list));
        let content = content.filter(|content| content.is_trusted(keys, &list));
        let content = content.ok_or(OpenRefusal::Broken)?;
        keys.adopt(content.account.clone());
        Ok(Self::new(keys, list, shown.version, content))
    }

    /// By whoever has the code: nobody else could have sealed to its key, which the server has never seen. Adds this
    /// device if it isn't there.
    pub fn recover(
        code: &str,
        keys: &mut DeviceKeys,
        shown: Shown<'_>,
        label: &str,
        now: u64,
    ) -> Result<Self, RecoverRefusal> {
        let code = RecoveryCode::read(code).ok_or(RecoverRefusal::WrongCode)?;
        let code = code.key_pair(shown.account);
        let (list, sealed) = shown.read().ok_or(RecoverRefusal::Broken)?;
        let sealed = sealed.ok_or(RecoverRefusal::Broken)?;
        if !sealed.is_to(&code) {
            return Err(RecoverRefusal::WrongCode);
        }
        let content = sealed.open(&code);
        let content = content.and_then(|plain| Content::decode(&plain, &list));
        let content = content.ok_or(RecoverRefusal::Broken)?;
        let key = content.account.clone();
        let mut vault = Self::new(keys, list, shown.version, content);
        if vault.list.standing(&vault.this) != DeviceStanding::Listed {
            vault.add(keys.device_key(), Known::of(keys, label), now)?;
        }
        keys.adopt(key);
        Ok(vault)
    }
}

impl Shown<'_> {
    /// The list, and the vault if the list's account signed it.
    fn read(self) -> Option<(DeviceList, Option<Sealed>)> {
        let list: Result<_, BrokenList> = DeviceList::read(self.account, self.entries);
        let list = list.ok()?;
        let binding = Binding::new(&list, self.version);
        let sealed = Sealed::read(self.sealed, binding, list.account_key());
        Some((list, sealed))
    }
}

impl Known {
    fn of(keys: &DeviceKeys, label: &str) -> Self {
        Self {
            hpke: keys.hpke().public,
            label: label.to_owned(),
            welcome: Welcome::default(),
        }
    }
}

impl Content {
    /// Anybody can make up an account, a list and a vault. This device's own account is the one whose key it has, or
    /// the one that has proved to know the code that this device showed.
    fn is_trusted(&self, keys: &DeviceKeys, list: &DeviceList) -> bool {
        let (shown, this) = (list.account_key(), keys.device_key());
        let Welcome { nonce, proof } = self.welcome(&this);
        keys.account_key() == Some(*shown)
            || Approval::of(keys, list.account(), nonce).proves(shown, &this, &proof)
    }

    fn welcome(&self, device: &[u8; 32]) -> Welcome {
        let known = self.devices.get(device);
        known.map(|known| known.welcome).unwrap_or_default()
    }
}

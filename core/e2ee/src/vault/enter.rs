//! How a device comes by its account's vault: as its founder, as one of the list, or by the recovery code.

use p256::elliptic_curve::subtle::ConstantTimeEq as _;

use super::content::{Content, Known, Welcome};
use super::sealed::{self, Sealed};
use super::{ChangeRefusal, Seen, Vault};
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
    #[error("older than what this device has seen, or another")]
    RolledBack,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecoverRefusal {
    #[error("not this vault's recovery code")]
    WrongCode,
    #[error("not this account's vault")]
    Broken,
    #[error("older than what this device has seen, or another")]
    RolledBack,
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
    /// What this device has seen last, if it has.
    pub known: Option<Seen>,
}

/// A list that is in order, and with it the vault where that is.
struct Read {
    list: DeviceList,
    sealed: Option<Sealed>,
    /// Not what follows from what this device has seen.
    is_rolled_back: bool,
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
        let mut vault = Self::new(keys, list, (0, [0; 32]), Content::new(key.clone()));
        let known = Known::of(keys, label, &vault.list);
        let added = vault.add(keys.device_key(), known, now);
        added.map_err(|_| FoundRefusal)?;
        keys.adopt(key);
        Ok(vault)
    }

    /// By a device of the list. A device without the account's key takes it from there, if its person has
    /// approved it with this device's code.
    pub fn open(keys: &mut DeviceKeys, shown: Shown<'_>) -> Result<Self, OpenRefusal> {
        let read = shown.read().ok_or(OpenRefusal::Broken)?;
        if read.is_rolled_back {
            return Err(OpenRefusal::RolledBack);
        }
        let Read { list, sealed, .. } = read;
        if list.standing(&keys.device_key()) != DeviceStanding::Listed {
            return Err(OpenRefusal::NotListed);
        }
        let content = sealed
            .and_then(|sealed| sealed.open(&keys.hpke()))
            .and_then(|plain| Content::decode(&plain, &list));
        let content = content.filter(|content| content.is_trusted(keys, &list));
        let content = content.ok_or(OpenRefusal::Broken)?;
        keys.adopt(content.account.clone());
        Ok(Self::new(keys, list, shown.at(), content))
    }

    /// By whoever has the code. Its public key is in the vault, which the server has never opened: only who has been
    /// of the account's devices can have sealed to it. Adds this device if it isn't there.
    pub fn recover(
        code: &str,
        keys: &mut DeviceKeys,
        shown: Shown<'_>,
        label: &str,
        now: u64,
    ) -> Result<Self, RecoverRefusal> {
        let code = RecoveryCode::read(code).ok_or(RecoverRefusal::WrongCode)?;
        let code = code.key_pair(shown.account);
        let read = shown.read().ok_or(RecoverRefusal::Broken)?;
        if read.is_rolled_back {
            return Err(RecoverRefusal::RolledBack);
        }
        let Read { list, sealed, .. } = read;
        let sealed = sealed.ok_or(RecoverRefusal::Broken)?;
        if !sealed.is_to(&code) {
            return Err(RecoverRefusal::WrongCode);
        }
        let content = sealed.open(&code);
        let content = content.and_then(|plain| Content::decode(&plain, &list));
        let content = content.ok_or(RecoverRefusal::Broken)?;
        let key = content.account.clone();
        let mut vault = Self::new(keys, list, shown.at(), content);
        if vault.list.standing(&vault.this()) != DeviceStanding::Listed {
            vault.add(keys.device_key(), Known::of(keys, label, &vault.list), now)?;
        } else if let Some(known) = vault.content.devices.get_mut(&vault.this()) {
            known.welcome = Welcome::own(keys, &vault.list);
        }
        keys.adopt(key);
        Ok(vault)
    }
}

impl Shown<'_> {
    /// The list, and the vault if the list's account signed it.
    fn read(self) -> Option<Read> {
        let list: Result<_, BrokenList> = DeviceList::read(self.account, self.entries);
        let list = list.ok()?;
        let sealed = Sealed::read(self.sealed, self.version, &list);
        let follows = |known: Seen| self.follows(&list, sealed.as_ref(), known);
        Some(Read {
            is_rolled_back: !self.known.is_none_or(follows),
            list,
            sealed,
        })
    }

    /// Of two vaults of one version the server can show either: the hashes tell that there were two, if no version lies
    /// between what was seen and what is shown.
    fn follows(self, list: &DeviceList, sealed: Option<&Sealed>, known: Seen) -> bool {
        let is_same = match (self.version.checked_sub(known.version), sealed) {
            (None, _) => false,
            (Some(0), Some(_)) => sealed::hash(self.sealed) == known.sealed,
            (Some(1), Some(sealed)) => sealed.previous() == known.sealed,
            (Some(_), _) => true,
        };
        is_same && list.extends(known.list)
    }

    fn at(self) -> (u64, [u8; 32]) {
        (self.version, sealed::hash(self.sealed))
    }
}

impl Known {
    fn of(keys: &DeviceKeys, label: &str, list: &DeviceList) -> Self {
        Self {
            hpke: keys.hpke().public,
            label: label.to_owned(),
            welcome: Welcome::own(keys, list),
        }
    }
}

impl Welcome {
    /// What a device founds or recovers, it knows again by its secret alone: the account's key may be lost before it
    /// is kept, while the server has the vault already.
    fn own(keys: &DeviceKeys, list: &DeviceList) -> Self {
        let mut proof = [0; 32];
        keys.expand(&[OWN, &list.account().0, list.account_key()], &mut proof);
        Self {
            nonce: [0; 16],
            proof,
        }
    }

    fn is_own(&self, keys: &DeviceKeys, list: &DeviceList) -> bool {
        Self::own(keys, list).proof.ct_eq(&self.proof).into()
    }
}

impl Content {
    /// Anybody can make up an account, a list and a vault. This device's own account is the one whose key it has, or
    /// that it has founded or recovered itself, or that has proved to know the code that this device showed.
    fn is_trusted(&self, keys: &DeviceKeys, list: &DeviceList) -> bool {
        let (shown, this) = (list.account_key(), keys.device_key());
        let welcome = self.welcome(&this);
        let Welcome { nonce, proof } = welcome;
        keys.account_key() == Some(*shown)
            || welcome.is_own(keys, list)
            || Approval::of(keys, list.account(), nonce).proves(shown, &this, &proof)
    }

    fn welcome(&self, device: &[u8; 32]) -> Welcome {
        let known = self.devices.get(device);
        known.map(|known| known.welcome).unwrap_or_default()
    }
}

const OWN: &[u8] = b"conclave own vault 1";

//! Whom the vault is sealed to: devices come and go, and the recovery code is replaced.

use zeroize::Zeroizing;

use super::Vault;
use super::content::{Known, Welcome};
use crate::device_list::{Change, ListRefusal, MOST_DEVICES};
use crate::device_request::DeviceRequest;
use crate::provider::{Entropy, Seed};
use crate::recovery::RecoveryCode;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefusal {
    #[error("not the code of the device that asks")]
    WrongCode,
    #[error("the list takes no more devices")]
    Full,
    #[error("the device is or was in the list")]
    Known,
    #[error("the device is not in the list")]
    Unknown,
    #[error("a device doesn't remove itself")]
    ThisDevice,
    #[error("a name has 1 to 64 characters, none of them hidden")]
    Label,
}

impl Vault {
    /// Lets a device in that shows the code which its person has typed here. `now` is in seconds since 1970.
    pub fn approve(&mut self, request: &[u8], code: &str, now: u64) -> Result<(), ChangeRefusal> {
        let request = DeviceRequest::read(self.list.account(), request);
        let request = request.map_err(|_| ChangeRefusal::WrongCode)?;
        let approval = request.approve(code).ok_or(ChangeRefusal::WrongCode)?;
        let key = request.device_key();
        let welcome = Welcome {
            nonce: request.nonce(),
            proof: approval.proof(self.list.account_key(), &key),
        };
        let known = Known {
            hpke: request.hpke_key().to_vec(),
            label: request.label().to_owned(),
            welcome,
        };
        self.add(key, known, now)
    }

    /// From the next version on. The device has known the account's key.
    pub fn remove(&mut self, key: [u8; 32], now: u64) -> Result<(), ChangeRefusal> {
        if key == self.this() {
            return Err(ChangeRefusal::ThisDevice);
        }
        self.write(Change::Remove { key }, now)?;
        if let Some(known) = self.content.devices.get_mut(&key) {
            known.hpke.clear();
            known.welcome = Welcome::default();
        }
        self.forget_longest_removed();
        Ok(())
    }

    /// The list names each device for ever. Their names would fill the vault.
    fn forget_longest_removed(&mut self) {
        let removed = self.list.devices().iter();
        let removed = removed.filter_map(|device| Some((device.removed?, device.key)));
        let known = removed.filter(|(_, key)| self.content.devices.contains_key(key));
        if known.clone().count() > MOST_REMEMBERED
            && let Some((_, longest)) = known.min()
        {
            self.content.devices.remove(&longest);
        }
    }

    /// In place of the one before. For the person to write down: it is not kept, and won't be shown again.
    #[must_use]
    pub fn new_recovery_code(&mut self, seed: Seed) -> Zeroizing<String> {
        let code = RecoveryCode::generate(&Entropy::new(seed));
        self.content.recovery = Some(code.key_pair(self.list.account()).public);
        code.print()
    }

    pub(super) fn add(
        &mut self,
        key: [u8; 32],
        known: Known,
        now: u64,
    ) -> Result<(), ChangeRefusal> {
        if !crate::identity::is_honest(&known.label) {
            return Err(ChangeRefusal::Label);
        }
        let hpke = &known.hpke;
        self.write(Change::Add { key, hpke }, now)?;
        self.content.devices.insert(key, known);
        Ok(())
    }

    fn write(&mut self, change: Change<'_>, now: u64) -> Result<(), ListRefusal> {
        let entry = self.list.write(&self.content.account, change, now)?;
        self.unsaved.push(entry);
        Ok(())
    }
}

/// Devices that were removed, of which the vault still knows the names.
const MOST_REMEMBERED: usize = MOST_DEVICES;

impl From<ListRefusal> for ChangeRefusal {
    fn from(refusal: ListRefusal) -> Self {
        match refusal {
            ListRefusal::Full => Self::Full,
            ListRefusal::Known => Self::Known,
            ListRefusal::Unknown => Self::Unknown,
        }
    }
}

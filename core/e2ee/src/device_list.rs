//! An account's devices: a list that only grows, that the account's key signs, and that clients compare.
//!
//! The server keeps it and shows it to whoever meets the account. It can't add a device, since it lacks the key; it can
//! show less than there is. So whoever has seen a list remembers its head, and notices a list that doesn't go on
//! from there. A group's members don't decide by it who may join: it is not agreed among them.

mod entry;
#[cfg(test)]
mod tests;

use crate::account::AccountKey;
use crate::identity::AccountId;
use entry::{Body, Entry, Kind};

pub use entry::MOST_ENTRY_BYTES;

/// Entries of one account, checked from the first to the last.
pub struct DeviceList {
    account: AccountId,
    account_key: [u8; 32],
    devices: Vec<Device>,
    /// The hash of each entry.
    hashes: Vec<[u8; 32]>,
}

/// One device, from its entry on.
#[derive(Clone)]
pub struct Device {
    /// The Ed25519 key of its leaves.
    pub key: [u8; 32],
    pub(crate) hpke_name: [u8; 32],
    /// Seconds since 1970, by the clock of the device that let it in.
    pub since: u64,
    pub removed: Option<u64>,
}

/// How far a list goes, and its last entry's SHA-256: what to remember of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub length: u16,
    pub hash: [u8; 32],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceStanding {
    Listed,
    Removed,
    Unknown,
}

/// Not a list of this account: a signature, the order, or the bytes are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a list of this account's devices")]
pub struct BrokenList;

/// Why a list doesn't take another entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListRefusal {
    #[error("the list is full")]
    Full,
    #[error("the device is or was in the list")]
    Known,
    #[error("the device is not in the list")]
    Unknown,
}

/// What to write next.
#[derive(Clone, Copy)]
pub(crate) enum Change<'a> {
    Add {
        key: [u8; 32],
        /// The device's HPKE key.
        hpke: &'a [u8],
    },
    Remove {
        key: [u8; 32],
    },
}

impl DeviceList {
    /// Reads all entries from the first on.
    pub fn read(account: AccountId, entries: &[Vec<u8>]) -> Result<Self, BrokenList> {
        let first = Entry::read(entries.first().ok_or(BrokenList)?)?;
        let mut list = Self::empty(account, first.body.account_key.ok_or(BrokenList)?);
        entries.iter().try_for_each(|bytes| list.take(bytes))?;
        Ok(list)
    }

    pub(crate) fn empty(account: AccountId, account_key: [u8; 32]) -> Self {
        Self {
            account,
            account_key,
            devices: Vec::new(),
            hashes: Vec::new(),
        }
    }

    /// Signs the next entry, and takes it. `now` is in seconds since 1970.
    pub(crate) fn write(
        &mut self,
        key: &AccountKey,
        change: Change<'_>,
        now: u64,
    ) -> Result<Vec<u8>, ListRefusal> {
        let mut body = match change {
            Change::Add { key, hpke } => self.addition(key, hpke)?,
            Change::Remove { key } => self.removal(key)?,
        };
        body.time = now;
        body.account_key = self.hashes.is_empty().then_some(self.account_key);
        let bytes = body.sign(key);
        self.take(&bytes).map_err(|_| ListRefusal::Full)?;
        Ok(bytes)
    }

    #[must_use]
    pub fn head(&self) -> Head {
        Head {
            length: self.length(),
            hash: self.hashes.last().copied().unwrap_or_default(),
        }
    }

    /// Whether this list goes on from where an earlier one ended, or ends there too.
    #[must_use]
    pub fn extends(&self, earlier: Head) -> bool {
        match usize::from(earlier.length).checked_sub(1) {
            None => true,
            Some(last) => self.hashes.get(last) == Some(&earlier.hash),
        }
    }

    #[must_use]
    pub fn standing(&self, device_key: &[u8]) -> DeviceStanding {
        match self.device(device_key) {
            None => DeviceStanding::Unknown,
            Some(Device { removed: None, .. }) => DeviceStanding::Listed,
            Some(_) => DeviceStanding::Removed,
        }
    }

    /// In the order in which they came.
    #[must_use]
    pub fn devices(&self) -> &[Device] {
        &self.devices
    }

    /// The key that each leaf's certificate of this account has to be signed by.
    #[must_use]
    pub fn account_key(&self) -> &[u8; 32] {
        &self.account_key
    }

    pub(crate) fn account(&self) -> AccountId {
        self.account
    }

    pub(crate) fn in_force(&self) -> impl Iterator<Item = &Device> {
        let devices = self.devices.iter();
        devices.filter(|device| device.removed.is_none())
    }

    fn device(&self, key: &[u8]) -> Option<&Device> {
        self.devices.iter().find(|device| device.key == key)
    }

    fn length(&self) -> u16 {
        u16::try_from(self.hashes.len()).expect("a list has at most MOST_ENTRIES entries")
    }

    fn body(&self, kind: Kind) -> Body {
        Body::new(self.account, kind, self.length(), self.head().hash)
    }

    /// Leaves room to remove each device later.
    fn addition(&self, key: [u8; 32], hpke: &[u8]) -> Result<Body, ListRefusal> {
        if self.device(&key).is_some() {
            return Err(ListRefusal::Known);
        }
        let in_force = self.in_force().count();
        if in_force >= MOST_DEVICES || self.hashes.len() + in_force + 2 > MOST_ENTRIES {
            return Err(ListRefusal::Full);
        }
        Ok(Body {
            device_key: key,
            hpke_name: crate::hpke::name(hpke),
            ..self.body(Kind::Added)
        })
    }

    fn removal(&self, key: [u8; 32]) -> Result<Body, ListRefusal> {
        let mut listed = self.in_force();
        let device = listed.find(|device| device.key == key);
        let device = device.ok_or(ListRefusal::Unknown)?;
        Ok(Body {
            device_key: key,
            hpke_name: device.hpke_name,
            ..self.body(Kind::Removed)
        })
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), BrokenList> {
        let entry = Entry::read(bytes)?;
        let Body {
            index,
            previous,
            account_key,
            ..
        } = entry.body;
        let is_first = self.hashes.is_empty();
        let is_next = self.hashes.len() < MOST_ENTRIES
            && Head {
                length: index,
                hash: previous,
            } == self.head()
            && account_key.is_some() == is_first;
        if !is_next || !entry.is_of(self.account, &self.account_key) {
            return Err(BrokenList);
        }
        self.apply(&entry.body)?;
        self.hashes.push(entry::hash(bytes));
        Ok(())
    }

    fn apply(&mut self, body: &Body) -> Result<(), BrokenList> {
        let known = self
            .devices
            .iter_mut()
            .find(|device| device.key == body.device_key);
        match (body.kind, known) {
            (Kind::Added, None) => self.devices.push(Device {
                key: body.device_key,
                hpke_name: body.hpke_name,
                since: body.time,
                removed: None,
            }),
            (Kind::Removed, Some(device))
                if device.removed.is_none() && device.hpke_name == body.hpke_name =>
            {
                device.removed = Some(body.time);
            }
            _ => return Err(BrokenList),
        }
        Ok(())
    }
}

/// Of one account, ever: browsers that forget their keys after a week are added again for years.
pub const MOST_ENTRIES: usize = 512;
/// At one time.
pub const MOST_DEVICES: usize = 32;

//! What an account's devices share: the account's key, and the secrets of the meetings that it has made.
//!
//! The server keeps it sealed to each device in force of the account's list, and to a recovery code if there is one.
//! Each version is another key's, bound to account, version and list, and names the version before. A device that is let in learns by
//! the code that its person typed that the vault is its account's (see [`crate::device_request`]).

mod binding;
mod change;
mod content;
mod enter;
mod kept;
mod sealed;
#[cfg(test)]
mod tests;

use crate::device::DeviceKeys;
use crate::device_list::{DeviceList, Head};
use crate::provider::{Entropy, Seed};
use crate::signer::Signer;
use binding::Binding;
use content::Content;
use sealed::{Sealed, Sealer};

pub use change::ChangeRefusal;
pub use enter::{FoundRefusal, OpenRefusal, RecoverRefusal, Shown};
pub use kept::{Kept, MOST_FRAGMENT_BYTES, MOST_MEETINGS, NotKept};
pub use sealed::MOST_SEALED_BYTES;

/// An open vault, and the changes that are to be saved. Has no printable form; its secrets are overwritten when it
/// goes.
pub struct Vault {
    this: Signer,
    list: DeviceList,
    /// As the server has it; 0 before the first.
    version: u64,
    /// SHA-256 of what the server has; zeros before the first.
    sealed: [u8; 32],
    content: Content,
    /// Entries of the list that the server doesn't have.
    unsaved: Vec<Vec<u8>>,
    /// What the last [`Self::seal`] made: how many of them it took along, and its SHA-256.
    taken: (usize, [u8; 32]),
}

/// What the server is to keep from here on.
pub struct Saving {
    /// What it must have now, or somebody else was faster.
    pub previous_version: u64,
    pub sealed: Vec<u8>,
    /// For the end of the list.
    pub entries: Vec<Vec<u8>>,
}

/// The latest state of a vault that a client knows of: whoever shows less, or another one, takes back what was signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub version: u64,
    /// SHA-256 of the sealed vault.
    pub sealed: [u8; 32],
    pub list: Head,
}

/// A device, as its owner sees it.
pub struct Browser<'a> {
    pub key: [u8; 32],
    pub label: &'a str,
    /// Seconds since 1970.
    pub since: u64,
    pub removed: Option<u64>,
    pub is_this: bool,
}

impl Vault {
    /// The next version, for every device in force and the recovery code.
    #[must_use]
    pub fn seal(&mut self, seed: Seed) -> Saving {
        let binding = Binding::new(&self.list, self.version + 1);
        let plaintext = self.content.encode();
        let sealer = Sealer {
            account: &self.content.account,
            device: &self.this,
        };
        let sealed = Sealed::seal(
            &sealer,
            (&binding, self.sealed),
            self.receivers(),
            &plaintext,
            &Entropy::new(seed),
        );
        self.taken = (self.unsaved.len(), sealed::hash(&sealed));
        Saving {
            previous_version: self.version,
            sealed,
            entries: self.unsaved.clone(),
        }
    }

    /// The server has what the last [`Self::seal`] made.
    pub fn saved(&mut self) {
        let (entries, sealed) = self.taken;
        self.version += 1;
        self.sealed = sealed;
        self.unsaved.drain(..entries);
        self.taken = (0, sealed);
    }

    /// What a client remembers, and [`Shown::known`] holds the server to.
    #[must_use]
    pub fn seen(&self) -> Seen {
        Seen {
            version: self.version,
            sealed: self.sealed,
            list: self.list.head(),
        }
    }

    /// In the order in which they came.
    pub fn browsers(&self) -> impl Iterator<Item = Browser<'_>> {
        self.list.devices().iter().map(|device| Browser {
            key: device.key,
            label: self.label(&device.key),
            since: device.since,
            removed: device.removed,
            is_this: device.key == self.this(),
        })
    }

    #[must_use]
    pub fn has_recovery(&self) -> bool {
        self.content.recovery.is_some()
    }

    fn this(&self) -> [u8; 32] {
        let key = self.this.public().try_into();
        key.expect("a device's key in the list is Ed25519's")
    }

    fn label(&self, key: &[u8; 32]) -> &str {
        let known = self.content.devices.get(key);
        known.map_or("", |known| &known.label)
    }

    fn receivers(&self) -> impl Iterator<Item = &[u8]> {
        let listed = self.list.in_force();
        let devices = listed.filter_map(|device| self.content.devices.get(&device.key));
        let recovery = self.content.recovery.as_deref();
        devices.map(|known| known.hpke.as_slice()).chain(recovery)
    }

    fn new(
        keys: &DeviceKeys,
        list: DeviceList,
        (version, sealed): (u64, [u8; 32]),
        content: Content,
    ) -> Self {
        Self {
            this: keys.signer(),
            list,
            version,
            sealed,
            content,
            unsaved: Vec::new(),
            taken: (0, sealed),
        }
    }
}

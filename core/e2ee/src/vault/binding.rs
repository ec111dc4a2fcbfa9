//! What a sealed vault is bound to: it opens nowhere else.

use crate::device_list::{DeviceList, Head};
use crate::identity::AccountId;

/// One version of one account's vault, for the devices that the list had then.
pub(super) struct Binding {
    account: AccountId,
    version: u64,
    head: Head,
}

impl Binding {
    pub(super) fn new(list: &DeviceList, version: u64) -> Self {
        Self {
            account: list.account(),
            version,
            head: list.head(),
        }
    }

    /// A label, then fields of fixed lengths.
    pub(super) fn bytes(&self, label: &[u8]) -> Vec<u8> {
        [
            label,
            &self.account.0,
            &self.version.to_be_bytes(),
            &self.head.length.to_be_bytes(),
            &self.head.hash,
        ]
        .concat()
    }
}

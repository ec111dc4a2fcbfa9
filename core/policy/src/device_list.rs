//! What the server reads of an account's list of devices: that its entries are the account's, follow each other, and are
//! signed by the key that the first one names.
//!
//! Whoever lacks that key could otherwise break the list for good, since nothing is taken out of it. What an
//! entry says of a device beyond that is for the account's browsers and for those whom it meets.

use std::collections::BTreeMap;

use conclave_protocol::AccountId;
use sha2::{Digest, Sha256};

use crate::sign_content::{Verify, sign_content};

/// Entries of one account's list, for good: also of devices that were removed.
pub const MOST_ENTRIES: usize = 512;

/// An account's list, as far as the server reads it.
pub struct DeviceList {
    account: AccountId,
    /// As the first entry has it.
    account_key: Option<[u8; 32]>,
    /// Devices, with whether they are in force.
    devices: BTreeMap<[u8; 32], bool>,
    /// Entries so far.
    length: u16,
    /// SHA-256 of the last entry, zeros without one.
    head: [u8; 32],
}

/// Entries that continue a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Continuation {
    /// The place of the first of them; absent where there is none.
    pub first: Option<u16>,
    pub added: u16,
    pub removed: u16,
}

/// Not entries of this account, not in their order, not signed by its key, or too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the entries do not continue the account's list")]
pub struct NoContinuation;

/// Reads by itself what continues the list of `account`; who signed it, [`DeviceList::append`] says.
pub fn continuation<'e>(
    account: AccountId,
    entries: impl IntoIterator<Item = &'e [u8]>,
) -> Result<Continuation, NoContinuation> {
    let mut read = Continuation::default();
    for entry in entries {
        let entry = Entry::of(entry).ok_or(NoContinuation)?;
        let first = *read.first.get_or_insert(entry.index);
        let expected = first.checked_add(read.added + read.removed);
        let fits = usize::from(entry.index) < MOST_ENTRIES;
        if !fits || expected != Some(entry.index) || entry.account != *account.0.as_bytes() {
            return Err(NoContinuation);
        }
        match entry.kind {
            Kind::Added => read.added += 1,
            Kind::Removed => read.removed += 1,
        }
    }
    Ok(read)
}

impl DeviceList {
    /// The list that the server has kept: what it took, it had checked.
    pub fn kept<'e>(
        account: AccountId,
        entries: impl IntoIterator<Item = &'e [u8]>,
    ) -> Result<Self, NoContinuation> {
        let mut list = Self {
            account,
            account_key: None,
            devices: BTreeMap::new(),
            length: 0,
            head: [0; 32],
        };
        for bytes in entries {
            list.take(bytes, |_| true)?;
        }
        Ok(list)
    }

    /// Takes the next entry.
    pub fn append(&mut self, bytes: &[u8], verify: Verify) -> Result<(), NoContinuation> {
        let key = self.account_key;
        self.take(bytes, |entry| {
            let content = sign_content(LABEL, entry.signed);
            let key = key.or(entry.account_key);
            key.is_some_and(|key| verify(&key, &content, entry.signature))
        })
    }

    pub(crate) fn account(&self) -> AccountId {
        self.account
    }

    pub(crate) fn account_key(&self) -> Option<&[u8; 32]> {
        self.account_key.as_ref()
    }

    pub(crate) fn is_in_force(&self, device: &[u8; 32]) -> bool {
        self.devices.get(device) == Some(&true)
    }

    pub(crate) fn length(&self) -> u16 {
        self.length
    }

    pub(crate) fn head(&self) -> &[u8; 32] {
        &self.head
    }

    fn take(
        &mut self,
        bytes: &[u8],
        is_signed: impl Fn(&Entry<'_>) -> bool,
    ) -> Result<(), NoContinuation> {
        let entry = Entry::of(bytes).ok_or(NoContinuation)?;
        let follows = entry.index == self.length
            && entry.account == *self.account.0.as_bytes()
            && entry.previous == self.head
            && entry.account_key.is_some() == (self.length == 0);
        if !follows || !is_signed(&entry) {
            return Err(NoContinuation);
        }
        // Clients take no list for one that says otherwise, and nothing is taken out of it.
        let standing = self.devices.get(&entry.device_key);
        let is_in_force = match (entry.kind, standing) {
            (Kind::Added, None) => true,
            (Kind::Removed, Some(true)) => false,
            (Kind::Added, Some(_)) | (Kind::Removed, _) => return Err(NoContinuation),
        };
        self.devices.insert(entry.device_key, is_in_force);
        self.account_key = self.account_key.or(entry.account_key);
        self.length = self.length.checked_add(1).ok_or(NoContinuation)?;
        self.head = Sha256::digest(bytes).into();
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Added,
    Removed,
}

/// An entry's fields, but for the name of the device's HPKE key and the time.
struct Entry<'e> {
    index: u16,
    account: [u8; 16],
    kind: Kind,
    device_key: [u8; 32],
    previous: [u8; 32],
    account_key: Option<[u8; 32]>,
    signed: &'e [u8],
    signature: &'e [u8; 64],
}

impl<'e> Entry<'e> {
    fn of(bytes: &'e [u8]) -> Option<Self> {
        let (signed, signature) = bytes.split_last_chunk()?;
        let (version, rest) = signed.split_first()?;
        let (index, rest) = rest.split_first_chunk()?;
        let (account, rest) = rest.split_first_chunk()?;
        let (kind, rest) = rest.split_first()?;
        let (device_key, rest) = rest.split_first_chunk()?;
        let (_hpke_and_time, rest) = rest.split_first_chunk::<40>()?;
        let (previous, rest) = rest.split_first_chunk()?;
        let account_key = match rest {
            [0] => None,
            [1, key @ ..] => Some(key.try_into().ok()?),
            _ => return None,
        };
        let kind = match kind {
            1 => Kind::Added,
            2 => Kind::Removed,
            _ => return None,
        };
        (*version == VERSION).then_some(Self {
            index: u16::from_be_bytes(*index),
            account: *account,
            kind,
            device_key: *device_key,
            previous: *previous,
            account_key,
            signed,
            signature,
        })
    }
}

const VERSION: u8 = 1;
const LABEL: &str = "Conclave Device List";

#[cfg(test)]
pub(crate) mod tests {
    use uuid::Uuid;

    use super::*;

    pub(crate) const ACCOUNT: AccountId = AccountId(Uuid::from_u128(7));
    pub(crate) const KEY: [u8; 32] = [7; 32];

    /// As if a signature were its key, twice.
    pub(crate) fn verify(key: &[u8; 32], content: &[u8], signature: &[u8; 64]) -> bool {
        !content.is_empty() && [&key[..], key].concat() == signature
    }

    /// Signed, as above, by [`KEY`].
    pub(crate) fn entry(index: u16, (kind, device): (u8, u8), previous: [u8; 32]) -> Vec<u8> {
        let account = ACCOUNT.0.into_bytes();
        let mut bytes = [&[VERSION], &index.to_be_bytes()[..], &account, &[kind]].concat();
        bytes.extend([device; 32]);
        bytes.extend([0; 40]);
        bytes.extend(previous);
        match index {
            0 => bytes.extend([&[1][..], &KEY].concat()),
            _ => bytes.push(0),
        }
        bytes.extend([KEY, KEY].concat());
        bytes
    }

    /// Each follows the one before.
    pub(crate) fn entries(changes: &[(u8, u8)]) -> Vec<Vec<u8>> {
        let mut entries: Vec<Vec<u8>> = Vec::new();
        for (index, change) in (0..).zip(changes) {
            let previous = entries.last().map(|last| Sha256::digest(last).into());
            entries.push(entry(index, *change, previous.unwrap_or_default()));
        }
        entries
    }

    fn appended(entries: &[Vec<u8>]) -> Result<DeviceList, NoContinuation> {
        let mut list = DeviceList::kept(ACCOUNT, [])?;
        let mut entries = entries.iter();
        entries.try_for_each(|entry| list.append(entry, verify))?;
        Ok(list)
    }

    fn read(entries: &[Vec<u8>]) -> Result<Continuation, NoContinuation> {
        continuation(ACCOUNT, entries.iter().map(Vec::as_slice))
    }

    #[test]
    fn entries_that_follow_each_other_are_counted() {
        let entries = entries(&[(1, 1), (1, 2), (2, 1)]);

        let expected = Continuation {
            first: Some(1),
            added: 1,
            removed: 1,
        };
        assert_eq!(read(&entries[1..]), Ok(expected));
        assert_eq!(read(&[]), Ok(Continuation::default()));
        let list = appended(&entries).unwrap();
        assert_eq!(list.length(), 3);
        assert!(list.is_in_force(&[2; 32]) && !list.is_in_force(&[1; 32]));
        assert!(DeviceList::kept(ACCOUNT, entries.iter().map(Vec::as_slice)).is_ok());
    }

    #[test]
    fn gaps_and_repetitions_are_refused() {
        let first = entry(3, (1, 1), [0; 32]);
        for second in [0, 3, 5, u16::MAX] {
            assert!(read(&[first.clone(), entry(second, (1, 2), [0; 32])]).is_err());
        }
        let whole = entries(&[(1, 1), (1, 2), (1, 3)]);
        assert!(appended(&whole[1..]).is_err());
        assert!(appended(&[whole[0].clone(), whole[2].clone()]).is_err());
        assert!(appended(&[whole[0].clone(), whole[0].clone()]).is_err());
        let other = entry(1, (1, 2), [9; 32]);
        assert!(appended(&[whole[0].clone(), other]).is_err());
    }

    #[test]
    fn another_accounts_entry_is_refused() {
        let other = AccountId(Uuid::from_u128(8));
        let entries = entries(&[(1, 1)]);
        let entries = || entries.iter().map(Vec::as_slice);

        assert!(continuation(other, entries()).is_err());
        assert!(DeviceList::kept(other, entries()).is_err());
    }

    #[test]
    fn a_device_comes_once_and_goes_once() {
        assert!(appended(&entries(&[(1, 1), (1, 2), (2, 2)])).is_ok());
        for broken in [
            &[(1, 1), (1, 1)][..],
            &[(1, 1), (1, 2), (2, 2), (1, 2)],
            &[(1, 1), (1, 2), (2, 2), (2, 2)],
            &[(1, 1), (2, 2)],
        ] {
            assert!(appended(&entries(broken)).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn what_the_accounts_key_has_not_signed_is_refused() {
        let whole = entries(&[(1, 1), (1, 2)]);
        for at in 0..2 {
            let mut forged = whole.clone();
            *forged[at].last_mut().unwrap() ^= 1;
            assert!(appended(&forged).is_err(), "{at}");
        }
    }

    #[test]
    fn a_list_has_an_end() {
        let last = u16::try_from(MOST_ENTRIES).unwrap() - 1;
        let entry = |index| entry(index, (1, 1), [0; 32]);

        assert!(read(&[entry(last)]).is_ok());
        assert!(read(&[entry(last), entry(last + 1)]).is_err());
    }

    #[test]
    fn what_is_no_entry_is_refused() {
        let whole = entry(0, (1, 1), [0; 32]);
        for length in 0..whole.len() {
            assert!(read(&[whole[..length].to_vec()]).is_err(), "{length}");
        }
        assert!(read(&[entry(0, (3, 1), [0; 32])]).is_err());
        let mut later = whole;
        later[0] = 2;
        assert!(read(&[later]).is_err());
    }
}

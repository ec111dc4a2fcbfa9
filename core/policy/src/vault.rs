//! What the server reads of a sealed vault: which device of the account's list made it, and from which version.
//!
//! Otherwise whoever is signed in, or was once among the account's browsers, could put something else in its place,
//! and every secret in it were gone. What is in it the server can't read.

use sha2::{Digest, Sha256};

use crate::device_list::DeviceList;
use crate::sign_content::{Verify, sign_content};

/// Not signed by the account's key and by a device of its list, or not made from the version that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no browser of the account has made this version of its vault")]
pub struct NotTheirs;

/// Whether a device in force has made the version `version` with this list, from the sealed vault `before`.
pub fn check(
    list: &DeviceList,
    version: u64,
    (sealed, before): (&[u8], Option<&[u8]>),
    verify: Verify,
) -> Result<(), NotTheirs> {
    let read = Read::of(sealed).ok_or(NotTheirs)?;
    let account_key = list.account_key().ok_or(NotTheirs)?;
    let previous = before.map(|before| <[u8; 32]>::from(Sha256::digest(before)));
    let content = [&binding(list, version), read.signed].concat();
    let is_theirs = read.previous == previous.unwrap_or_default()
        && list.is_in_force(&read.device_key)
        && verify(
            account_key,
            &sign_content(BY_ACCOUNT, &content),
            read.account_signature,
        )
        && verify(
            &read.device_key,
            &sign_content(BY_DEVICE, &content),
            read.device_signature,
        );
    is_theirs.then_some(()).ok_or(NotTheirs)
}

/// Account, version, and the list's length and head.
fn binding(list: &DeviceList, version: u64) -> Vec<u8> {
    [
        list.account().0.as_bytes().as_slice(),
        &version.to_be_bytes(),
        &list.length().to_be_bytes(),
        list.head(),
    ]
    .concat()
}

/// Format, device, the version before; then what is for browsers; then the signatures.
struct Read<'s> {
    device_key: [u8; 32],
    previous: [u8; 32],
    signed: &'s [u8],
    account_signature: &'s [u8; 64],
    device_signature: &'s [u8; 64],
}

impl<'s> Read<'s> {
    fn of(sealed: &'s [u8]) -> Option<Self> {
        let (rest, device_signature) = sealed.split_last_chunk()?;
        let (signed, account_signature) = rest.split_last_chunk()?;
        let (format, rest) = signed.split_first()?;
        let (device_key, rest) = rest.split_first_chunk()?;
        let (previous, _) = rest.split_first_chunk()?;
        (*format == FORMAT).then_some(Self {
            device_key: *device_key,
            previous: *previous,
            signed,
            account_signature,
            device_signature,
        })
    }
}

const FORMAT: u8 = 1;
const BY_ACCOUNT: &str = "Conclave Vault";
const BY_DEVICE: &str = "Conclave Vault Device";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device_list::tests::{ACCOUNT, KEY, entries, verify};

    fn list(changes: &[(u8, u8)]) -> DeviceList {
        let entries = entries(changes);
        DeviceList::kept(ACCOUNT, entries.iter().map(Vec::as_slice)).unwrap()
    }

    fn sealed(device: u8, before: Option<&[u8]>, account_key: [u8; 32]) -> Vec<u8> {
        let previous = before.map(|before| <[u8; 32]>::from(Sha256::digest(before)));
        let device = [device; 32];
        [
            &[FORMAT][..],
            &device,
            &previous.unwrap_or_default(),
            b"content",
            &account_key,
            &account_key,
            &device,
            &device,
        ]
        .concat()
    }

    fn is_taken(list: &DeviceList, sealed: &[u8], before: Option<&[u8]>) -> bool {
        check(list, 2, (sealed, before), verify).is_ok()
    }

    #[test]
    fn a_device_of_the_list_makes_the_next_version_from_the_one_that_is_there() {
        let list = list(&[(1, 1), (1, 2), (2, 2)]);
        let first = sealed(1, None, KEY);

        assert!(is_taken(&list, &first, None));
        assert!(is_taken(&list, &sealed(1, Some(&first), KEY), Some(&first)));
        assert!(!is_taken(&list, &sealed(1, None, KEY), Some(&first)));
        assert!(!is_taken(&list, &sealed(1, Some(&first), KEY), None));
    }

    #[test]
    fn a_device_that_was_removed_or_never_was_there_makes_none() {
        let list = list(&[(1, 1), (1, 2), (2, 2)]);

        for device in [2, 3] {
            assert!(!is_taken(&list, &sealed(device, None, KEY), None));
        }
        assert!(!is_taken(&list, &sealed(1, None, [8; 32]), None));
    }

    #[test]
    fn each_signature_counts() {
        let list = list(&[(1, 1)]);
        let whole = sealed(1, None, KEY);
        for at in whole.len() - 128..whole.len() {
            let mut forged = whole.clone();
            forged[at] ^= 1;
            assert!(!is_taken(&list, &forged, None), "{at}");
        }
    }

    #[test]
    fn without_a_list_there_is_no_vault() {
        assert!(!is_taken(&list(&[]), &sealed(1, None, KEY), None));
    }

    #[test]
    fn what_is_too_short_is_none() {
        let list = list(&[(1, 1)]);
        let whole = sealed(1, None, KEY);
        for length in 0..193 {
            assert!(!is_taken(&list, &whole[..length], None), "{length}");
        }
        let later = [&[2], &whole[1..]].concat();
        assert!(!is_taken(&list, &later, None));
    }
}

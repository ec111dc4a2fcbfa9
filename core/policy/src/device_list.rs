//! What the server reads of an account's list of devices: that its entries are the account's, and follow each other.
//!
//! Who signed them, and what they say of which device, is for the account's browsers and for those whom it meets.

use conclave_protocol::AccountId;

/// Entries of one account's list, for good: also of devices that were removed.
pub const MOST_ENTRIES: usize = 64;

/// Entries that continue a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Continuation {
    /// The place of the first of them; absent where there is none.
    pub first: Option<u16>,
    pub added: u16,
    pub removed: u16,
}

/// Not entries of this account, not in their order, or too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the entries do not continue the account's list")]
pub struct NoContinuation;

/// Reads what continues the list of `account`.
pub fn continuation<'e>(
    account: AccountId,
    entries: impl IntoIterator<Item = &'e [u8]>,
) -> Result<Continuation, NoContinuation> {
    let mut read = Continuation::default();
    for entry in entries {
        let framing = Framing::of(entry).ok_or(NoContinuation)?;
        let first = *read.first.get_or_insert(framing.index);
        let expected = first.checked_add(read.added + read.removed);
        let fits = usize::from(framing.index) < MOST_ENTRIES;
        if !fits || expected != Some(framing.index) || framing.account != *account.0.as_bytes() {
            return Err(NoContinuation);
        }
        match framing.kind {
            ADDED => read.added += 1,
            REMOVED => read.removed += 1,
            _ => return Err(NoContinuation),
        }
    }
    Ok(read)
}

/// The head of an entry: version, index, account, kind. What follows is not the server's.
struct Framing {
    index: u16,
    account: [u8; 16],
    kind: u8,
}

impl Framing {
    fn of(entry: &[u8]) -> Option<Self> {
        let (version, rest) = entry.split_first()?;
        let (index, rest) = rest.split_first_chunk()?;
        let (account, rest) = rest.split_first_chunk()?;
        let kind = rest.first()?;
        (*version == VERSION).then_some(Self {
            index: u16::from_be_bytes(*index),
            account: *account,
            kind: *kind,
        })
    }
}

const VERSION: u8 = 1;
const ADDED: u8 = 1;
const REMOVED: u8 = 2;

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const ACCOUNT: AccountId = AccountId(Uuid::from_u128(7));

    fn entry(index: u16, kind: u8) -> Vec<u8> {
        let account = ACCOUNT.0.into_bytes();
        [
            &[VERSION],
            &index.to_be_bytes()[..],
            &account,
            &[kind, 9, 9],
        ]
        .concat()
    }

    fn read(entries: &[Vec<u8>]) -> Result<Continuation, NoContinuation> {
        continuation(ACCOUNT, entries.iter().map(Vec::as_slice))
    }

    #[test]
    fn entries_that_follow_each_other_are_counted() {
        let entries = [entry(3, ADDED), entry(4, REMOVED), entry(5, ADDED)];

        let expected = Continuation {
            first: Some(3),
            added: 2,
            removed: 1,
        };
        assert_eq!(read(&entries), Ok(expected));
        assert_eq!(read(&[]), Ok(Continuation::default()));
    }

    #[test]
    fn gaps_and_repetitions_are_refused() {
        for second in [0, 3, 5, u16::MAX] {
            assert!(read(&[entry(3, ADDED), entry(second, ADDED)]).is_err());
        }
    }

    #[test]
    fn another_accounts_entry_is_refused() {
        let other = AccountId(Uuid::from_u128(8));
        let entries = [entry(0, ADDED)];

        assert!(continuation(other, entries.iter().map(Vec::as_slice)).is_err());
    }

    #[test]
    fn a_list_has_an_end() {
        let last = u16::try_from(MOST_ENTRIES).unwrap() - 1;

        assert!(read(&[entry(last, ADDED)]).is_ok());
        assert!(read(&[entry(last, ADDED), entry(last + 1, ADDED)]).is_err());
    }

    #[test]
    fn what_is_no_entry_is_refused() {
        let whole = entry(0, ADDED);
        for length in 0..20 {
            assert!(read(&[whole[..length].to_vec()]).is_err(), "{length}");
        }
        assert!(read(&[entry(0, 3)]).is_err());
        let mut later = whole;
        later[0] = 2;
        assert!(read(&[later]).is_err());
    }
}

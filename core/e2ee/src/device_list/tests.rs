//! What clients take of a list, and what they notice.

use proptest::prelude::*;

use super::*;

const ACCOUNT: AccountId = AccountId([2; 16]);
const NOW: u64 = 1_764_000_000;

fn account_key(number: u8) -> AccountKey {
    AccountKey::from_secret(&[number; 32])
}

fn add(number: u8) -> Change<'static> {
    const HPKE: [u8; 1216] = [9; 1216];
    Change::Add {
        key: [number; 32],
        hpke: &HPKE,
    }
}

fn remove(number: u8) -> Change<'static> {
    Change::Remove { key: [number; 32] }
}

/// A list, and the bytes of its entries.
struct Written {
    list: DeviceList,
    entries: Vec<Vec<u8>>,
}

fn written(signer: &AccountKey, changes: &[Change<'_>]) -> Written {
    let mut list = DeviceList::empty(ACCOUNT, signer.public());
    let entries = (NOW..).zip(changes);
    let entries = entries.map(|(now, change)| list.write(signer, *change, now).unwrap());
    let entries = entries.collect();
    Written { list, entries }
}

fn three() -> Written {
    written(&account_key(1), &[add(1), add(2), remove(1)])
}

#[test]
fn a_list_that_was_written_is_read_again() {
    let Written { list, entries } = three();
    let read = DeviceList::read(ACCOUNT, &entries).unwrap();
    assert!(read.head() == list.head() && read.head().length == 3);
    assert_eq!(read.account_key(), &account_key(1).public());
    assert_eq!(read.standing(&[1; 32]), DeviceStanding::Removed);
    assert_eq!(read.standing(&[2; 32]), DeviceStanding::Listed);
    assert_eq!(read.standing(&[3; 32]), DeviceStanding::Unknown);
    let times: Vec<_> = read
        .devices()
        .iter()
        .map(|it| (it.since, it.removed))
        .collect();
    assert_eq!(times, [(NOW, Some(NOW + 2)), (NOW + 1, None)]);
    assert!(entries.iter().all(|entry| entry.len() <= MOST_ENTRY_BYTES));
}

#[test]
fn an_entry_is_written_as_ever() {
    let entry = &three().entries[0];
    let head = [
        &[1, 0, 0][..],
        &ACCOUNT.0,
        &[1],
        &[1; 32],
        &crate::hpke::name(&[9; 1216]),
        &NOW.to_be_bytes(),
        &[0; 32],
        &[1],
        &account_key(1).public(),
    ];
    let head = head.concat();
    assert_eq!(entry[..head.len()], head);
    assert_eq!(entry.len(), head.len() + 64);
    let hash = entry::hash(&three().entries[2]);
    assert_eq!(hash[..4], KNOWN_HEAD);
}

/// Of three entries: a change of their bytes, or of what is signed, is a change of version.
const KNOWN_HEAD: [u8; 4] = [0x30, 0xa1, 0x21, 0x85];

#[test]
fn whoever_saw_more_notices_a_list_that_was_cut_or_forked() {
    let Written { list, entries } = three();
    let cut = DeviceList::read(ACCOUNT, &entries[..2]).unwrap();
    assert!(list.extends(cut.head()) && list.extends(list.head()));
    assert!(!cut.extends(list.head()));
    let forked = written(&account_key(1), &[add(1), add(2), add(3)]).list;
    assert!(!forked.extends(list.head()) && forked.extends(cut.head()));
    let nothing = DeviceList::empty(ACCOUNT, [0; 32]).head();
    assert!(list.extends(nothing));
}

// Shows: REQ-ID-05.
#[test]
fn a_server_that_swaps_drops_repeats_or_moves_entries_has_no_list() {
    let Written { entries, .. } = three();
    let read = |order: &[usize]| {
        let chosen: Vec<_> = order.iter().map(|at| entries[*at].clone()).collect();
        DeviceList::read(ACCOUNT, &chosen).is_ok()
    };
    assert!(read(&[0]) && read(&[0, 1]) && read(&[0, 1, 2]));
    for order in [
        &[][..],
        &[1],
        &[1, 0],
        &[0, 2],
        &[0, 0],
        &[0, 1, 1],
        &[0, 2, 1],
        &[0, 1, 2, 2],
    ] {
        assert!(!read(order), "{order:?}");
    }
    let own = written(&account_key(7), &[add(1), add(9)]).entries;
    let mixed = [entries[0].clone(), own[1].clone()];
    assert!(DeviceList::read(ACCOUNT, &mixed).is_err());
    assert!(DeviceList::read(AccountId([3; 16]), &entries).is_err());
}

#[test]
fn a_device_that_was_removed_never_comes_back() {
    let Written { mut list, .. } = three();
    let key = account_key(1);
    let outcomes = [add(1), add(2), remove(1), remove(3)].map(|it| list.write(&key, it, NOW).err());
    let (known, unknown) = (Some(ListRefusal::Known), Some(ListRefusal::Unknown));
    assert_eq!(outcomes, [known, known, unknown, unknown]);
}

#[test]
fn no_more_devices_than_a_vault_is_sealed_to_are_in_force() {
    let key = account_key(1);
    let mut list = DeviceList::empty(ACCOUNT, key.public());
    let full = u8::try_from(MOST_DEVICES).unwrap();
    for number in 0..full {
        list.write(&key, add(number), NOW).unwrap();
    }
    let refused = list.write(&key, add(full), NOW).err();
    assert_eq!(refused, Some(ListRefusal::Full));
    list.write(&key, remove(0), NOW).unwrap();
    assert!(list.write(&key, add(full), NOW).is_ok());
}

#[test]
fn each_device_of_a_full_list_can_still_be_removed() {
    let key = account_key(1);
    let mut list = DeviceList::empty(ACCOUNT, key.public());
    let mut entries = vec![list.write(&key, add(0), NOW).unwrap()];
    for number in 1..=u8::MAX {
        entries.extend(list.write(&key, add(number), NOW).ok());
        if entries.len() < 480 {
            entries.push(list.write(&key, remove(number), NOW).unwrap());
        }
    }
    let in_force: Vec<u8> = (0..=u8::MAX)
        .filter(|number| list.standing(&[*number; 32]) == DeviceStanding::Listed)
        .collect();
    assert!(in_force.len() > 1);
    for number in in_force {
        entries.push(list.write(&key, remove(number), NOW).unwrap());
    }
    assert!((MOST_ENTRIES - 1..=MOST_ENTRIES).contains(&entries.len()));
    assert!(DeviceList::read(ACCOUNT, &entries).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A failure prints its seed and input.
    #[test]
    fn no_change_of_its_bytes_leaves_a_list_one(entry in 0_usize..3, at: prop::sample::Index, bits in 1_u8..) {
        let mut entries = three().entries;
        let at = at.index(entries[entry].len());
        entries[entry][at] ^= bits;
        prop_assert!(DeviceList::read(ACCOUNT, &entries).is_err());
    }
}

//! Devices that share a vault over a server, honest or not.

use proptest::prelude::*;

use super::*;
use crate::account::AccountKey;
use crate::device_list::{DeviceStanding, MOST_DEVICES};
use crate::identity::AccountId;
use crate::meeting::MeetingId;

const ACCOUNT: AccountId = AccountId([2; 16]);
const NOW: u64 = 1_764_000_000;

fn seed(number: u8) -> Seed {
    Seed([number; 32].into())
}

fn device(number: u8) -> DeviceKeys {
    DeviceKeys::generate(seed(number))
}

/// What the server keeps: it takes whatever it is given.
#[derive(Clone, Default)]
struct Server {
    version: u64,
    sealed: Vec<u8>,
    entries: Vec<Vec<u8>>,
}

impl Server {
    fn save(&mut self, vault: &mut Vault, number: u8) {
        let saving = vault.seal(seed(number));
        assert_eq!(saving.previous_version, self.version);
        self.version += 1;
        self.sealed = saving.sealed;
        self.entries.extend(saving.entries);
        vault.saved();
    }

    fn shown(&self) -> Shown<'_> {
        Shown {
            account: ACCOUNT,
            version: self.version,
            sealed: &self.sealed,
            entries: &self.entries,
            known: None,
        }
    }

    fn open(&self, keys: &mut DeviceKeys) -> Result<Vault, OpenRefusal> {
        Vault::open(keys, self.shown())
    }
}

fn kept(until: u64) -> Kept {
    Kept::new("c2VjcmV0.aG9zdA", Some("123456"), until).unwrap()
}

fn founded(keys: &mut DeviceKeys) -> (Vault, Server) {
    let mut vault = Vault::found(keys, ACCOUNT, "Ward laptop", NOW, seed(100)).unwrap();
    vault.keep(MeetingId([7; 16]), kept(NOW), NOW).unwrap();
    let mut server = Server::default();
    server.save(&mut vault, 101);
    (vault, server)
}

fn let_in(vault: &mut Vault, asking: &DeviceKeys, number: u8) -> Result<(), ChangeRefusal> {
    let request = asking.request(ACCOUNT, &format!("Browser {number}"), seed(number));
    let request = request.unwrap();
    let code = asking.approval_code(ACCOUNT, &request).unwrap();
    vault.approve(&request, &code, NOW + 1)
}

#[test]
fn a_device_that_was_let_in_hosts_what_the_first_has_made() {
    let (mut first, mut second) = (device(1), device(2));
    let (mut vault, mut server) = founded(&mut first);
    assert_eq!(server.open(&mut second).err(), Some(OpenRefusal::NotListed));
    let_in(&mut vault, &second, 2).unwrap();
    server.save(&mut vault, 102);

    let opened = server.open(&mut second).unwrap();
    assert_eq!(second.account_key(), first.account_key());
    let (meeting, kept) = opened.meetings().next().unwrap();
    assert!(meeting == MeetingId([7; 16]) && kept.fragment() == "c2VjcmV0.aG9zdA");
    assert_eq!((kept.passcode(), kept.until()), (Some("123456"), NOW));
    let browsers = opened
        .browsers()
        .map(|it| (it.label.to_owned(), it.since, it.is_this));
    let expected = [
        ("Ward laptop".to_owned(), NOW, false),
        ("Browser 2".to_owned(), NOW + 1, true),
    ];
    assert_eq!(browsers.collect::<Vec<_>>(), expected);
    assert!(opened.seen() == vault.seen() && opened.seen().version == 2);
    assert!(
        server
            .open(&mut DeviceKeys::from_bytes(&second.to_bytes()).unwrap())
            .is_ok()
    );
}

#[test]
fn the_key_that_links_name_already_becomes_the_accounts() {
    let mut first = DeviceKeys::with_account(seed(1));
    let named = first.account_key();
    founded(&mut first);
    assert_eq!(first.account_key(), named);
}

#[test]
fn a_wrong_code_lets_nobody_in() {
    let (mut first, second) = (device(1), device(2));
    let (mut vault, _) = founded(&mut first);
    let request = second.request(ACCOUNT, "Browser", seed(2)).unwrap();
    let of_server = device(66).request(ACCOUNT, "Browser", seed(66)).unwrap();
    let code = second.approval_code(ACCOUNT, &request).unwrap();
    for (request, code) in [
        (&request, "0000-0000-0000"),
        (&request, &code[..13]),
        (&of_server, &code),
        (&Vec::new(), &code),
    ] {
        let refused = vault.approve(request, code, NOW);
        assert_eq!(refused.err(), Some(ChangeRefusal::WrongCode));
    }
    assert_eq!(
        vault.list.standing(&device(66).device_key()),
        DeviceStanding::Unknown
    );
    assert!(vault.approve(&request, &code, NOW).is_ok());
    assert_eq!(
        vault.approve(&request, &code, NOW).err(),
        Some(ChangeRefusal::Known)
    );
}

/// The server knows the device's keys from its request, and makes an account of its own.
#[test]
fn a_server_that_lets_a_device_into_a_vault_of_its_own_is_not_believed() {
    let mut asking = device(2);
    let request = asking.request(ACCOUNT, "Browser", seed(2)).unwrap();
    let (mut vault, mut server) = founded(&mut device(66));
    let request = crate::device_request::DeviceRequest::read(ACCOUNT, &request).unwrap();
    let known = content::Known {
        hpke: request.hpke_key().to_vec(),
        label: "Browser".to_owned(),
        welcome: content::Welcome {
            nonce: request.nonce(),
            proof: [5; 32],
        },
    };
    vault.add(request.device_key(), known, NOW).unwrap();
    server.save(&mut vault, 102);
    assert_eq!(server.open(&mut asking).err(), Some(OpenRefusal::Broken));
    assert!(asking.account_key().is_none());
}

#[test]
fn a_server_that_seals_content_of_its_own_to_the_devices_is_not_believed() {
    let mut first = device(1);
    let (vault, server) = founded(&mut first);
    let own = AccountKey::from_secret(&[66; 32]);
    let lies = [
        (&own, first.signer()),
        (&vault.content.account, device(66).signer()),
    ];
    for (account, by) in lies {
        let sealer = Sealer {
            account,
            device: &by,
        };
        let lying = Server {
            sealed: sealed_by(&sealer, &vault, (1, [0; 32])),
            ..server.clone()
        };
        assert_eq!(lying.open(&mut first).err(), Some(OpenRefusal::Broken));
    }
}

fn sealed_by(sealer: &Sealer<'_>, vault: &Vault, (version, previous): (u64, [u8; 32])) -> Vec<u8> {
    Sealed::seal(
        sealer,
        (&Binding::new(&vault.list, version), previous),
        vault.receivers(),
        &vault.content.encode(),
        &Entropy::new(seed(9)),
    )
}

/// A browser of today has a key that links name. Another account's vault is its own if its person says so, by its code.
#[test]
fn a_device_with_an_account_key_takes_another_by_its_code_alone() {
    let mut first = device(1);
    let (mut vault, mut server) = founded(&mut first);
    let own = || DeviceKeys::with_account(seed(2));
    let named = own().account_key();
    let known = content::Known {
        hpke: own().hpke().public,
        label: "Browser".to_owned(),
        welcome: content::Welcome::default(),
    };
    let (mut unasked, mut lying) = founded(&mut device(66));
    unasked.add(own().device_key(), known, NOW).unwrap();
    lying.save(&mut unasked, 102);
    let mut keys = own();
    assert_eq!(lying.open(&mut keys).err(), Some(OpenRefusal::Broken));
    assert_eq!(keys.account_key(), named);
    let_in(&mut vault, &own(), 2).unwrap();
    server.save(&mut vault, 103);
    assert!(server.open(&mut keys).is_ok());
    assert_eq!(keys.account_key(), first.account_key());
}

#[test]
fn a_proof_is_for_one_device_and_one_request_of_it() {
    let (mut vault, mut server) = founded(&mut device(1));
    let_in(&mut vault, &device(2), 2).unwrap();
    let_in(&mut vault, &device(3), 3).unwrap();
    server.save(&mut vault, 102);
    assert!(server.open(&mut device(3)).is_ok());
    let key = |number| device(number).device_key();
    let welcome = vault.content.devices[&key(3)].welcome;
    let other = content::Welcome {
        nonce: [9; 16],
        ..welcome
    };
    for (number, wrong) in [(103, vault.content.devices[&key(2)].welcome), (104, other)] {
        let known = vault.content.devices.get_mut(&key(3)).unwrap();
        known.welcome = wrong;
        server.save(&mut vault, number);
        assert_eq!(server.open(&mut device(3)).err(), Some(OpenRefusal::Broken));
    }
    vault.content.devices.get_mut(&key(3)).unwrap().welcome = welcome;
    server.save(&mut vault, 105);
    assert!(server.open(&mut device(3)).is_ok());
}

#[test]
fn a_vault_opens_under_its_own_number_list_and_account_alone() {
    let (mut first, second) = (device(1), device(2));
    let (mut vault, old) = founded(&mut first);
    let_in(&mut vault, &second, 2).unwrap();
    let mut server = old.clone();
    server.save(&mut vault, 102);
    let lies = [
        Shown {
            version: 3,
            ..server.shown()
        },
        Shown {
            version: 1,
            ..server.shown()
        },
        Shown {
            entries: &old.entries,
            ..server.shown()
        },
        Shown {
            sealed: &old.sealed,
            ..server.shown()
        },
        Shown {
            account: AccountId([3; 16]),
            ..server.shown()
        },
    ];
    for (at, lie) in lies.into_iter().enumerate() {
        assert_eq!(
            Vault::open(&mut first, lie).err(),
            Some(OpenRefusal::Broken),
            "lie {at}"
        );
    }
    // An old vault with its own list is a vault: whoever saw the later one remembers its version and its head.
    let rolled_back = old.open(&mut first).unwrap();
    assert!(rolled_back.seen().version < vault.seen().version);
    let remembering = Shown {
        known: Some(vault.seen()),
        ..old.shown()
    };
    assert_eq!(
        Vault::open(&mut first, remembering).err(),
        Some(OpenRefusal::RolledBack)
    );
}

/// Two browsers make a version from the same one, and the server says to both that it is kept.
#[test]
fn a_server_that_goes_on_with_the_other_of_two_versions_is_noticed() {
    let mut first = device(1);
    let (_, server) = founded(&mut first);
    let mut saved = |number, server: &mut Server| {
        let mut vault = server.open(&mut first).unwrap();
        let _shown = vault.new_recovery_code(seed(number));
        server.save(&mut vault, number);
        vault.seen()
    };
    let (mut one, mut other) = (server.clone(), server.clone());
    let seen = saved(10, &mut one);
    saved(11, &mut other);
    let opened = |server: &Server, seen| {
        let known = Some(seen);
        let shown = Shown {
            known,
            ..server.shown()
        };
        Vault::open(&mut device(1), shown).err()
    };
    assert_eq!(opened(&one, seen), None);
    assert_eq!(opened(&other, seen), Some(OpenRefusal::RolledBack));
    saved(12, &mut other);
    assert_eq!(opened(&other, seen), Some(OpenRefusal::RolledBack));
    saved(13, &mut one);
    assert_eq!(opened(&one, seen), None);
}

#[test]
fn a_recovery_code_opens_nothing_older_than_what_was_seen() {
    let mut first = device(1);
    let (mut vault, mut server) = founded(&mut first);
    let code = vault.new_recovery_code(seed(10));
    server.save(&mut vault, 102);
    let old = server.clone();
    let_in(&mut vault, &device(2), 2).unwrap();
    server.save(&mut vault, 103);
    let recover = |server: &Server| {
        let shown = Shown {
            known: Some(vault.seen()),
            ..server.shown()
        };
        Vault::recover(&code, &mut device(3), shown, "Again", NOW).err()
    };
    assert_eq!(recover(&old), Some(RecoverRefusal::RolledBack));
    assert_eq!(recover(&server), None);
}

/// It has known the account's key. It can't put a recovery code of its own there, which later versions would be sealed to.
#[test]
fn a_device_that_was_removed_makes_no_version() {
    let (mut first, mut second) = (device(1), device(2));
    let (mut vault, mut server) = founded(&mut first);
    let_in(&mut vault, &second, 2).unwrap();
    server.save(&mut vault, 102);
    server.open(&mut second).unwrap();
    vault.remove(second.device_key(), NOW + 9).unwrap();
    server.save(&mut vault, 103);
    let account = second.account().unwrap().clone();
    let sealer = Sealer {
        account: &account,
        device: &second.signer(),
    };
    let planted = Server {
        version: 4,
        sealed: sealed_by(&sealer, &vault, (4, vault.seen().sealed)),
        ..server.clone()
    };
    assert_eq!(planted.open(&mut first).err(), Some(OpenRefusal::Broken));
}

/// More browsers than are remembered by name.
const MANY: u8 = 70;

#[test]
fn the_names_of_those_who_were_removed_long_ago_make_room() {
    let mut first = device(1);
    let (mut vault, mut server) = founded(&mut first);
    for number in 2..=MANY {
        let keys = device(number);
        let known = content::Known {
            hpke: keys.hpke().public,
            label: format!("Browser {number}"),
            welcome: content::Welcome::default(),
        };
        vault.add(keys.device_key(), known, NOW + 1).unwrap();
        let removed = vault.remove(keys.device_key(), NOW + u64::from(number));
        removed.unwrap();
    }
    server.save(&mut vault, MANY + 1);
    let opened = server.open(&mut first).unwrap();
    let named = opened.browsers().filter(|it| !it.label.is_empty()).count();
    let all = opened.browsers().count();
    assert_eq!((all, named), (MANY.into(), MOST_DEVICES + 1));
    assert!(server.sealed.len() < 12 * 1024, "{}", server.sealed.len());
}

#[test]
fn a_device_that_was_removed_reads_nothing_of_what_follows() {
    let (mut first, mut second) = (device(1), device(2));
    let (mut vault, mut server) = founded(&mut first);
    let_in(&mut vault, &second, 2).unwrap();
    server.save(&mut vault, 102);
    let before = server.sealed.len();
    assert_eq!(
        vault.remove(first.device_key(), NOW).err(),
        Some(ChangeRefusal::ThisDevice)
    );
    assert_eq!(
        vault.remove([0; 32], NOW).err(),
        Some(ChangeRefusal::Unknown)
    );
    vault.remove(second.device_key(), NOW + 9).unwrap();
    server.save(&mut vault, 103);
    assert_eq!(server.open(&mut second).err(), Some(OpenRefusal::NotListed));
    assert!(server.sealed.len() < before - 1000);
    assert!(sealed_for(&server, &vault).open(&second.hpke()).is_none());
    let opened = server.open(&mut first).unwrap();
    let removed = opened
        .browsers()
        .nth(1)
        .map(|it| (it.label.to_owned(), it.removed));
    assert_eq!(removed, Some(("Browser 2".to_owned(), Some(NOW + 9))));
    assert_eq!(
        let_in(&mut vault, &second, 5).err(),
        Some(ChangeRefusal::Known)
    );
}

fn sealed_for(server: &Server, vault: &Vault) -> Sealed {
    Sealed::read(&server.sealed, server.version, &vault.list).unwrap()
}

#[test]
fn whoever_has_lost_every_device_comes_back_by_the_recovery_code() {
    let (mut first, mut fresh) = (device(1), device(2));
    let (mut vault, mut server) = founded(&mut first);
    assert!(!vault.has_recovery());
    let old = vault.new_recovery_code(seed(10));
    let code = vault.new_recovery_code(seed(11));
    server.save(&mut vault, 102);
    let recover = |code: &str, keys: &mut DeviceKeys, server: &Server| {
        Vault::recover(code, keys, server.shown(), "New laptop", NOW + 5)
    };
    for wrong in [old.as_str(), "", "0123", &code[1..]] {
        let refused = recover(wrong, &mut fresh, &server);
        assert_eq!(refused.err(), Some(RecoverRefusal::WrongCode));
    }
    assert!(fresh.account_key().is_none());
    let mut recovered = recover(&code, &mut fresh, &server).unwrap();
    server.save(&mut recovered, 103);
    assert_eq!(fresh.account_key(), first.account_key());
    let opened = server.open(&mut fresh).unwrap();
    assert!(opened.has_recovery() && opened.meetings().count() == 1);
    assert!(server.open(&mut first).is_ok());
    assert!(
        recover(&code, &mut device(3), &server).is_ok(),
        "it is still good"
    );
}

#[test]
fn a_device_that_is_listed_recovers_without_another_entry() {
    let mut first = device(1);
    let (mut vault, mut server) = founded(&mut first);
    let code = vault.new_recovery_code(seed(10));
    server.save(&mut vault, 102);
    let mut recovered = Vault::recover(&code, &mut first, server.shown(), "Again", NOW).unwrap();
    assert!(recovered.seal(seed(4)).entries.is_empty());
}

#[test]
fn what_was_not_saved_is_sealed_again() {
    let mut first = device(1);
    let (mut vault, mut server) = founded(&mut first);
    let_in(&mut vault, &device(2), 2).unwrap();
    assert_eq!(vault.seal(seed(3)).entries.len(), 1);
    let_in(&mut vault, &device(3), 3).unwrap();
    assert_eq!(vault.seal(seed(4)).entries.len(), 2);
    server.save(&mut vault, 5);
    assert!(vault.seal(seed(6)).entries.is_empty());
    assert!(server.open(&mut device(3)).is_ok());
}

#[test]
fn the_meeting_that_is_over_for_longest_makes_room() {
    let mut first = device(1);
    let (mut vault, _) = founded(&mut first);
    vault.forget(MeetingId([7; 16]));
    let id = |number: usize| {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&(number as u64).to_be_bytes());
        MeetingId(id)
    };
    for number in 0..MOST_MEETINGS {
        vault
            .keep(id(number), kept(NOW + number as u64), NOW)
            .unwrap();
    }
    assert_eq!(
        vault.keep(id(900), kept(NOW), NOW).err(),
        Some(NotKept::Full)
    );
    assert!(
        vault.keep(id(3), kept(NOW), NOW).is_ok(),
        "it is there already"
    );
    assert!(vault.keep(id(900), kept(NOW + 900), NOW + 2).is_ok());
    assert!(vault.meetings().all(|(meeting, _)| meeting != id(0)));
    assert_eq!(vault.meetings().count(), MOST_MEETINGS);
}

#[test]
fn a_meeting_that_is_kept_again_without_a_passcode_keeps_the_one_there() {
    let (mut vault, _) = founded(&mut device(1));
    let meeting = MeetingId([7; 16]);
    let passcode = |vault: &Vault| {
        let (_, kept) = vault.meetings().next().unwrap();
        kept.passcode().map(str::to_owned)
    };
    let keep = |vault: &mut Vault, passcode| {
        let kept = Kept::new("c2VjcmV0.aG9zdA", passcode, NOW).unwrap();
        vault.keep(meeting, kept, NOW).unwrap();
    };
    keep(&mut vault, None);
    assert_eq!(passcode(&vault).as_deref(), Some("123456"));
    keep(&mut vault, Some("654321"));
    assert_eq!(passcode(&vault).as_deref(), Some("654321"));
    vault.forget(meeting);
    keep(&mut vault, None);
    assert_eq!(passcode(&vault), None);
}

#[test]
fn only_what_ends_a_link_is_kept() {
    let long = "x".repeat(MOST_FRAGMENT_BYTES);
    assert!(Kept::new(&long, None, 0).is_some());
    for fragment in ["", "a b", "ä", &format!("{long}x")] {
        assert!(Kept::new(fragment, None, 0).is_none());
    }
    assert!(Kept::new("x", Some("12345"), 0).is_none());
}

#[test]
fn the_largest_vault_is_one_that_the_server_takes() {
    let mut first = device(1);
    let (mut vault, mut server) = founded(&mut first);
    let label = "\u{1f3e5}".repeat(64);
    for number in 2..=MOST_DEVICES {
        let keys = device(number as u8);
        let known = content::Known {
            hpke: keys.hpke().public,
            label: label.clone(),
            welcome: content::Welcome::default(),
        };
        vault.add(keys.device_key(), known, NOW).unwrap();
    }
    let _shown = vault.new_recovery_code(seed(9));
    for number in 0..MOST_MEETINGS - 1 {
        let mut id = [1; 16];
        id[..8].copy_from_slice(&(number as u64).to_be_bytes());
        let fragment = "x".repeat(MOST_FRAGMENT_BYTES);
        let kept = Kept::new(&fragment, Some("123456789012"), NOW).unwrap();
        vault.keep(MeetingId(id), kept, NOW).unwrap();
    }
    server.save(&mut vault, 8);
    assert!(
        server.sealed.len() <= MOST_SEALED_BYTES,
        "{}",
        server.sealed.len()
    );
    assert!(server.open(&mut first).is_ok());
}

/// The server took the vault, and its answer was lost before the device could keep the account's key.
#[test]
fn a_device_knows_the_vault_that_it_has_founded_by_its_own_secret() {
    let before = device(1).to_bytes();
    let (_, server) = founded(&mut device(1));
    let mut kept = DeviceKeys::from_bytes(&before).unwrap();
    let opened = server.open(&mut kept).unwrap();
    assert_eq!(kept.account_key(), Some(*opened.list.account_key()));
}

#[test]
fn a_device_knows_the_vault_that_it_has_recovered_by_its_own_secret() {
    let (mut vault, mut server) = founded(&mut device(1));
    let code = vault.new_recovery_code(seed(10));
    server.save(&mut vault, 102);
    let recover = |server: &Server| {
        Vault::recover(&code, &mut device(2), server.shown(), "Telephone", NOW).unwrap()
    };
    let mut recovered = recover(&server);
    server.save(&mut recovered, 103);
    assert!(server.open(&mut device(2)).is_ok());
    // What another has made of its entry is made good.
    let known = recovered.content.devices.get_mut(&device(2).device_key());
    known.unwrap().welcome = content::Welcome::default();
    server.save(&mut recovered, 104);
    assert_eq!(server.open(&mut device(2)).err(), Some(OpenRefusal::Broken));
    let mut again = recover(&server);
    server.save(&mut again, 105);
    assert!(server.open(&mut device(2)).is_ok());
}

/// Each list and vault below is in order: only the device's word for itself is missing, or is another's.
#[test]
fn what_a_device_says_of_itself_holds_for_one_device_and_one_account_key() {
    let (mut vault, mut server) = founded(&mut device(66));
    let mine = Vault::found(&mut device(2), ACCOUNT, "Own", NOW, seed(110)).unwrap();
    let of = |vault: &Vault, number| vault.content.devices[&device(number).device_key()].welcome;
    let known = content::Known {
        hpke: device(2).hpke().public,
        label: "Browser".to_owned(),
        welcome: of(&vault, 66),
    };
    vault.add(device(2).device_key(), known, NOW).unwrap();
    for (number, welcome) in [(103, of(&vault, 66)), (104, of(&mine, 2))] {
        let known = vault.content.devices.get_mut(&device(2).device_key());
        known.unwrap().welcome = welcome;
        server.save(&mut vault, number);
        assert_eq!(server.open(&mut device(2)).err(), Some(OpenRefusal::Broken));
    }
}

/// Or two contents lay under one key and one nonce.
#[test]
fn a_seed_that_is_used_again_seals_other_content_under_another_key() {
    let (vault, _) = founded(&mut device(1));
    let binding = Binding::new(&vault.list, 2);
    let ciphertext = |plain: &[u8; 64]| {
        let sealer = Sealer {
            account: &vault.content.account,
            device: &vault.this,
        };
        let entropy = Entropy::new(seed(9));
        let at = (&binding, vault.sealed);
        let sealed = Sealed::seal(&sealer, at, vault.receivers(), plain, &entropy);
        let from = sealed.len() - 2 * SIGNATURE_BYTES - TAG_BYTES - plain.len();
        sealed[from..][..plain.len()].to_vec()
    };
    let sealed = [ciphertext(&[0; 64]), ciphertext(&[1; 64])];
    let differences = sealed[0]
        .iter()
        .zip(&sealed[1])
        .map(|(one, other)| one ^ other);
    assert!(differences.collect::<Vec<_>>() != [1; 64]);
    assert_eq!(ciphertext(&[0; 64]), sealed[0]);
}

const SIGNATURE_BYTES: usize = 64;
const TAG_BYTES: usize = 16;

/// Who was removed has the account's key, and can sign any number.
#[test]
fn a_version_that_leaves_no_room_for_another_is_refused() {
    let mut first = device(1);
    let (mut vault, server) = founded(&mut first);
    let code = vault.new_recovery_code(seed(10));
    let numbered = |version| {
        let sealer = Sealer {
            account: &vault.content.account,
            device: &vault.this,
        };
        Server {
            version,
            sealed: sealed_by(&sealer, &vault, (version, [0; 32])),
            ..server.clone()
        }
    };
    assert!(numbered((1 << 53) - 2).open(&mut first).is_ok());
    for version in [(1 << 53) - 1, u64::MAX] {
        let lying = numbered(version);
        assert_eq!(lying.open(&mut first).err(), Some(OpenRefusal::Broken));
        let recovered = Vault::recover(&code, &mut device(2), lying.shown(), "Again", NOW);
        assert_eq!(recovered.err(), Some(RecoverRefusal::Broken));
    }
}

/// Bytes that a browser has given a server: what they mean stays so.
#[test]
fn a_vault_of_version_one_opens_as_ever() {
    let account = AccountId([3; 16]);
    let mut first = device(1);
    let vault = Vault::found(&mut first, account, "Ward laptop", NOW, seed(2));
    let entries = vault.unwrap().seal(seed(3)).entries;
    assert_eq!(
        entries[0],
        include_bytes!("../../testdata/ours/device_entry")
    );
    let shown = Shown {
        account,
        version: 1,
        sealed: include_bytes!("../../testdata/ours/vault"),
        entries: &entries,
        known: None,
    };
    let opened = Vault::open(&mut first, shown).unwrap();
    let (meeting, kept) = opened.meetings().next().unwrap();
    assert!(meeting == MeetingId([7; 16]) && kept.fragment() == "c2VjcmV0.aG9zdA");
    assert_eq!((kept.passcode(), kept.until()), (Some("123456"), NOW + 60));
}

/// A change of these bytes is a change of format.
#[test]
fn a_vaults_content_is_written_as_ever() {
    let mut content = Content::new(AccountKey::from_secret(&[3; 32]));
    content.recovery = None;
    let known = content::Known {
        hpke: vec![4; 2],
        label: "L".to_owned(),
        welcome: content::Welcome {
            nonce: [5; 16],
            proof: [6; 32],
        },
    };
    content.devices.insert([7; 32], known);
    content.meetings.insert(MeetingId([8; 16]), kept(9));
    let parts = [
        &[1, 32][..],
        &[3; 32],
        &[0, 0x40, 32 + 3 + 2 + 48],
        &[7; 32],
        &[2, 4, 4, 1, b'L'],
        &[5; 16],
        &[6; 32],
        &[16 + 16 + 7 + 8],
        &[8; 16],
        b"\x0fc2VjcmV0.aG9zdA",
        b"\x06123456",
        &9_u64.to_be_bytes(),
    ];
    let mut expected = parts.concat();
    expected.resize(4096, 0);
    assert_eq!(*content.encode(), expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A failure prints its seed and input.
    #[test]
    fn no_change_of_its_bytes_leaves_a_vault_one(at: prop::sample::Index, bits in 1_u8.., cut: bool) {
        let mut first = device(1);
        let (_, mut server) = founded(&mut first);
        let at = at.index(server.sealed.len());
        if cut {
            server.sealed.truncate(at);
        } else {
            server.sealed[at] ^= bits;
        }
        prop_assert_eq!(server.open(&mut first).err(), Some(OpenRefusal::Broken));
    }

    /// Whoever writes a vault has the account's key; its other devices go on all the same.
    #[test]
    fn whatever_stands_in_a_vault_is_refused_or_read_as_it_is_written(at: prop::sample::Index, bits: u8, cut: prop::sample::Index) {
        let (vault, _) = founded(&mut device(1));
        let mut bytes = vault.content.encode().to_vec();
        let filled = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
        bytes[at.index(filled)] ^= bits;
        if let Some(read) = Content::decode(&bytes, &vault.list) {
            prop_assert_eq!(&*read.encode(), &bytes);
        }
        prop_assert!(Content::decode(&bytes[..cut.index(bytes.len())], &vault.list).is_none());
    }
}

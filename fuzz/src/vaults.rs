//! What the server shows of an account's devices and of their vault.
//!
//! The corpora hold what the device below and another one have written.

use std::sync::OnceLock;

use conclave_e2ee::Seed;
use conclave_e2ee::device::DeviceKeys;
use conclave_e2ee::device_list::DeviceList;
use conclave_e2ee::device_request::DeviceRequest;
use conclave_e2ee::identity::AccountId;
use conclave_e2ee::vault::{Shown, Vault};

/// Behind the first entry, or in its place: a list is the account's from its first entry on.
pub(crate) fn device_entry(bytes: &[u8]) {
    let founded = founded();
    let first = DeviceList::read(ACCOUNT, &founded.entries).expect("it was just written");
    let longer = [founded.entries.clone(), vec![bytes.to_vec()]].concat();
    if let Ok(list) = DeviceList::read(ACCOUNT, &longer) {
        assert!(list.extends(first.head()) && list.head().length == 2);
        assert!(list.account_key() == first.account_key());
    }
    if let Ok(list) = DeviceList::read(ACCOUNT, &[bytes.to_vec()]) {
        assert!(list.devices().len() == 1 && list.head().length == 1);
    }
}

/// Nothing that the server seals has a device believe in another account.
pub(crate) fn sealed_vault(bytes: &[u8]) {
    let founded = founded();
    let shown = Shown {
        account: ACCOUNT,
        version: 1,
        sealed: bytes,
        entries: &founded.entries,
        known: None,
    };
    let mut keys = DeviceKeys::from_bytes(&founded.keys).expect("they were just written");
    let account = keys.account_key();
    if let Ok(vault) = Vault::open(&mut keys, shown) {
        assert!(vault.browsers().count() == 1);
    }
    assert!(keys.account_key() == account);
    let mut without = DeviceKeys::generate(seed(1));
    let opened = Vault::open(&mut without, shown).is_ok();
    assert!(without.account_key() == account.filter(|_| opened));
}

/// Whoever made a request alone knows its code.
pub(crate) fn device_request(bytes: &[u8]) {
    let Ok(request) = DeviceRequest::read(ACCOUNT, bytes) else {
        return;
    };
    assert!((1..=64).contains(&request.label().chars().count()));
    let stranger = DeviceKeys::generate(seed(1));
    assert!(stranger.approval_code(ACCOUNT, bytes).is_err());
}

const ACCOUNT: AccountId = AccountId([3; 16]);

struct Founded {
    keys: Vec<u8>,
    entries: Vec<Vec<u8>>,
}

/// The same each time.
fn founded() -> &'static Founded {
    static FOUNDED: OnceLock<Founded> = OnceLock::new();
    FOUNDED.get_or_init(|| {
        let mut keys = DeviceKeys::generate(seed(1));
        let vault = Vault::found(&mut keys, ACCOUNT, "Ward laptop", NOW, seed(2));
        let mut vault = vault.expect("the name is honest");
        Founded {
            entries: vault.seal(seed(3)).entries,
            keys: keys.to_bytes().to_vec(),
        }
    })
}

const NOW: u64 = 1_764_000_000;

fn seed(number: u8) -> Seed {
    Seed([number; 32].into())
}

//! A disk that fills up: what was acknowledged stays, what is essential goes on.

use conclave_audit::{Actor, Entry, EntryTime, Event, KeyName, Signer, Stamp};
use conclave_protocol::personal::{DisplayName, EmailAddress, Title};
use conclave_protocol::{AccountId, OrganisationId, Timestamp};
use uuid::Uuid;

use super::*;
use crate::action::{CreateOwner, NewSession, PrintSetupLink, SignOut};
use crate::connection::Connector;
use crate::log::Notary;
use crate::{PasswordHash, Refused, TokenHash};

const NOW: Timestamp = Timestamp::from_micros(1_795_336_200_000_000);
const LATER: Timestamp = Timestamp::from_micros(1_795_336_300_000_000);
const SESSION: TokenHash = TokenHash([2; 32]);

// Shows: ABUSE-62.
#[tokio::test]
async fn a_full_disk_loses_nothing_acknowledged_and_stops_nobody_from_signing_off() {
    let dir = tempfile::tempdir().unwrap();
    let store = full_at(dir.path(), 300).await;
    make_owner(&store).await;
    let mut acknowledged = vec![entry(1).id, entry(2).id];
    fill::<20>(&store, &mut acknowledged).await;
    let failed = fill::<1>(&store, &mut acknowledged).await;
    assert!(matches!(failed, WriteError::Unavailable(_)));
    assert!(!store.is_ready().await);

    let out = SignOut { session: SESSION };
    let done = store.write_or_spool(None, out, entry(20_000)).await;

    assert!(matches!(done, Ok(Durability::Spooled(_))));
    assert!(store.session(SESSION).await.unwrap().is_none());
    store.close().await;
    let store = Store::open(Options::sqlite(dir.path())).await.unwrap();
    keep_logs(&store).await;
    acknowledged.push(entry(20_000).id);
    assert!(recorded(&store).await == acknowledged);
    assert!(store.session(SESSION).await.unwrap().is_none());
    let again = SignOut { session: SESSION };
    let again = store.write(again, entry(20_001)).await;
    assert!(matches!(again, Err(WriteError::Refused(Refused::NotFound))));
    // Every entry has its place, also those whose batch found no room.
    store.close().await;
    let store = Store::open(Options::sqlite(dir.path())).await.unwrap();
    let mut logs = store.logs().await.unwrap();
    let head = logs.head(None).await.unwrap().unwrap();
    assert_eq!(head.size, acknowledged.len() as u64);
    assert_eq!(logs.left_out().await.unwrap(), 0);
    assert_eq!(store.log_fault(), None);
}

/// Records entries, so many at a time, until no more fit.
async fn fill<const AT_ONCE: usize>(store: &Store, acknowledged: &mut Vec<Uuid>) -> WriteError {
    for _ in 0..1_000 {
        let first = acknowledged.len() as u128 + 1;
        let entries: [Entry; AT_ONCE] = std::array::from_fn(|i| entry(first + i as u128));
        match store.record(entries.clone()).await {
            Ok(()) => acknowledged.extend(entries.map(|entry| entry.id)),
            Err(error) => return error,
        }
    }
    panic!("the disk never filled up");
}

async fn full_at(dir: &std::path::Path, pages: u32) -> Store {
    let connector = Connector::sqlite_of_pages(&dir.join("conclave.db"), pages);
    let parts = open::open_with(connector, Options::sqlite(dir)).await;
    let store = Store {
        parts: Shared(Arc::new(parts.unwrap())),
    };
    keep_logs(&store).await;
    store
}

async fn keep_logs(store: &Store) {
    let host = KeyName::parse("clinic.example").unwrap();
    let notary = Notary::new(host, |checkpoint| {
        let signer = Signer::new(checkpoint.origin.clone(), &[7; 32]);
        checkpoint.sign(&signer).unwrap()
    });
    store.keep_logs(notary).await;
}

async fn make_owner(store: &Store) {
    let token = TokenHash([1; 32]);
    let link = PrintSetupLink {
        token,
        at: NOW,
        expires_at: LATER,
    };
    store.write(link, entry(1)).await.unwrap();
    let account = AccountId(Uuid::from_u128(1));
    let owner = CreateOwner {
        token,
        organisation: OrganisationId(Uuid::from_u128(2)),
        organisation_name: Title::parse("Riverside Clinic").ok().unwrap(),
        account,
        email: EmailAddress::parse("amy@clinic.example").ok().unwrap(),
        display_name: DisplayName::parse("Amy").ok().unwrap(),
        password: PasswordHash(String::new()),
        session: NewSession {
            id: SESSION,
            account,
            created_at: NOW,
            last_active_at: NOW,
            expires_at: LATER,
            assurance: conclave_policy::second_factor::Assurance::Password,
            authenticated_at: NOW,
            browser: conclave_protocol::factor::BrowserKind::Other,
        },
        at: NOW,
    };
    store.write(owner, entry(2)).await.unwrap();
}

fn entry(number: u128) -> Entry {
    let stamp = Stamp {
        id: Uuid::from_u128(number),
        time: EntryTime::from_unix_micros(NOW.as_micros()),
        salt: [0xa5; 16],
    };
    Entry::new(stamp, Actor::System, Event::SystemSetupLink)
}

async fn recorded(store: &Store) -> Vec<Uuid> {
    let rows = store.recorded_after(0, 10_000).await.unwrap();
    rows.iter()
        .map(|row| Entry::from_canonical(&row.bytes).ok().unwrap().id)
        .collect()
}

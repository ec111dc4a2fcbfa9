//! The keys of this installation, each on record: one that is made again was gone.

use std::path::Path;

use conclave_audit::{Actor, Code, Entry, Event, Outcome};
use conclave_store::log::{Asked, Logs, MOST_ENTRIES_LISTED};
use conclave_store::{ReadError, Record, Store};

use crate::installation_key::InstallationKey;
use crate::server::StartError;
use crate::{Clock, audit_key, external_sender, recorded, sealing, tickets};

/// A key as the record calls it, and its file in the data directory.
#[derive(Clone, Copy)]
struct KeyFile {
    name: &'static str,
    file: &'static str,
}

const ALL: [KeyFile; 4] = [
    KeyFile {
        name: "audit_log",
        file: audit_key::FILE,
    },
    KeyFile {
        name: "ticket",
        file: tickets::KEY_FILE,
    },
    KeyFile {
        name: "seal",
        file: sealing::KEY_FILE,
    },
    KeyFile {
        name: "external_sender",
        file: external_sender::FILE,
    },
];

/// Puts on record those that no entry tells of: also where the start that made them ended before it could.
pub(crate) async fn record(
    store: &Store,
    clock: &Clock,
    data_dir: &Path,
) -> Result<(), StartError> {
    let told = told(store.logs().await?).await?;
    let mut entries = Vec::new();
    for key in ALL {
        let event = made(data_dir, key)?;
        if !told.contains(&event) {
            entries.push(recorded::entry(clock.now(), Actor::System, event)?);
        }
    }
    if entries.is_empty() {
        return Ok(());
    }
    let made = Record::after(move |_: &()| entries);
    Ok(store.record(made).await?)
}

fn made(data_dir: &Path, key: KeyFile) -> Result<Event, StartError> {
    let fingerprint = InstallationKey::open(data_dir, key.file)?.fingerprint();
    Ok(Event::KeyMade {
        key: Code::new(key.name),
        fingerprint: Code::parse(&fingerprint).expect("hexadecimal digits are a code"),
    })
}

/// What is on record of keys. First what waits for its place in the log: what gets it meanwhile is then found there.
async fn told(mut logs: Logs) -> Result<Vec<Event>, ReadError> {
    let mut told = waiting(&mut logs).await?;
    let Some(log) = logs.head(None).await? else {
        return Ok(told);
    };
    let mut asked = Asked {
        event: Some(EVENT.to_owned()),
        outcome: Some(Outcome::Done),
        ..Asked::default()
    };
    loop {
        let listed = logs.list(&log, asked.clone(), MOST_ENTRIES_LISTED).await?;
        let Some(last) = listed.last() else {
            return Ok(told);
        };
        asked.before = Some(last.seq);
        told.extend(listed.iter().filter_map(|listed| event(&listed.leaf)));
    }
}

/// What a start that ended too soon recorded stands in the outbox alone.
async fn waiting(logs: &mut Logs) -> Result<Vec<Event>, ReadError> {
    let mut found = Vec::new();
    let mut position = logs.placed_up_to().await?;
    loop {
        let recorded = logs.recorded_after(position, AT_A_TIME).await?;
        let Some(last) = recorded.last() else {
            return Ok(found);
        };
        position = last.position;
        found.extend(recorded.iter().filter_map(|entry| event(&entry.bytes)));
    }
}

fn event(bytes: &[u8]) -> Option<Event> {
    let entry = Entry::from_canonical(bytes).ok()?;
    matches!(entry.event, Event::KeyMade { .. }).then_some(entry.event)
}

/// Their entries' name.
const EVENT: &str = "key.made";
/// Entries of the outbox that are held at a time.
const AT_A_TIME: u32 = 1_000;

#[cfg(test)]
mod tests {
    use conclave_store::Options;

    use super::*;

    #[tokio::test]
    async fn what_waits_for_its_place_in_the_log_is_not_told_again() {
        let directory = tempfile::tempdir().unwrap();
        let at = directory.path();
        let store = Store::open(Options::sqlite(at)).await.unwrap();
        let clock = Clock::default();

        for _ in 0..2 {
            record(&store, &clock, at).await.unwrap();
            assert_eq!(store.recorded_after(0, 100).await.unwrap().len(), ALL.len());
        }
        store.close().await;
    }

    #[test]
    fn keys_are_looked_for_by_the_name_of_their_entries() {
        let directory = tempfile::tempdir().unwrap();

        let event = made(directory.path(), ALL[0]).unwrap();

        assert_eq!(event.name(), EVENT);
    }
}

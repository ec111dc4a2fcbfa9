//! The keys of this installation that a start had to make, on record: one that is made again was gone.

use std::path::Path;

use conclave_audit::{Actor, Code, Entry, Event};
use conclave_store::{Record, Store};

use crate::installation_key::InstallationKey;
use crate::server::StartError;
use crate::{Clock, audit_key, external_sender, recorded, sealing, tickets};

/// A key as the record calls it, and its file in the data directory.
#[derive(Clone, Copy)]
pub(crate) struct KeyFile {
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

/// Those of which there are none: whoever opens them makes them.
pub(crate) fn lacking(data_dir: &Path) -> Vec<KeyFile> {
    let lacks = |key: &KeyFile| !data_dir.join(key.file).exists();
    ALL.into_iter().filter(lacks).collect()
}

/// Puts on record those that were lacking, and are there.
pub(crate) async fn record(
    store: &Store,
    clock: &Clock,
    data_dir: &Path,
    made: Vec<KeyFile>,
) -> Result<(), StartError> {
    let entries = made.iter().map(|key| entry(clock, data_dir, *key));
    let entries = entries.collect::<Result<Vec<_>, _>>()?;
    if entries.is_empty() {
        return Ok(());
    }
    let made = Record::after(move |_: &()| entries);
    Ok(store.record(made).await?)
}

fn entry(clock: &Clock, data_dir: &Path, key: KeyFile) -> Result<Entry, StartError> {
    let fingerprint = InstallationKey::open(data_dir, key.file)?.fingerprint();
    let event = Event::KeyMade {
        key: Code::new(key.name),
        fingerprint: Code::parse(&fingerprint).expect("hexadecimal digits are a code"),
    };
    Ok(recorded::entry(clock.now(), Actor::System, event)?)
}

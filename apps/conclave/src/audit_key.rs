//! The key that signs the audit logs' checkpoints: Ed25519, in the data directory, for nothing else.

use std::path::{Path, PathBuf};

use conclave_audit::{Checkpoint, KeyName, Signer, Verifier};
use conclave_store::log::{LogHead, Notary};
use conclave_store::{ReadError, Store};

use crate::installation_key::{InstallationKey, KeyError};

/// One key, under each log's own name.
#[derive(Clone)]
pub(crate) struct AuditKey(InstallationKey);

/// The server's address names no log.
#[derive(Debug, thiserror::Error)]
#[error("public_url is too long to name the audit log")]
pub struct NamesNoLog;

/// Why the logs can't be gone on with; one line for the operator. What a second key signs can't be taken back: a log with
/// checkpoints of two is verified by neither.
#[derive(Debug, thiserror::Error)]
pub enum AuditKeyError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the audit log's checkpoints can't be read")]
    Read(#[from] ReadError),
    #[error("{} is gone, with which the audit log is signed: restore it from a backup", path.display())]
    Gone { path: PathBuf },
    #[error("{} is not the key with which the audit log is signed: restore that from a backup", path.display())]
    Another { path: PathBuf },
}

impl AuditKey {
    /// The key for the logs of this store, made when nothing is signed yet.
    pub(crate) async fn for_logs(data_dir: &Path, store: &Store) -> Result<Self, AuditKeyError> {
        let heads = store.logs().await?.heads().await?;
        let path = data_dir.join(FILE);
        if !heads.is_empty() && !path.exists() {
            return Err(AuditKeyError::Gone { path });
        }
        let key = Self::open(data_dir)?;
        // One log that was tampered with does not keep the server from the others.
        match heads.is_empty() || heads.iter().any(|head| key.has_signed(head)) {
            true => Ok(key),
            false => Err(AuditKeyError::Another { path }),
        }
    }

    /// The key of the data directory, made when there is none.
    pub(crate) fn open(data_dir: &Path) -> Result<Self, KeyError> {
        InstallationKey::open(data_dir, FILE).map(Self)
    }

    /// Signs for the store. `origin` is where people find the server, with its scheme.
    pub(crate) fn notary(&self, origin: &str) -> Result<Notary, NamesNoLog> {
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        let host = KeyName::parse(host).ok_or(NamesNoLog)?;
        let key = self.clone();
        Ok(Notary::new(host, move |checkpoint| {
            let signed = checkpoint.sign(&key.signer(checkpoint.origin.clone()));
            signed.expect("a checkpoint is three short lines")
        }))
    }

    /// Of the log with this origin; `None` for what is no origin of ours.
    pub(crate) fn verifier(&self, origin: &str) -> Option<Verifier> {
        let signer = self.signer(KeyName::parse(origin)?);
        Some(signer.verifier().clone())
    }

    fn has_signed(&self, head: &LogHead) -> bool {
        let verifier = self.verifier(&head.origin);
        verifier.is_some_and(|verifier| Checkpoint::open(&head.note, &verifier).is_ok())
    }

    /// Under this name.
    pub(crate) fn signer(&self, name: KeyName) -> Signer {
        let Self(seed) = self;
        Signer::new(name, seed.as_bytes())
    }
}

pub(crate) const FILE: &str = "audit-log.key";

#[cfg(test)]
mod tests {
    use conclave_audit::{Actor, Code, Event};
    use conclave_protocol::Timestamp;
    use conclave_store::Options;

    use super::*;
    use crate::recorded;

    #[tokio::test]
    async fn a_key_is_made_for_logs_that_nothing_was_signed_of_and_for_no_others() {
        let directory = tempfile::tempdir().unwrap();
        let at = directory.path();
        let store = Store::open(Options::sqlite(at)).await.unwrap();
        let key = AuditKey::for_logs(at, &store).await.unwrap();
        let notary = key.notary("https://clinic.example").unwrap();
        store.keep_logs(notary).await;
        let version = Code::new("0.1.0");
        let event = Event::SystemStop { version };
        let now = Timestamp::from_micros(1_795_336_200_000_000);
        let entry = recorded::entry(now, Actor::System, event).unwrap();
        store.record(entry).await.unwrap();
        store.close().await;

        let store = Store::open(Options::sqlite(at)).await.unwrap();
        assert!(AuditKey::for_logs(at, &store).await.is_ok());
        std::fs::write(at.join(FILE), [1; 32]).unwrap();
        let another = AuditKey::for_logs(at, &store).await;
        assert!(matches!(another, Err(AuditKeyError::Another { .. })));
        std::fs::remove_file(at.join(FILE)).unwrap();
        let gone = AuditKey::for_logs(at, &store).await;
        assert!(matches!(gone, Err(AuditKeyError::Gone { .. })));
        assert!(!at.join(FILE).exists());
        store.close().await;
    }
}

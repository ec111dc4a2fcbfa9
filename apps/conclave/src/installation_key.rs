//! A key of this installation: 32 random bytes in a file of the data directory, for nobody else to read.

use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use conclave_audit::Hex;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::secret;

/// Never leaves this server. Clones share it.
#[derive(Clone)]
pub(crate) struct InstallationKey(Arc<Zeroizing<[u8; LENGTH]>>);

/// Why there is no key; one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key file {} can't be used", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the key file {} is damaged: it does not hold {LENGTH} bytes", path.display())]
    Damaged { path: PathBuf },
    #[error("the operating system gives no randomness")]
    Randomness,
}

impl InstallationKey {
    /// The key in this file of the data directory, made when there is none.
    pub(crate) fn open(data_dir: &Path, file: &str) -> Result<Self, KeyError> {
        let path = data_dir.join(file);
        match std::fs::read(&path).map(Zeroizing::new) {
            Ok(bytes) => {
                let key: Result<[u8; LENGTH], _> = bytes.as_slice().try_into();
                key.map(Self::from).map_err(|_| KeyError::Damaged { path })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::make(path),
            Err(source) => Err(KeyError::File { path, source }),
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    /// Another secret, of whatever is said here and of this installation: HMAC-SHA-256 (RFC 2104). Each
    /// part but the last has a length of its own for each purpose.
    pub(crate) fn derive(&self, purpose: &str, parts: &[&[u8]]) -> [u8; LENGTH] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.as_bytes()).expect("HMAC takes keys of any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }

    /// By which the key is known again, in hexadecimal, and nothing is learned of it.
    pub(crate) fn fingerprint(&self) -> String {
        Hex(self.derive("fingerprint", &[])).to_string()
    }

    /// Written beside and renamed, so that a crash leaves no half of a key; durable when it returns, before anything is signed
    /// or sealed with it.
    fn make(path: PathBuf) -> Result<Self, KeyError> {
        let key: [u8; LENGTH] = secret::random().map_err(|_| KeyError::Randomness)?;
        let fresh = path.with_extension("new");
        let written = (|| {
            let mut file = std::fs::OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&fresh)?;
            file.write_all(&key)?;
            file.sync_all()?;
            std::fs::rename(&fresh, &path)?;
            match path.parent() {
                Some(directory) if !directory.as_os_str().is_empty() => sync(directory),
                _ => sync(Path::new(".")),
            }
        })();
        written.map_err(|source| KeyError::File { path, source })?;
        Ok(Self::from(key))
    }
}

/// Makes the names in it durable.
fn sync(directory: &Path) -> io::Result<()> {
    std::fs::File::open(directory)?.sync_all()
}

impl From<[u8; LENGTH]> for InstallationKey {
    fn from(key: [u8; LENGTH]) -> Self {
        Self(Arc::new(Zeroizing::new(key)))
    }
}

/// The output length of the hash that signs tickets (RFC 7518, 3.2), and an Ed25519 seed (RFC 8032, 5.1.5).
const LENGTH: usize = 32;

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const FILE: &str = "some.key";

    #[test]
    fn the_key_is_made_once_and_for_nobody_else() {
        let directory = tempfile::tempdir().unwrap();

        let made = InstallationKey::open(directory.path(), FILE).unwrap();
        let found = InstallationKey::open(directory.path(), FILE).unwrap();

        assert!(made.as_bytes() == found.as_bytes());
        let mode = std::fs::metadata(directory.path().join(FILE))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    /// As `printf 'fingerprint\0' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…` has it.
    #[test]
    fn a_key_is_known_by_its_fingerprint() {
        let of = |byte| InstallationKey::from([byte; LENGTH]).fingerprint();

        assert_eq!(
            of(7),
            "6d9bad487c991397b4e019235bdfdbf79a9aab1019aa66f28ab8a5a66a647479"
        );
        assert_ne!(of(8), of(7));
    }

    #[test]
    fn a_damaged_key_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(FILE), b"short").unwrap();

        assert!(matches!(
            InstallationKey::open(directory.path(), FILE),
            Err(KeyError::Damaged { .. })
        ));
    }
}

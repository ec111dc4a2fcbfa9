//! Which servers are spoken with: those whose certificate somebody who is trusted vouches for, and this computer's own.
//!
//! # Security
//!
//! A pinned key is asked for beside the usual verification, never in its stead. Nothing is tried again with less.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::{self, CertificateError, ClientConfig, RootCertStore};

mod pinned;

use pinned::{OtherKey, Pinned};

/// Who is believed, and about which key. Clones share it.
#[derive(Clone)]
pub struct Trust {
    authorities: Arc<RootCertStore>,
    key: Option<KeyPin>,
    tls: Arc<ClientConfig>,
}

/// SHA-256 of a server's SubjectPublicKeyInfo; written as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyPin(pub [u8; 32]);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the SHA-256 of a key has 64 hexadecimal digits")]
pub struct NoKeyPin;

/// Why a server is not spoken with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    #[error("its certificate has expired, or is not valid yet")]
    OutOfDate,
    #[error("its certificate is of another name")]
    OtherName,
    #[error("nobody who is trusted vouches for its certificate")]
    UnknownIssuer,
    #[error("its key is another than the one that is expected")]
    OtherKey,
    #[error("it speaks no TLS that is safe")]
    NoTls,
    /// Its address is not of this computer.
    #[error("without TLS nothing is said to another computer")]
    Plain,
}

/// Why a file of authorities is of no use.
#[derive(Debug, thiserror::Error)]
pub enum NoAuthority {
    #[error("the certificates in {} can't be read", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: pem::Error,
    },
    #[error("there is no certificate in {}", .0.display())]
    Empty(PathBuf),
    #[error("a certificate in {} can't be used", path.display())]
    Unusable {
        path: PathBuf,
        #[source]
        source: rustls::Error,
    },
}

impl Trust {
    /// Nobody is believed: only this computer's own servers are spoken with.
    #[must_use]
    pub fn nobody() -> Self {
        Self::made(RootCertStore::empty(), None)
    }

    /// Whom the system believes.
    #[must_use]
    pub fn system() -> Self {
        let mut authorities = RootCertStore::empty();
        authorities.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Self::made(authorities, None)
    }

    /// Also those in a file of PEM.
    pub fn and_file(self, path: &Path) -> Result<Self, NoAuthority> {
        let mut authorities = Arc::unwrap_or_clone(self.authorities);
        for certificate in certificates(path)? {
            let added = authorities.add(certificate);
            added.map_err(|source| NoAuthority::Unusable {
                path: path.to_owned(),
                source,
            })?;
        }
        Ok(Self::made(authorities, self.key))
    }

    /// And no server with another key.
    #[must_use]
    pub fn and_only(self, key: KeyPin) -> Self {
        Self::made(Arc::unwrap_or_clone(self.authorities), Some(key))
    }

    pub(crate) fn connector(&self) -> TlsConnector {
        TlsConnector::from(self.tls.clone())
    }

    fn made(authorities: RootCertStore, key: Option<KeyPin>) -> Self {
        let authorities = Arc::new(authorities);
        let tls = Arc::new(configuration(&authorities, key));
        Self {
            authorities,
            key,
            tls,
        }
    }
}

impl KeyPin {
    pub fn parse(text: &str) -> Result<Self, NoKeyPin> {
        let digit = |digit: &u8| char::from(*digit).to_digit(16);
        let digits: Option<Vec<u32>> = text.bytes().map(|byte| digit(&byte)).collect();
        let bytes = digits.unwrap_or_default();
        let bytes = bytes.chunks(2).map(|pair| match pair {
            [high, low] => u8::try_from(high << 4 | low).ok(),
            _ => None,
        });
        let bytes: Option<Vec<u8>> = bytes.collect();
        let pin = bytes.and_then(|bytes| bytes.try_into().ok());
        pin.map(Self).ok_or(NoKeyPin)
    }

    /// Of the SubjectPublicKeyInfo in DER.
    #[must_use]
    pub fn of(key: &[u8]) -> Self {
        Self(Sha256::digest(key).into())
    }
}

impl TryFrom<String> for KeyPin {
    type Error = NoKeyPin;

    fn try_from(text: String) -> Result<Self, NoKeyPin> {
        Self::parse(&text)
    }
}

impl From<KeyPin> for String {
    fn from(pin: KeyPin) -> Self {
        pin.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Distrust {
    /// What a failed handshake says of the server. `None`: the connection is gone, and nothing is said.
    pub(crate) fn of(error: &io::Error) -> Option<Self> {
        let error = error.get_ref()?.downcast_ref::<rustls::Error>()?;
        Some(match error {
            rustls::Error::InvalidCertificate(why) => Self::of_certificate(why),
            _ => Self::NoTls,
        })
    }

    fn of_certificate(why: &CertificateError) -> Self {
        match why {
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Self::OutOfDate,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Self::OtherName
            }
            CertificateError::Other(other) if other.0.is::<OtherKey>() => Self::OtherKey,
            _ => Self::UnknownIssuer,
        }
    }
}

fn configuration(authorities: &Arc<RootCertStore>, key: Option<KeyPin>) -> ClientConfig {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .expect("the provider speaks TLS 1.2 and 1.3");
    let pinned = key.and_then(|key| Some(Pinned::new(usual(authorities, provider)?, key)));
    let config = match pinned {
        // Without authorities nobody is believed, whatever their key.
        None => config.with_root_certificates(authorities.clone()),
        Some(pinned) => config
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(pinned)),
    };
    let mut config = config.with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

fn usual(
    authorities: &Arc<RootCertStore>,
    provider: Arc<CryptoProvider>,
) -> Option<Arc<WebPkiServerVerifier>> {
    WebPkiServerVerifier::builder_with_provider(authorities.clone(), provider)
        .build()
        .ok()
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, NoAuthority> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    let read: Vec<_> = read.map_err(|source| NoAuthority::File {
        path: path.to_owned(),
        source,
    })?;
    if read.is_empty() {
        return Err(NoAuthority::Empty(path.to_owned()));
    }
    Ok(read)
}

#[cfg(test)]
mod tests;

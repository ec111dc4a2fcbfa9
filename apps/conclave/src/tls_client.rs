//! TLS towards what the operator named: its certificate is checked against the system's authorities and the operator's.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

/// Who we are, for a peer that asks. Both PEM, the own certificate first.
#[derive(Clone, Copy)]
pub(crate) struct Identity<'a> {
    pub(crate) certificate: &'a Path,
    pub(crate) key: &'a Path,
}

/// Why no TLS can be spoken; one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum TlsClientError {
    #[error("the certificates in {} can't be read", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: pem::Error,
    },
    #[error("the certificates or the key can't be used")]
    Unusable(#[from] rustls::Error),
}

/// Speaks TLS 1.2 and 1.3. `authority`: PEM, beside what the system trusts.
pub(crate) fn connector(
    authority: Option<&Path>,
    identity: Option<Identity<'_>>,
) -> Result<TlsConnector, TlsClientError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = authority {
        for certificate in certificates(path)? {
            roots.add(certificate)?;
        }
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots);
    let config = match identity {
        None => config.with_no_client_auth(),
        Some(Identity { certificate, key }) => {
            let read = PrivateKeyDer::from_pem_file(key).map_err(failed(key))?;
            config.with_client_auth_cert(certificates(certificate)?, read)?
        }
    };
    Ok(TlsConnector::from(Arc::new(config)))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsClientError> {
    CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(failed(path))
}

fn failed(path: &Path) -> impl FnOnce(pem::Error) -> TlsClientError {
    let path = path.to_owned();
    move |source| TlsClientError::File { path, source }
}

//! A connection to a server: within TLS, or without it to this computer alone.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_tungstenite::tungstenite::http::Uri;

use crate::trust::{Distrust, Trust};

/// Bytes both ways.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// Where a server is, as its URL says.
pub(crate) struct ServerAddress {
    /// Without the brackets of an IPv6 address.
    pub(crate) host: String,
    pub(crate) port: u16,
    is_sealed: bool,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum Unreached {
    #[error("this is not the address of a server")]
    Address,
    #[error("the server could not be reached")]
    Network(#[from] io::Error),
    #[error("the server took too long")]
    Late,
    /// It may be another than the one that was meant.
    #[error("the server is not trusted")]
    Distrusted(#[from] Distrust),
}

/// For one address to answer, with TLS.
const OPENING_TIME: Duration = Duration::from_secs(10);

impl ServerAddress {
    /// Reads the scheme, host and port of `http`, `https`, `ws` or `wss`.
    pub(crate) fn of(url: &Uri) -> Result<Self, Unreached> {
        let is_sealed = match url.scheme_str() {
            Some("https" | "wss") => true,
            Some("http" | "ws") => false,
            _ => return Err(Unreached::Address),
        };
        let host = url.host().ok_or(Unreached::Address)?;
        let usual = if is_sealed { 443 } else { 80 };
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port_u16().unwrap_or(usual),
            is_sealed,
        })
    }

    /// Those that may be spoken with.
    pub(crate) async fn addresses(&self) -> Result<Vec<SocketAddr>, Unreached> {
        let found = lookup_host((self.host.as_str(), self.port)).await?;
        let mut found: Vec<_> = found.collect();
        if found.is_empty() {
            return Err(Unreached::Address);
        }
        found.retain(|address| self.is_sealed || address.ip().is_loopback());
        if found.is_empty() {
            return Err(Distrust::Plain.into());
        }
        Ok(found)
    }

    pub(crate) async fn connect(&self, trust: &Trust) -> Result<Box<dyn Wire>, Unreached> {
        let mut last = Unreached::Address;
        for address in self.addresses().await? {
            match timeout(OPENING_TIME, self.connect_to(address, trust)).await {
                Ok(Ok(wire)) => return Ok(wire),
                Ok(Err(unreached)) => last = unreached,
                Err(_) => last = Unreached::Late,
            }
            if matches!(last, Unreached::Distrusted(_)) {
                break;
            }
        }
        Err(last)
    }

    async fn connect_to(
        &self,
        address: SocketAddr,
        trust: &Trust,
    ) -> Result<Box<dyn Wire>, Unreached> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        if !self.is_sealed {
            return Ok(Box::new(stream));
        }
        let name = ServerName::try_from(self.host.clone()).map_err(|_| Unreached::Address)?;
        match trust.connector().connect(name, stream).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) => Err(Distrust::of(&error).map_or(Unreached::Network(error), Into::into)),
        }
    }
}

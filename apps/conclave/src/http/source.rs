//! Where a request comes from: the peer, or whom a trusted proxy names.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};

use conclave_protocol::factor::BrowserKind;
use conclave_protocol::meeting_session::ClientKind;

use super::problem::{INTERNAL, Refusal};
use crate::app::App;
use crate::config::Network;

/// The client's address, and its program's words about itself. Neither is logged.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) address: IpAddr,
    user_agent: Option<String>,
}

impl Source {
    #[cfg(test)]
    pub(crate) fn of_test() -> Self {
        Self {
            address: std::net::Ipv4Addr::LOCALHOST.into(),
            user_agent: None,
        }
    }

    /// What the browser says it is. Each but Firefox and Safari names others too (RFC 9110, 10.1.5, says why).
    pub(crate) fn browser(&self) -> BrowserKind {
        let text = self.user_agent.as_deref().unwrap_or_default();
        [
            ("Edg/", BrowserKind::Edge),
            ("Firefox/", BrowserKind::Firefox),
            ("Chrome/", BrowserKind::Chrome),
            ("Safari/", BrowserKind::Safari),
        ]
        .into_iter()
        .find_map(|(name, kind)| text.contains(name).then_some(kind))
        .unwrap_or(BrowserKind::Other)
    }

    /// What somebody joins with. Every browser begins so (its history: RFC 9110, 10.1.5), and no other program needs to.
    pub(crate) fn client(&self) -> ClientKind {
        let text = self.user_agent.as_deref().unwrap_or_default();
        if !text.starts_with("Mozilla/") {
            return ClientKind::Program;
        }
        match self.browser() {
            BrowserKind::Chrome => ClientKind::Chrome,
            BrowserKind::Edge => ClientKind::Edge,
            BrowserKind::Firefox => ClientKind::Firefox,
            BrowserKind::Safari => ClientKind::Safari,
            BrowserKind::Other => ClientKind::OtherBrowser,
        }
    }

    /// As the audit log keeps it: the network, and a hash.
    pub(crate) fn recorded(&self) -> conclave_audit::Source {
        let source = conclave_audit::Source::truncated(self.address);
        match &self.user_agent {
            Some(text) => source.with_user_agent(text),
            None => source,
        }
    }
}

impl FromRequestParts<App> for Source {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let address = find(
            &parts.extensions,
            &parts.headers,
            &app.config.trusted_proxies,
        );
        let user_agent = parts.headers.get(header::USER_AGENT);
        Ok(Self {
            address: address.ok_or(INTERNAL)?,
            user_agent: user_agent
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
        })
    }
}

/// The client's address; `None` for a request that came through no socket.
pub(super) fn address(request: &Request, trusted: &[Network]) -> Option<IpAddr> {
    find(request.extensions(), request.headers(), trusted)
}

fn find(extensions: &Extensions, headers: &HeaderMap, trusted: &[Network]) -> Option<IpAddr> {
    let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(client(peer.ip(), headers, trusted))
}

/// The nearest address that is not a trusted proxy's. What stands further left was written by strangers.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(*address));
    if !is_trusted(&peer) {
        return peer.to_canonical();
    }
    let named: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut nearest = peer;
    for text in named.iter().rev() {
        let Ok(address) = text.trim().parse() else {
            break;
        };
        nearest = address;
        if !is_trusted(&address) {
            break;
        }
    }
    nearest.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(of("192.0.2.1", "198.51.100.7"), "192.0.2.1");
    }

    #[test]
    fn a_trusted_proxy_names_the_client() {
        assert_eq!(of("10.0.0.1", "198.51.100.7"), "198.51.100.7");
        assert_eq!(of("10.0.0.1", "198.51.100.7, 10.0.0.2"), "198.51.100.7");
    }

    #[test]
    fn what_a_client_claims_of_itself_is_not_believed() {
        assert_eq!(of("10.0.0.1", "203.0.113.9, 198.51.100.7"), "198.51.100.7");
        assert_eq!(of("10.0.0.1", "nonsense"), "10.0.0.1");
    }

    fn of(peer: &str, forwarded: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        let trusted = [Network::parse("10.0.0.0/8").unwrap()];
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }
}

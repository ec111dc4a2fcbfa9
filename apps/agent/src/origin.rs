//! Which server is meant: its address, without a path.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// `https://host`, or `http://host:port` of this computer; written in one form only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a server's address is https:// and its name, and nothing else")]
pub struct NoOrigin;

impl Origin {
    /// Nothing but the address.
    pub fn parse(text: &str) -> Result<Self, NoOrigin> {
        let url = Url::parse(text.trim()).map_err(|_| NoOrigin)?;
        let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if is_bare {
            Self::of(&url)
        } else {
            Err(NoOrigin)
        }
    }

    /// Of something on it.
    pub fn of(url: &Url) -> Result<Self, NoOrigin> {
        let is_safe = url.scheme() == "https" || url.scheme() == "http" && is_local(url);
        let is_anonymous = url.username().is_empty() && url.password().is_none();
        (is_safe && is_anonymous)
            .then(|| Self(url.origin().ascii_serialization()))
            .ok_or(NoOrigin)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Of the WebSockets: `wss` where the address has `https`.
    pub fn of_sockets(&self) -> String {
        format!("ws{}", self.0.trim_start_matches("http"))
    }
}

impl TryFrom<String> for Origin {
    type Error = NoOrigin;

    fn try_from(text: String) -> Result<Self, NoOrigin> {
        Self::parse(&text)
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        for text in ["https://Meet.Example:443/", " https://meet.example "] {
            let origin = Origin::parse(text).unwrap();
            assert_eq!(origin.as_str(), "https://meet.example");
            assert_eq!(origin.of_sockets(), "wss://meet.example");
        }
        let here = Origin::parse("http://127.0.0.1:7880").unwrap();
        assert_eq!(here.of_sockets(), "ws://127.0.0.1:7880");
    }

    #[test]
    fn only_this_computer_is_spoken_with_in_the_open_and_nothing_is_hidden_in_an_address() {
        for text in [
            "",
            "meet.example",
            "http://meet.example",
            "http://localhost.example",
            "ftp://localhost",
            "https://meet.example@evil.example",
            "https://meet.example/path",
            "https://meet.example/?server=evil",
            "https://meet.example/#x",
        ] {
            assert_eq!(Origin::parse(text), Err(NoOrigin), "{text}");
        }
    }
}

//! The cookies of this server: opaque secrets, bound to this host, kept as hashes.

use axum::http::{HeaderMap, HeaderValue, header};
use std::time::Duration;

/// One of them, by its name.
pub(crate) struct Cookie(&'static str);

/// `__Host-`: browsers take it only with `Secure`, for `/`, and from this very host (RFC 6265bis, 4.1.3.2).
pub(crate) const SESSION: Cookie = Cookie("__Host-conclave");
/// Of a sign-in whose second factor is awaited.
pub(crate) const AWAITED: Cookie = Cookie("__Host-conclave-awaited");
/// Of a browser in which somebody has signed in before.
pub(crate) const DEVICE: Cookie = Cookie("__Host-conclave-device");

/// Of a browser whose page asked for a ticket.
pub(crate) const BROWSER: Cookie = Cookie("__Host-conclave-browser");

/// Of a browser that went to the identity provider.
pub(crate) const TRIP: Cookie = Cookie("__Host-conclave-trip");

impl Cookie {
    /// The secret that the request carries.
    pub(crate) fn read(self, headers: &HeaderMap) -> Option<&str> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|text| text.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(name, value)| (name == self.0).then_some(value))
    }

    pub(crate) fn set(self, secret: &str, lasts: Duration) -> Option<HeaderValue> {
        self.header(secret, lasts.as_secs())
    }

    pub(crate) fn clear(self) -> Option<HeaderValue> {
        self.header("", 0)
    }

    fn header(self, value: &str, max_age: u64) -> Option<HeaderValue> {
        let Self(name) = self;
        let text =
            format!("{name}={value}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite=Lax");
        let mut header = HeaderValue::from_str(&text).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_found_among_others() {
        let mut headers = HeaderMap::new();
        let cookies = "a=b; __Host-conclave-device=uvw; __Host-conclave=xyz; c=d";
        headers.insert(header::COOKIE, cookies.parse().unwrap());

        assert_eq!(SESSION.read(&headers), Some("xyz"));
        assert_eq!(DEVICE.read(&headers), Some("uvw"));
        assert_eq!(AWAITED.read(&headers), None);
    }

    #[test]
    fn is_for_this_host_and_no_script() {
        let header = SESSION.set("xyz", Duration::from_secs(60)).unwrap();

        assert_eq!(
            header.to_str().unwrap(),
            "__Host-conclave=xyz; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax"
        );
    }
}

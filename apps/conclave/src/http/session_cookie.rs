//! The session's cookie: an opaque secret, bound to this host, kept as a hash.

use axum::http::{HeaderMap, HeaderValue, header};
use std::time::Duration;

/// `__Host-`: browsers take it only with `Secure`, for `/`, and from this very host (RFC 6265bis, 4.1.3.2).
const NAME: &str = "__Host-conclave";

/// The secret that the request carries.
pub(crate) fn read(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == NAME).then_some(value))
}

pub(crate) fn set(secret: &str, lasts: Duration) -> Option<HeaderValue> {
    cookie(secret, lasts.as_secs())
}

pub(crate) fn clear() -> Option<HeaderValue> {
    cookie("", 0)
}

fn cookie(value: &str, max_age: u64) -> Option<HeaderValue> {
    let text = format!("{NAME}={value}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite=Lax");
    let mut header = HeaderValue::from_str(&text).ok()?;
    header.set_sensitive(true);
    Some(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            "a=b; __Host-conclave=xyz; c=d".parse().unwrap(),
        );

        assert_eq!(read(&headers), Some("xyz"));
    }

    #[test]
    fn is_for_this_host_and_no_script() {
        let header = set("xyz", Duration::from_secs(60)).unwrap();

        assert_eq!(
            header.to_str().unwrap(),
            "__Host-conclave=xyz; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax"
        );
    }
}

//! The browser that a page's tickets are good in: known by a cookie, for as long as a meeting may last.
//!
//! # Security
//!
//! LiveKit's clients carry a ticket in an address, and addresses are written down, by proxies for one. Whoever reads one there
//! has no cookie of the browser that it was made for, which a script can't read either. The cookie by itself opens nothing, and
//! nothing is kept of it here: its hash is in the ticket, under the ticket's signature. Programs and browsers that send no
//! cookie have tickets that are bound to none.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::AppendHeaders;
use conclave_store::TokenHash;

use super::cookie;
use crate::secret::{self, NoRandomness};

/// What an answer has a browser keep.
pub(super) type Kept = AppendHeaders<Option<(HeaderName, HeaderValue)>>;

/// Which browser shows a ticket.
pub(crate) fn showing(headers: &HeaderMap) -> Option<TokenHash> {
    known(headers).map(secret::hash)
}

/// Which browser a page asks from. `None` of a program: whether it has a jar for cookies says nothing of what connects.
pub(super) fn asking(headers: &HeaderMap) -> Option<TokenHash> {
    showing(headers).filter(|_| is_page(headers))
}

/// The page's browser is known again: by what it has, or by a fresh secret.
pub(super) fn remember(headers: &HeaderMap) -> Result<Kept, NoRandomness> {
    if !is_page(headers) {
        return Ok(AppendHeaders(None));
    }
    let secret = match known(headers) {
        Some(known) => known.to_owned(),
        None => secret::fresh()?.0,
    };
    let cookie = cookie::BROWSER.set(&secret, LASTS);
    Ok(AppendHeaders(
        cookie.map(|cookie| (header::SET_COOKIE, cookie)),
    ))
}

fn known(headers: &HeaderMap) -> Option<&str> {
    cookie::BROWSER
        .read(headers)
        .filter(|known| known.len() == LENGTH)
}

/// Browsers alone say so, and no script can (Fetch Metadata).
fn is_page(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "same-origin")
}

/// No meeting lasts longer, as the product is shipped; each ticket begins it anew.
const LASTS: Duration = Duration::from_secs(24 * 60 * 60);
/// Of a fresh secret's text.
const LENGTH: usize = 43;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_keeps_what_it_has_and_a_program_is_given_nothing() {
        let secret = "x".repeat(LENGTH);
        let cookie = format!("__Host-conclave-browser={secret}");
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookie.parse().unwrap());

        assert!(remember(&headers).unwrap().0.is_none());
        assert!(asking(&headers).is_none());
        headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
        let (_, kept) = remember(&headers).unwrap().0.unwrap();
        assert!(kept.to_str().unwrap().starts_with(&cookie));
        assert!(asking(&headers) == Some(secret::hash(&secret)));
        let short = "__Host-conclave-browser=x".parse().unwrap();
        headers.insert(header::COOKIE, short);
        assert!(asking(&headers).is_none() && showing(&headers).is_none());
    }
}

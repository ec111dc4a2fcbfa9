//! A resource as an answer, and the version of it that somebody wants to change.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use conclave_audit::Hex;
use conclave_protocol::scim::answer::Meta;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::MEDIA_TYPE;

/// What SCIM answers with.
pub(super) struct Scim<T>(pub(super) T);

impl<T: Serialize> IntoResponse for Scim<T> {
    fn into_response(self) -> Response {
        let Self(body) = self;
        let text = serde_json::to_vec(&body).unwrap_or_default();
        let media_type = HeaderValue::from_static(MEDIA_TYPE);
        ([(header::CONTENT_TYPE, media_type)], text).into_response()
    }
}

/// One resource, with its place and version in headers too.
pub(super) fn answer(status: StatusCode, meta: &Meta, body: impl Serialize) -> Response {
    let mut response = (status, Scim(body)).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::ETAG, &meta.version),
        (header::LOCATION, &meta.location),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}

/// A weak tag: the same words have the same, whenever they are said.
pub(super) fn version<'a>(words: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for word in words {
        hash.update(word.len().to_be_bytes());
        hash.update(word);
    }
    let hash: [u8; 32] = hash.finalize().into();
    let (short, _) = hash.split_at(8);
    let mut kept = [0; 8];
    kept.copy_from_slice(short);
    format!("W/\"{}\"", Hex(kept))
}

/// Whether a request names this version, or none (RFC 9110, 13.1.1; RFC 7644, 3.14, has weak tags).
pub(super) fn is_wanted(headers: &HeaderMap, version: &str) -> bool {
    let Some(named) = headers.get(header::IF_MATCH) else {
        return true;
    };
    let named = named.to_str().unwrap_or_default().split(',').map(str::trim);
    let bare = |tag: &str| tag.trim_start_matches("W/").to_owned();
    named
        .into_iter()
        .any(|tag| tag == "*" || bare(tag) == bare(version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_of_its_words_and_where_they_end() {
        let of = |words: &[&'static str]| version(words.iter().map(|word| word.as_bytes()));

        assert_eq!(of(&["a", "b"]), of(&["a", "b"]));
        assert_ne!(of(&["a", "b"]), of(&["ab", ""]));
    }

    #[test]
    fn only_the_version_that_somebody_read_is_changed() {
        let tag = version([b"a".as_slice()]);
        let named = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_MATCH, value.parse().unwrap());
            is_wanted(&headers, &tag)
        };

        assert!(is_wanted(&HeaderMap::new(), &tag));
        assert!(named(&tag) && named("*") && named(tag.trim_start_matches("W/")));
        assert!(named(&format!("\"x\", {tag}")));
        assert!(!named("\"x\"") && !named(""));
    }
}

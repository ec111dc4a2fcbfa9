//! The host and port that a request is for: HTTP/1's `Host`, or HTTP/2's `:authority`.

use axum::extract::Request;
use axum::http::header;

/// Browsers send one of the two; where both come, they are to be the same (RFC 9113, 8.3.1).
pub(super) fn of(request: &Request) -> Option<&str> {
    let host = request.headers().get(header::HOST);
    match host {
        Some(host) => host.to_str().ok(),
        None => request
            .uri()
            .authority()
            .map(|authority| authority.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn either_version_of_http_names_its_host() {
        let first = Request::builder()
            .uri("/session")
            .header("host", "meet.example")
            .body(Body::empty());
        let second = Request::builder()
            .uri("https://meet.example/session")
            .body(Body::empty());

        for request in [first, second] {
            assert_eq!(of(&request.unwrap()), Some("meet.example"));
        }
    }
}

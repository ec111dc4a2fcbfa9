//! Refuses what pages of other sites make a browser send.
//!
//! Browsers send `Origin` with every unsafe request and every WebSocket, and `Sec-Fetch-Site`
//! with every request to a secure origin. A request with a cookie and neither header is refused
//! too: no browser of the last years sends one.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::CROSS_SITE;
use crate::app::App;
use crate::config::PublicUrl;

pub(super) async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let harmless = is_safe(request.method()) && !request.headers().contains_key(header::UPGRADE);
    if harmless || is_own(request.headers(), app.config.public_url.as_ref()) {
        next.run(request).await
    } else {
        CROSS_SITE.into_response()
    }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn is_own(headers: &HeaderMap, public_url: Option<&PublicUrl>) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let origin = text(header::ORIGIN);
    let same_site = site.is_none_or(|site| matches!(site, "same-origin" | "none"));
    let same_origin = origin.is_none_or(|origin| is_ours(origin, text(header::HOST), public_url));
    let silent = site.is_none() && origin.is_none();
    same_site && same_origin && !(silent && headers.contains_key(header::COOKIE))
}

/// The configured origin, or the host that the request itself is for.
fn is_ours(origin: &str, host: Option<&str>, public_url: Option<&PublicUrl>) -> bool {
    let authority = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    let of_host = authority.is_some() && authority == host;
    of_host || public_url.is_some_and(|url| url.origin() == origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_pages_and_programs_pass() {
        assert!(passes(&[
            ("origin", "https://meet.example"),
            ("host", "meet.example")
        ]));
        assert!(passes(&[
            ("origin", "https://meet.example"),
            ("host", "meet.example"),
            ("sec-fetch-site", "same-origin"),
            ("cookie", "a=b")
        ]));
        assert!(passes(&[("host", "meet.example")]));
        assert!(passes(&[
            ("origin", "https://public.example"),
            ("host", "inner:7880")
        ]));
    }

    #[test]
    fn pages_of_other_sites_do_not() {
        for headers in [
            &[("origin", "https://evil.example"), ("host", "meet.example")][..],
            &[("origin", "null"), ("host", "meet.example")],
            &[
                ("origin", "https://meet.example.evil.example"),
                ("host", "meet.example"),
            ],
            &[("sec-fetch-site", "cross-site"), ("host", "meet.example")],
            &[
                ("sec-fetch-site", "same-site"),
                ("origin", "https://meet.example"),
                ("host", "meet.example"),
            ],
            &[("cookie", "a=b"), ("host", "meet.example")],
        ] {
            assert!(!passes(headers), "{headers:?}");
        }
    }

    fn passes(headers: &[(&'static str, &str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        let public = PublicUrl::parse("https://public.example");
        is_own(&headers.collect(), public.as_ref())
    }
}

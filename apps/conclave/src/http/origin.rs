//! Refuses what pages of other sites make a browser send.
//!
//! Browsers send `Origin` with every unsafe request and every WebSocket, and `Sec-Fetch-Site`
//! with every request to a secure origin. A request with a cookie and neither header is refused
//! too: no browser of the last years sends one.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use conclave_audit::{Actor, Code, Event};

use super::authority;
use super::occasion::Occasion;
use super::problem::{CROSS_SITE, Refusal};
use crate::app::App;
use crate::config::PublicUrl;

pub(super) async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let harmless = is_safe(request.method()) && !request.headers().contains_key(header::UPGRADE);
    let own = Own {
        authority: authority::of(&request),
        public: app.config.public_url.as_ref().map(PublicUrl::origin),
        tls: app.config.tls.is_some(),
    };
    if harmless || own.sent(request.headers()) {
        next.run(request).await
    } else {
        refuse(&app, request).await
    }
}

async fn refuse(app: &App, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    match record(app, &mut parts).await {
        Ok(()) => CROSS_SITE.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// Whose browser it was is not asked: whoever wrote the page is somebody else.
async fn record(app: &App, parts: &mut Parts) -> Result<(), Refusal> {
    let occasion = Occasion::from_request_parts(parts, app).await?;
    let to = Code::new("server");
    let entry = occasion.entry(None, Actor::Anonymous, Event::AccessRefused { to })?;
    let refused = entry.refused(Code::new("cross_site"));
    app.record_strangers(&occasion, refused).await;
    Ok(())
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// What this server's own pages can be told by.
struct Own<'a> {
    /// The host that the request itself is for.
    authority: Option<&'a str>,
    /// The configured origin.
    public: Option<&'a str>,
    tls: bool,
}

impl Own<'_> {
    fn sent(&self, headers: &HeaderMap) -> bool {
        let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or(""));
        let site = text(HeaderName::from_static("sec-fetch-site"));
        let origin = text(header::ORIGIN);
        let same_site = site.is_none_or(|site| matches!(site, "same-origin" | "none"));
        let same_origin = origin.is_none_or(|origin| self.is_ours(origin));
        let silent = site.is_none() && origin.is_none();
        same_site && same_origin && !(silent && headers.contains_key(header::COOKIE))
    }

    /// An `http` page of a host that is served by `https` was written by whoever sits in between.
    fn is_ours(&self, origin: &str) -> bool {
        let host = match (
            origin.strip_prefix("https://"),
            origin.strip_prefix("http://"),
        ) {
            (Some(host), _) => Some(host),
            (None, Some(host)) => Some(host).filter(|host| !self.is_secure(host)),
            (None, None) => None,
        };
        (host.is_some() && host == self.authority) || self.public == Some(origin)
    }

    fn is_secure(&self, host: &str) -> bool {
        let public = self
            .public
            .and_then(|origin| origin.strip_prefix("https://"));
        self.tls || public == Some(host)
    }
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

    #[test]
    fn a_page_without_tls_is_no_own_page_of_a_host_with_it() {
        let page = [("origin", "http://meet.example"), ("host", "meet.example")];
        assert!(passes_with(false, &page));
        assert!(!passes_with(true, &page));
        assert!(!passes(&[
            ("origin", "http://public.example"),
            ("host", "public.example")
        ]));
    }

    fn passes(headers: &[(&'static str, &str)]) -> bool {
        passes_with(false, headers)
    }

    fn passes_with(tls: bool, headers: &[(&'static str, &str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        let headers: HeaderMap = headers.collect();
        let own = Own {
            authority: headers.get("host").and_then(|host| host.to_str().ok()),
            public: Some("https://public.example"),
            tls,
        };
        own.sent(&headers)
    }
}

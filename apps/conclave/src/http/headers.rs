//! Headers that keep browsers from doing what nobody asked them to.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;

/// On every answer.
pub(super) async fn always(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "no-referrer");
    set(headers, ROBOTS, "noindex");
    if app.config.tls.is_some() {
        let two_years = "max-age=63072000";
        set(headers, header::STRICT_TRANSPORT_SECURITY, two_years);
    }
    response
}

/// On the API's answers: they are about persons, and for nobody else. What is not says so itself.
pub(super) async fn of_api(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    set(headers, CORP, "same-origin");
    response
}

/// On the application's pages. `host` is the request's own, for the WebSockets' origin: not every
/// browser counts them to 'self'. End-to-end encryption is WebAssembly, which needs a word of its own;
/// text does not become script.
pub(super) fn of_page(headers: &mut HeaderMap, host: Option<&str>) {
    let sockets = match host.filter(|host| is_plain(host)) {
        Some(host) => format!(" ws://{host} wss://{host}"),
        None => String::new(),
    };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: blob:; font-src 'self'; media-src 'self' blob:; worker-src 'self'; \
         manifest-src 'self'; \
         connect-src 'self'{sockets}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    set(headers, header::X_FRAME_OPTIONS, "DENY");
    set(headers, COOP, "same-origin");
    set(headers, COEP, "require-corp");
    set(headers, CORP, "same-origin");
    set(headers, PERMISSIONS, ALLOWED_FEATURES);
}

fn is_plain(host: &str) -> bool {
    host.chars()
        .all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c))
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}

/// What no standard names, and every large crawler obeys.
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const COEP: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
const ALLOWED_FEATURES: &str = "camera=(self), microphone=(self), display-capture=(self), \
    fullscreen=(self), autoplay=(self), picture-in-picture=(self), screen-wake-lock=(self), \
    geolocation=(), payment=(), usb=(), serial=(), midi=(), browsing-topics=()";

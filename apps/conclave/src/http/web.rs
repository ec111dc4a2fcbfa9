//! The browser application, built into the program.

mod digest;

use std::borrow::Cow;

use axum::Router;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

use super::authority;
use super::headers;
use super::problem::NOT_FOUND;
use crate::app::App;
pub(crate) use digest::application_digest;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// The application's own addresses, each answered with its one page, and its files.
pub(super) fn router() -> Router<App> {
    PAGES
        .iter()
        .fold(Router::new(), |router, path| router.route(path, get(page)))
        .route("/assets/{*path}", get(asset))
        .route("/{file}", get(file))
}

const PAGES: &[&str] = &[
    "/",
    "/sign-in",
    "/signed-in",
    "/setup",
    "/account",
    "/meet",
    "/meet/{*rest}",
    "/j/{code}",
    "/invited",
    "/requested",
    "/reset",
    "/email",
    "/forgot",
    "/ask",
    "/help",
    "/support",
    "/support/{session}",
    "/emergency",
    "/emergency/{*rest}",
    "/admin/{*rest}",
];

async fn page(request: Request) -> Response {
    page_for(&request)
}

/// What is not there: the page says so to whoever looks at an address in a browser, a problem to programs.
pub(super) async fn nothing_here(request: Request) -> Response {
    let accepts = request.headers().get(header::ACCEPT);
    let accepts = accepts.and_then(|accepts| accepts.to_str().ok());
    let looks = matches!(*request.method(), Method::GET | Method::HEAD)
        && accepts.is_some_and(|accepts| accepts.contains("text/html"));
    if !looks {
        return NOT_FOUND.into_response();
    }
    let mut response = page_for(&request);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

fn page_for(request: &Request) -> Response {
    let mut response = match Form::of("index.html", request.headers()) {
        Some(form) => form.into_response(),
        None => {
            "Conclave. This server was built without its browser application.\n".into_response()
        }
    };
    headers::of_page(response.headers_mut(), authority::of(request));
    cache(&mut response, "no-cache");
    response
}

/// Their names change with their contents.
async fn asset(Path(path): Path<String>, accepted: HeaderMap) -> Response {
    let caching = "public, max-age=31536000, immutable";
    found(&format!("assets/{path}"), &accepted, caching)
}

async fn file(Path(path): Path<String>, request: Request) -> Response {
    match Files::get(&path) {
        Some(_) => found(&path, request.headers(), "no-cache"),
        None => nothing_here(request).await,
    }
}

fn found(path: &str, accepted: &HeaderMap, caching: &'static str) -> Response {
    let Some(form) = Form::of(path, accepted).filter(|_| path != "index.html") else {
        return NOT_FOUND.into_response();
    };
    let mut response = form.into_response();
    headers::of_page(response.headers_mut(), None);
    cache(&mut response, caching);
    response
}

/// A file as one client takes it: the build laid smaller forms beside it.
struct Form {
    media_type: String,
    /// The content coding, where it is not the file itself (RFC 9110, section 8.4.1).
    coding: Option<&'static str>,
    bytes: Cow<'static, [u8]>,
}

impl Form {
    fn of(path: &str, accepted: &HeaderMap) -> Option<Self> {
        let plain = Files::get(path)?;
        let small = CODINGS
            .into_iter()
            .filter(|(coding, _)| takes(accepted, coding))
            .find_map(|(coding, ending)| Some((coding, Files::get(&format!("{path}.{ending}"))?)));
        let (coding, bytes) = match small {
            Some((coding, file)) => (Some(coding), file.data),
            None => (None, plain.data),
        };
        let media_type = plain.metadata.mimetype();
        let media_type = if media_type == "text/html" {
            HTML
        } else {
            media_type
        };
        Some(Self {
            media_type: media_type.to_owned(),
            coding,
            bytes,
        })
    }
}

impl IntoResponse for Form {
    fn into_response(self) -> Response {
        let mut response = self.bytes.into_response();
        let headers = response.headers_mut();
        if let Ok(media_type) = HeaderValue::from_str(&self.media_type) {
            headers.insert(header::CONTENT_TYPE, media_type);
        }
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(coding) = self.coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }
}

/// The smallest first.
const CODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

/// Whether the client names the coding and does not refuse it (RFC 9110, section 12.5.3).
fn takes(accepted: &HeaderMap, coding: &str) -> bool {
    let values = accepted.get_all(header::ACCEPT_ENCODING).into_iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|entry| {
            let (name, weight) = entry.split_once(';').unwrap_or((entry, "q=1"));
            let weight = weight.trim().strip_prefix("q=").map(str::parse::<f32>);
            name.trim().eq_ignore_ascii_case(coding)
                && weight.is_some_and(|weight| weight.is_ok_and(|weight| weight > 0.0))
        })
}

fn cache(response: &mut Response, caching: &'static str) {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
}

const HTML: &str = "text/html; charset=utf-8";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_taken_by_who_names_it_and_does_not_refuse_it() {
        let takes_brotli = |value: &'static str| {
            let accepted = [(header::ACCEPT_ENCODING, HeaderValue::from_static(value))];
            takes(&HeaderMap::from_iter(accepted), "br")
        };

        for value in ["br", "gzip, deflate, br, zstd", "gzip;q=0.5, BR;q=0.1"] {
            assert!(takes_brotli(value), "{value}");
        }
        for value in ["", "gzip", "br;q=0", "br;q=none", "brotli", "*"] {
            assert!(!takes_brotli(value), "{value}");
        }
    }
}

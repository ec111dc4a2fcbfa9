//! The browser application, built into the program.

use axum::Router;
use axum::extract::{Path, Request};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

use super::authority;
use super::headers;
use super::problem::NOT_FOUND;
use crate::app::App;

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
    "/setup",
    "/account",
    "/meet",
    "/meet/{*rest}",
    "/j/{code}",
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
    let mut response = match Files::get("index.html") {
        Some(file) => ([(header::CONTENT_TYPE, HTML)], file.data).into_response(),
        None => {
            "Conclave. This server was built without its browser application.\n".into_response()
        }
    };
    headers::of_page(response.headers_mut(), authority::of(request));
    cache(&mut response, "no-cache");
    response
}

/// Their names change with their contents.
async fn asset(Path(path): Path<String>) -> Response {
    found(
        &format!("assets/{path}"),
        "public, max-age=31536000, immutable",
    )
}

async fn file(Path(path): Path<String>, request: Request) -> Response {
    match Files::get(&path) {
        Some(_) => found(&path, "no-cache"),
        None => nothing_here(request).await,
    }
}

fn found(path: &str, caching: &'static str) -> Response {
    let Some(file) = Files::get(path).filter(|_| path != "index.html") else {
        return NOT_FOUND.into_response();
    };
    let media_type = HeaderValue::from_str(file.metadata.mimetype());
    let mut response = (StatusCode::OK, file.data).into_response();
    if let Ok(media_type) = media_type {
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, media_type);
    }
    headers::of_page(response.headers_mut(), None);
    cache(&mut response, caching);
    response
}

fn cache(response: &mut Response, caching: &'static str) {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
}

const HTML: &str = "text/html; charset=utf-8";

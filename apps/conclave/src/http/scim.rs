//! SCIM 2.0 at `/scim/v2`: how an organisation's directory brings people and takes them away (RFC 7643, RFC 7644).
//!
//! It asks by the key of a program with the scope `scim`. What it may is decided in policy (`directory`), and again inside
//! of each transaction. Refusals have SCIM's shape, with this server's stable code beside.

mod body;
mod discovery;
mod groups;
mod page;
mod provisioner;
mod resource;
mod users;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use conclave_protocol::problem::Problem;
use conclave_protocol::scim::answer::Error;

use super::problem::{METHOD_NOT_ALLOWED, NOT_FOUND};
use super::{headers, pace};
use crate::app::App;

pub(super) fn router(app: &App) -> Router<App> {
    let users = get(users::list::handle).post(users::create::handle);
    let user = get(users::read::handle)
        .put(users::change::replace)
        .patch(users::change::patch)
        .delete(users::remove::handle);
    let groups = get(groups::list::handle).post(groups::create::handle);
    let group = get(groups::read::handle)
        .put(groups::change::replace)
        .patch(groups::change::patch)
        .delete(groups::remove::handle);
    let scim = Router::new()
        .route("/ServiceProviderConfig", get(discovery::config))
        .route("/ResourceTypes", get(discovery::resource_types))
        .route("/Schemas", get(discovery::schemas))
        .route("/Users", users)
        .route("/Users/{user}", user)
        .route("/Groups", groups)
        .route("/Groups/{group}", group)
        .fallback(async || NOT_FOUND.into_response())
        .method_not_allowed_fallback(async || METHOD_NOT_ALLOWED.into_response())
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(app.clone(), pace::keep))
        .layer(from_fn(headers::of_api))
        .layer(from_fn(in_its_words));
    Router::new().nest(BASE, scim)
}

/// Says every refusal as SCIM does (RFC 7644, 3.12).
async fn in_its_words(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let media_type = response.headers().get(header::CONTENT_TYPE);
    if media_type.is_none_or(|media_type| media_type != "application/problem+json") {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST_PROBLEM).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let Ok(problem) = serde_json::from_slice::<Problem>(&bytes) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let kind = scim_type(&problem.code);
    let error = Error::new(problem.status, kind, problem.detail, problem.code);
    let text = serde_json::to_vec(&error).unwrap_or_default();
    let media_type = HeaderValue::from_static(MEDIA_TYPE);
    parts.headers.insert(header::CONTENT_TYPE, media_type);
    parts.headers.remove(header::CONTENT_LENGTH);
    if parts.status == StatusCode::UNAUTHORIZED {
        let scheme = HeaderValue::from_static("Bearer");
        parts.headers.insert(header::WWW_AUTHENTICATE, scheme);
    }
    (parts, text).into_response()
}

/// What a refusal is called in RFC 7644, 3.12, where it has a name there.
fn scim_type(code: &str) -> Option<&'static str> {
    Some(match code {
        "scim_filter" => "invalidFilter",
        "scim_syntax" => "invalidSyntax",
        "scim_path" => "invalidPath",
        "scim_value" => "invalidValue",
        "scim_mutability" => "mutability",
        "account_exists" | "external_id_taken" | "group_name_taken" => "uniqueness",
        _ => return None,
    })
}

/// Where it is, below the server's own address.
const BASE: &str = "/scim/v2";
const MEDIA_TYPE: &str = "application/scim+json";
/// A thousand members, with room for their names.
const LARGEST_BODY: usize = 256 * 1_024;
const LARGEST_PROBLEM: usize = 16 * 1_024;

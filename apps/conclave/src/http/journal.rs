//! One log line and one count for each request, without anything of a person in them.
//!
//! The path is logged as its route's template: a meeting's code is as good as a name.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use super::occasion::RequestId;
use crate::app::App;
use crate::id;

pub(super) async fn keep(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = id::fresh(app.clock.now()).unwrap_or_default();
    request.extensions_mut().insert(RequestId(id));
    let method = known(request.method());
    let path = request.extensions().get::<MatchedPath>().cloned();
    let route = path.as_ref().map_or("none", MatchedPath::as_str);
    let span = tracing::info_span!("request", %id, method, route);
    let response = next.run(request).instrument(span.clone()).await;
    let (status, took) = (response.status().as_u16(), started.elapsed());
    app.requests.count(method, route, status, took);
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::debug!(status, milliseconds, "answered"));
    response
}

/// Strangers can invent methods; figures must not grow with them.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

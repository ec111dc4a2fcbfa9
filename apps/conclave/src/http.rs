//! The HTTP surface: Conclave's own API, the browser application, LiveKit's routes, the probes.

mod account;
mod authority;
mod body;
mod command;
mod headers;
mod journal;
mod meetings;
pub(crate) mod occasion;
mod origin;
pub(crate) mod pace;
mod present;
mod probes;
pub mod problem;
mod repeatable;
mod server_info;
mod session;
mod session_cookie;
mod setup;
mod signed_in;
pub(crate) mod source;
mod web;

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::livekit::{self, LiveKit};
pub(crate) use web::application_digest;

/// Everything on the main listener.
pub(crate) fn router(app: App, livekit: LiveKit) -> Router {
    let (api, description) = api().split_for_parts();
    let description = Description::print(&description);
    let api = api
        .route(
            "/api/v1/openapi.json",
            get(async move || ([JSON], description.clone())),
        )
        .route("/api/{*rest}", any(nothing_here))
        .layer(from_fn_with_state(app.clone(), pace::keep))
        .layer(from_fn(headers::of_api));
    Router::new()
        .merge(web::router())
        .merge(api)
        .merge(probes::router())
        .method_not_allowed_fallback(wrong_method)
        .fallback(web::nothing_here)
        .layer(DefaultBodyLimit::max(app.config.limits.body))
        .layer(from_fn_with_state(app.clone(), origin::check))
        .layer(from_fn_with_state(app.clone(), in_time))
        .with_state(app.clone())
        .merge(livekit::router(livekit))
        .layer(CatchPanicLayer::custom(our_mistake))
        .layer(from_fn_with_state(app.clone(), headers::always))
        .layer(from_fn_with_state(app, journal::keep))
}

/// `/metrics` and the probes, on the admin listener.
pub(crate) fn admin_router(app: App) -> Router {
    Router::new()
        .merge(probes::router())
        .merge(probes::metrics_router())
        .with_state(app)
}

/// The OpenAPI description of `/api/v1`, as indented JSON.
pub fn openapi() -> String {
    let (_, description) = api().split_for_parts();
    Description::print(&description)
}

fn api() -> OpenApiRouter<App> {
    let endpoints = OpenApiRouter::new()
        .routes(routes!(server_info::handle))
        .routes(routes!(setup::handle))
        .routes(routes!(
            session::sign_in::handle,
            session::read::handle,
            session::sign_out::handle
        ))
        .merge(vault())
        .routes(routes!(meetings::create::handle, meetings::list::handle))
        .routes(routes!(meetings::read::handle))
        .routes(routes!(meetings::join::handle))
        .routes(routes!(meetings::ticket::handle))
        .routes(routes!(meetings::leave::handle))
        .routes(routes!(meetings::end::handle))
        .routes(routes!(meetings::admit::handle))
        .routes(routes!(meetings::admit_all::handle))
        .routes(routes!(meetings::deny::handle))
        .routes(routes!(meetings::expel::handle))
        .routes(routes!(meetings::mute::handle))
        .routes(routes!(meetings::mute_all::handle))
        .routes(routes!(meetings::stop_video::handle))
        .routes(routes!(meetings::ask_to_unmute::handle))
        .routes(routes!(meetings::make_co_host::handle))
        .routes(routes!(meetings::take_back_co_host::handle))
        .routes(routes!(meetings::lock_sharing::handle))
        .routes(routes!(meetings::unlock_sharing::handle))
        .routes(routes!(meetings::hand_over::handle))
        .routes(routes!(meetings::lock::handle))
        .routes(routes!(meetings::unlock::handle))
        .routes(routes!(meetings::devices::handle))
        .routes(routes!(meetings::channel::handle));
    OpenApiRouter::with_openapi(<Description as utoipa::OpenApi>::openapi())
        .nest("/api/v1", endpoints)
}

/// A vault is larger than other bodies may be.
fn vault() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(
            account::read_vault::handle,
            account::change_vault::handle
        ))
        .layer(DefaultBodyLimit::max(account::LARGEST_BODY))
        .routes(routes!(account::ask::handle))
        .routes(routes!(account::end_request::handle))
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Conclave",
        description = "Meetings: accounts, codes, lobbies, participants and tickets.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(
        conclave_protocol::channel::Upstream,
        conclave_protocol::channel::Downstream
    )),
    modifiers(&Credentials)
)]
struct Description;

impl Description {
    fn print(description: &OpenApi) -> String {
        description.to_pretty_json().unwrap_or_default()
    }
}

/// How requests prove who sends them.
struct Credentials;

impl utoipa::Modify for Credentials {
    fn modify(&self, description: &mut OpenApi) {
        use utoipa::openapi::security::{
            ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme,
        };

        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let cookie = ApiKey::Cookie(ApiKeyValue::new("__Host-conclave"));
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("participant", SecurityScheme::Http(bearer));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

/// Answers in time, or says that it did not. A WebSocket's upgrade is an answer.
async fn in_time(State(app): State<App>, request: Request, next: Next) -> Response {
    let limit: Duration = app.config.limits.request_time;
    let answer = tokio::time::timeout(limit, next.run(request)).await;
    answer.unwrap_or_else(|_| problem::REQUEST_TIMEOUT.into_response())
}

async fn nothing_here() -> Response {
    problem::NOT_FOUND.into_response()
}

async fn wrong_method() -> Response {
    problem::METHOD_NOT_ALLOWED.into_response()
}

/// The panic's words may hold what a person typed; its place in the code is logged by the panic hook.
fn our_mistake(_: Box<dyn Any + Send>) -> Response {
    problem::INTERNAL.into_response()
}

const JSON: (axum::http::HeaderName, &str) = (axum::http::header::CONTENT_TYPE, "application/json");

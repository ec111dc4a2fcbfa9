//! The HTTP surface: Conclave's own API, LiveKit's routes, the probes.

mod probes;
pub mod problem;
mod server_info;

use axum::Router;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::livekit::{self, LiveKit};
use crate::server::App;

/// Everything on the main listener.
pub(crate) fn router(app: App, livekit: LiveKit) -> Router {
    let (api, _) = api().split_for_parts();
    Router::new()
        .merge(api)
        .merge(probes::router())
        .with_state(app)
        .merge(livekit::router(livekit))
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
    description.to_pretty_json().unwrap_or_default()
}

fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Description::openapi()).nest(
        "/api/v1",
        OpenApiRouter::new().routes(routes!(server_info::read)),
    )
}

#[derive(OpenApi)]
#[openapi(info(
    title = "Conclave",
    description = "Meetings: accounts, codes, lobbies, participants and tickets.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Description;

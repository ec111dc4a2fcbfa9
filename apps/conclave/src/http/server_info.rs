//! `GET /api/v1/server`: what anybody may know about this server.

use axum::Json;
use axum::extract::State;
use conclave_protocol::server::ServerInfo;

use crate::server::App;

/// What anybody may know about this server.
#[utoipa::path(get, path = "/server", tag = "server", responses((status = 200, body = ServerInfo)))]
pub(super) async fn read(State(app): State<App>) -> Json<ServerInfo> {
    Json(ServerInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        needs_owner: app.needs_owner(),
        dev: app.config().dev,
    })
}

//! `GET /api/v1/server`: what anybody may know about this server.

use axum::Json;
use axum::extract::State;
use conclave_protocol::server::ServerInfo;

use super::problem::Refusal;
use super::support::requests::is_open;
use crate::app::App;

/// What anybody may know about this server.
#[utoipa::path(
    get,
    operation_id = "readServer",
    path = "/server",
    tag = "server",
    responses((status = 200, body = ServerInfo))
)]
pub(super) async fn handle(State(app): State<App>) -> Result<Json<ServerInfo>, Refusal> {
    Ok(Json(ServerInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        needs_owner: !app.store.owner_exists().await?,
        dev: app.config.dev,
        external_sender: app.external_sender.clone(),
        sends_mail: app.mail.is_some(),
        takes_account_requests: app.config.accounts.requests,
        takes_support_requests: is_open(&app).await?,
        complaints: app.config.complaints.clone(),
        single_sign_on: app.single_sign_on.as_ref().map(|p| p.name().to_owned()),
    }))
}

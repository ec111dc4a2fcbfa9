//! `GET /api/v1/meetings/{id}/channel`: the meeting channel, a WebSocket.

use axum::Extension;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{State, WebSocketUpgrade};
use axum::response::Response;
use conclave_protocol::channel::Downstream;
use conclave_protocol::problem::Problem;

use crate::allowance::Allowance;
use crate::app::App;
use crate::channel::LONGEST_SUBMISSION;
use crate::http::present::Named;
use crate::http::problem::{BUSY, MALFORMED_REQUEST, Refusal};

/// What happens in the meeting, as far as the participant may know. The first message is the
/// client's `hello` with its credential; so the upgrade itself tells nobody whether a meeting exists.
#[utoipa::path(
    get,
    path = "/meetings/{id}/channel",
    tag = "participants",
    params(("id" = String, Path, format = Uuid)),
    responses(
        (status = 101, description = "JSON text frames: `Upstream` from the client, `Downstream` from the server", body = Downstream),
        (status = 400, body = Problem),
        (status = 404, body = Problem),
        (status = 503, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Named(meeting): Named,
    Extension(allowance): Extension<Allowance>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Refusal> {
    let upgrade = upgrade.map_err(|_| MALFORMED_REQUEST)?;
    let channels = app.channels.clone();
    let place = channels.place().ok_or(BUSY)?;
    Ok(upgrade
        .max_message_size(LONGEST_SUBMISSION)
        .max_frame_size(LONGEST_SUBMISSION)
        .on_upgrade(async move |socket| channels.talk(socket, allowance, meeting, place).await))
}

//! Joining: the upgrade to the signalling WebSocket, and the questions that precede it.

use axum::extract::rejection::QueryRejection;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use conclave_livekit::join::{JoinError, Topology};
use conclave_livekit::signal::LARGEST_FRAME;

use super::LiveKit;
use super::access::{Checked, Request};
use super::refusal::Refusal;
use super::session;
use crate::http::occasion::Occasion;

type Upgrade = Result<WebSocketUpgrade, WebSocketUpgradeRejection>;
type Parameters = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// `GET /rtc`: two peer connections, or one when a `join_request` is given.
pub(super) async fn dual(
    State(livekit): State<LiveKit>,
    occasion: Occasion,
    query: Parameters,
    headers: HeaderMap,
    upgrade: Upgrade,
) -> Response {
    join(Topology::Dual, livekit, occasion, query, &headers, upgrade).await
}

/// `GET /rtc/v1`: one peer connection.
pub(super) async fn single(
    State(livekit): State<LiveKit>,
    occasion: Occasion,
    query: Parameters,
    headers: HeaderMap,
    upgrade: Upgrade,
) -> Response {
    join(
        Topology::Single,
        livekit,
        occasion,
        query,
        &headers,
        upgrade,
    )
    .await
}

/// `GET /rtc/validate`
pub(super) async fn validate_dual(
    State(livekit): State<LiveKit>,
    occasion: Occasion,
    query: Parameters,
    headers: HeaderMap,
) -> Response {
    validate(Topology::Dual, &livekit, occasion, query, &headers).await
}

/// `GET /rtc/v1/validate`
pub(super) async fn validate_single(
    State(livekit): State<LiveKit>,
    occasion: Occasion,
    query: Parameters,
    headers: HeaderMap,
) -> Response {
    validate(Topology::Single, &livekit, occasion, query, &headers).await
}

async fn join(
    topology: Topology,
    livekit: LiveKit,
    occasion: Occasion,
    query: Parameters,
    headers: &HeaderMap,
    upgrade: Upgrade,
) -> Response {
    // Clients tell an older server by a 404 here.
    let Ok(upgrade) = upgrade else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let address = occasion.source.address;
    match checked(topology, &livekit, occasion, query, headers).await {
        // Counted as it was recorded: what any page can make a browser send uses up nothing of what people may do.
        Err(refusal) => refusal.into_response(),
        // Each join and each resume is recorded, by whoever has a ticket for it.
        Ok(_) if !livekit.app.pace.admits(address) => Refusal::TooManyRequests.into_response(),
        Ok(checked) => upgrade
            .max_message_size(LARGEST_FRAME)
            .max_frame_size(LARGEST_FRAME)
            .on_upgrade(move |socket| session::run(livekit, checked, socket)),
    }
}

/// The answer that the upgrade would have had: browsers see no status of a failed WebSocket.
async fn validate(
    topology: Topology,
    livekit: &LiveKit,
    occasion: Occasion,
    query: Parameters,
    headers: &HeaderMap,
) -> Response {
    match checked(topology, livekit, occasion, query, headers).await {
        Ok(_) => "success".into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn checked(
    topology: Topology,
    livekit: &LiveKit,
    occasion: Occasion,
    query: Parameters,
    headers: &HeaderMap,
) -> Result<Checked, Refusal> {
    let Query(query) = query.map_err(|_| Refusal::Join(JoinError::Malformed))?;
    let request = Request::read(topology, &query, headers, occasion)?;
    request.check(livekit).await
}
